"""Which title is meant. Against SQLite, and against PostgreSQL where it is installed."""

import pytest

from movie_sync.history.rows import Batch, Saved
from movie_sync.history.works import place
from movie_sync.history_models import Rating, Work
from movie_sync.library.rows import Conflict
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import EpisodeFacts, Facts, Kind, SeasonFacts
from tests.history.things import DAY, IDS, LATER, NOON, episode, film, play


@pytest.fixture
def library(db):
    return LibraryStore(db)


def placed(db, *works):
    with db.write() as connection:
        return place(connection, works, NOON).places


def put(library, *, title="Mortal Engines", year=2018, kind=Kind.FILM, **ids):
    made = library.put_title(Facts(kind=kind, title=title, year=year, ids=ids), NOON)
    assert isinstance(made, int)
    return made


def test_a_title_is_known_by_any_of_its_ids_and_gets_those_it_lacks(db, library):
    owned = put(library, tmdb="428078")
    assert [at.title_id for at in placed(db, film(), film("Other", ids={"trakt": "285120"}))] == [
        owned, owned
    ]  # fmt: skip
    assert library.find_ids(Kind.FILM, {"trakt": "285120"}) == owned


def test_the_same_id_of_a_film_and_of_a_show_names_two_titles(db):
    one, two = placed(db, film(), film().__class__(kind=Kind.SHOW, title="Other", ids=IDS))
    assert one.title_id != two.title_id


def test_without_ids_the_very_name_and_year_are_meant(db, library):
    owned = put(library, tmdb="428078")
    same, other = placed(db, film("mortal engines", ids={}), film(year=1999, ids={}))
    assert same.title_id == owned
    assert other.title_id != owned
    assert placed(db, film(year=1999, ids={})) == [other]


def test_a_prefix_is_not_the_name(db):
    one, two = placed(db, film("The Witch", ids={}), film("The Witcher", ids={}))
    assert one.title_id != two.title_id


def test_of_two_titles_of_one_name_none_is_taken_and_none_is_made(db, library):
    both = {put(library, tmdb="1"), put(library, tmdb="2")}
    (clash,) = placed(db, film(ids={}))
    assert isinstance(clash, Conflict)
    assert set(clash.title_ids) == both


def test_ids_that_name_two_titles_are_a_question_and_the_play_waits(store, library):
    both = put(library, trakt="285120"), put(library, title="Other", year=2001, tmdb="428078")
    told = [play(), play("trakt:2", episode())]
    assert store.save_plays(told, NOON) == Saved(new=1, waiting=1, titles=1)
    assert store.save_plays(told, NOON) == Saved(known=1)
    (asked,) = store.questions()
    assert (asked.work, asked.title_ids, asked.plays) == (film(), both, 1)
    assert asked.sentence == (
        "tmdb 428078, trakt 285120 name more than one title: Mortal Engines (2018) and Other (2001)"
    )
    assert store.known_keys(["trakt:1"]) == {"trakt:1"}
    assert store.settle_question(asked.id, 99, LATER) is None
    assert store.settle_question(asked.id, both[1], LATER) == Saved(new=1)
    assert store.questions() == []
    assert store.save_plays([play("trakt:3", at=NOON + DAY)], LATER) == Saved(new=1)
    assert {row.title_id for row in store.plays(kind=Kind.FILM)} == {both[1]}
    assert store.counts().waiting == 0


def test_a_rating_of_a_work_that_is_in_question_is_told_of(store, library):
    put(library, trakt="285120")
    put(library, title="Other", tmdb="428078")
    saved = store.save(Batch(ratings=[Rating(work=film(), source="trakt", tenths=8)]), NOON)
    (problem,) = saved.problems
    assert problem.startswith("Mortal Engines (2018): tmdb 428078, trakt 285120 name more than")
    assert problem.endswith("its rating was not stored")


def test_an_episode_of_another_order_is_known_by_its_id(db, library):
    show = put(library, title="Parks and Recreation", year=2009, kind=Kind.SHOW, tvdb="84912")
    told = SeasonFacts(number=1, episodes=(EpisodeFacts(number=7, ids={"tvdb": "797571"}),))
    library.save_facts(show, Facts(
        kind=Kind.SHOW, title="Parks and Recreation", year=2009, ids={"tvdb": "84912"},
        seasons=(told,),
    ), NOON)  # fmt: skip
    ((known, _, _),) = library.find_episodes(show)
    one, two = placed(
        db, episode(1, 2, episode_ids={"tvdb": "797571", "trakt": "251"}), episode(1, 2)
    )
    assert one == (show, -1, known)
    assert two == one
    (three,) = placed(db, episode(9, 3, episode_ids={"trakt": "251"}))
    assert three == one


def test_an_id_of_an_episode_of_another_show_is_not_believed(db):
    other = episode(1, title="Other", ids={"trakt": "5"}, episode_ids={"trakt": "251"})
    one, two = placed(db, other, episode(1, episode_ids={"trakt": "251"}))
    assert one.episode_id != two.episode_id
    assert one.title_id != two.title_id


def test_episodes_and_seasons_that_are_not_there_are_made_once(db, library):
    told = [episode(n, season) for season in (0, 1) for n in (1, 2, 3)]
    first = placed(db, *told, *told)
    assert len({at.episode_id for at in first}) == 6
    assert placed(db, *told) == first[:6]
    assert len(library.find_episodes(first[0].title_id)) == 6
    show = Work(kind=Kind.SHOW, title="x", ids={"trakt": "4"})
    season = Work(kind=Kind.SHOW, title="x", ids={"trakt": "4"}, season=2)
    assert [at[1:] for at in placed(db, show, season)] == [(-1, 0), (2, 0)]


def test_a_show_of_viki_is_a_title_of_its_own_until_it_is_matched(db, library):
    put(library, title="My Youth", year=None, kind=Kind.SHOW, tmdb="252947")
    theirs = episode(1, title="My Youth", year=None, ids={"viki": "41302c"})
    (one,) = placed(db, theirs)
    assert library.find_ids(Kind.SHOW, {"viki": "41302c"}) == one.title_id
    assert library.find_ids(Kind.SHOW, {"tmdb": "252947"}) != one.title_id


def test_parts_of_viki_are_parts_of_one_show(db, library):
    both = [episode(1, ids={"trakt": "4", "viki": number}) for number in ("1c", "2c")]
    one, two = placed(db, *both)
    assert one == two
    assert library.find_ids(Kind.SHOW, {"viki": "2c"}) == one.title_id
    (clash,) = placed(db, episode(1, title="Other", ids={"trakt": "5", "viki": "2c"}))
    assert clash.sentence.startswith("viki 2c and trakt 5 name two titles")


def test_plays_follow_titles_that_became_one(store, library):
    store.save_plays([play("viki:1:1", episode(2, title="Theirs", ids={"viki": "1c"}))], NOON)
    theirs = store.plays()[0].title_id
    ours = put(library, title="Parks", kind=Kind.SHOW, trakt="4")
    with store.db.write() as connection:
        from movie_sync.library.merging import merge

        merge(connection, theirs, ours, NOON)
    assert store.follow_merged(NOON) == 1
    assert store.follow_merged(NOON) == 0
    (row,) = store.plays()
    assert (row.title_id, row.season, row.episode) == (ours, 1, 2)
