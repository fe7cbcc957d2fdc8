"""What Viki shows, and what it is taken for. Against SQLite, and PostgreSQL where it is there."""

import pytest

from movie_sync.errors import FilesError
from movie_sync.history.match_models import Mapping, State, Stretch
from movie_sync.history.matching import Standing, chosen, taken_away
from movie_sync.history.rows import Batch
from movie_sync.history.viki_rows import VikiNews
from movie_sync.history.viki_watching import Glance, Viewing, play_key
from movie_sync.history_models import Progress
from movie_sync.library.rows import Conflict
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Kind
from movie_sync.services.viki_shapes import Container, Video
from tests.history.things import DAY, LATER, NOON, episode, film, play

SHOW = Container(id="90001c", type="series", titles={"en": "Taxi Driver 2"})
SEEN = Viewing(furthest_s=3800, furthest_at=NOON, duration_s=3900, plays=1, watched_at=NOON)
BEGUN = Viewing(furthest_s=60, furthest_at=NOON, duration_s=3900)
FACTS = Facts(kind=Kind.SHOW, title="Taxi Driver", year=2021, ids={"trakt": "7", "tmdb": "8"})
SECOND = Mapping((Stretch(season=2),))
AUTO = Standing(state=State.AUTO, ids=FACTS.ids, mapping=SECOND, confidence=0.97, sentence="same")


def theirs(number):
    return episode(number, title="Taxi Driver 2", year=None, ids={"viki": "90001c"})


def news(**facts):
    videos = [Video(id=f"{n}v", container_id="90001c", type="episode", number=n) for n in (1, 2, 3)]
    return VikiNews(**{
        "containers": [SHOW], "videos": videos, "read": ["90001c"],
        "viewings": {"1v": ("90001c", SEEN), "2v": ("90001c", BEGUN)},
        "glances": {"90001c": Glance("2v", "yesterday")},
        "batch": Batch(
            plays=[play(play_key("1v", 1), theirs(1))],
            progress=[Progress(work=theirs(2), source="viki", at=NOON, position_s=60,
                               duration_s=3900)],
            marks=[("viki", "updated_till", "1768474054")],
        ),
    } | facts)  # fmt: skip


def test_what_viki_tells_is_stored_with_its_plays_and_its_mark(store):
    assert store.save_viki(news(), NOON).new == 1
    (row,) = store.unmatched()
    assert (row.container, row.state, row.read_at) == (SHOW, "new", NOON)
    assert (row.watched, row.begun) == (1, 1)
    assert [(one.id, one.number, one.viewing.plays) for one in store.videos("90001c")] == [
        ("1v", 1, 1), ("2v", 2, 0), ("3v", 3, 0)
    ]  # fmt: skip
    assert store.viewings(["1v", "9v"]) == {"1v": SEEN}
    assert store.glances() == {"90001c": Glance("2v", "yesterday")}
    assert store.mark("viki", "updated_till") == "1768474054"
    assert store.save_viki(news(), LATER).new == 0
    assert store.container("90001c").listed_at == NOON


def test_a_mark_is_never_ahead_of_what_was_read(store):
    bad = Batch(plays=[play("viki:1v:1", told_id=object())], marks=[("viki", "updated_till", "9")])
    with pytest.raises(FilesError, match="nothing was stored"):
        store.save_viki(news(batch=bad), NOON)
    assert store.mark("viki", "updated_till") is None
    assert (store.glances(), store.unmatched()) == ({}, [])


def test_a_list_of_videos_does_not_forget_how_far_they_were_seen(store):
    store.save_viki(news(), NOON)
    store.save_viki(news(viewings={}), LATER)
    assert store.viewings(["1v"]) == {"1v": SEEN}


def test_a_marker_of_a_show_that_is_not_known_yet_is_kept(store):
    told = VikiNews(viewings={"5v": ("7c", SEEN)})
    store.save_viki(told, NOON)
    assert store.container("7c").container == Container(id="7c")
    store.save_viki(VikiNews(containers=[Container(id="7c", titles={"en": "Now"})]), LATER)
    (video,) = store.videos("7c")
    assert (store.container("7c").container.title, video.video) == ("Now", None)


def test_what_a_person_said_is_never_overwritten_and_all_that_was_said_is_kept(store):
    store.save_viki(news(), NOON)
    assert store.due_matches(NOON)[0].container == SHOW
    assert store.save_match("90001c", AUTO, NOON)
    by_hand = chosen({"trakt": "9"}, Mapping(), "a person said so")
    assert store.save_match("90001c", by_hand, LATER, by_hand=True)
    assert not store.save_match("90001c", AUTO, LATER)
    assert store.standing("90001c") == by_hand
    assert store.save_match("90001c", taken_away(by_hand, "trakt:9"), LATER, by_hand=True)
    assert [(one.state, one.made_by) for one in store.matches("90001c")] == [
        (State.REVIEW, "hand"), (State.MANUAL, "hand"), (State.AUTO, "auto")
    ]  # fmt: skip
    assert store.matches("90001c")[2].mapping == SECOND
    assert store.standing("90001c").cleared
    assert not store.save_match("nowhere", AUTO, NOON)


def test_what_nothing_is_like_is_asked_again_in_its_time(store):
    store.save_viki(news(), NOON)
    store.save_match("90001c", Standing(state=State.NONE, tries=1, retry_at=NOON + DAY), NOON)
    assert store.due_matches(LATER) == []
    assert len(store.due_matches(NOON + DAY)) == 1
    assert len(store.unmatched()) == store.counts().unmatched == 1
    assert store.containers([State.AUTO]) == []


def matched(store, facts=FACTS):
    store.save_viki(news(), NOON)
    store.save_match("90001c", AUTO, NOON)
    return store.adopt("90001c", facts, LATER)


def test_a_show_of_viki_becomes_the_season_that_it_is(store, db):
    title_id = matched(store)
    (row,) = store.plays()
    assert (row.title_id, row.season, row.episode) == (title_id, 2, 1)
    assert [(one.season, one.episode) for one in store.in_progress()] == [(2, 2)]
    assert LibraryStore(db).find_ids(Kind.SHOW, FACTS.ids) == title_id
    assert (store.container("90001c").title_id, store.unmatched()) == (title_id, [])
    assert store.adopt("90001c", FACTS, LATER) == title_id
    assert store.plays() == [row]


def test_a_show_of_viki_becomes_part_of_the_one_that_is_owned(store, db):
    library = LibraryStore(db)
    owned = library.put_title(FACTS, NOON)
    assert matched(store) == owned
    (row,) = store.plays()
    assert (row.title_id, row.title, row.season) == (owned, "Taxi Driver", 2)
    assert library.find_ids(Kind.SHOW, {"viki": "90001c"}) == owned
    assert [one.title_id for one in store.in_progress()] == [owned]


def test_a_play_that_trakt_told_too_is_one_with_that_of_viki(store):
    at_trakt = episode(1, 2, title="Taxi Driver", year=2021, ids={"trakt": "7"})
    store.save_plays([play("trakt:1", at_trakt)], NOON)
    matched(store)
    (row,) = store.plays()
    assert {one.source for one in store.tellings([row.id])[row.id]} == {"trakt", "viki"}


def test_ids_that_clash_move_nothing(store, db):
    library = LibraryStore(db)
    for facts in (Facts(kind=Kind.SHOW, title="A", ids={"trakt": "7"}), Facts(
            kind=Kind.SHOW, title="B", ids={"tmdb": "8"})):  # fmt: skip
        library.put_title(facts, NOON)
    assert isinstance(matched(store), Conflict)
    assert [row.title for row in store.plays()] == ["Taxi Driver 2"]
    assert store.adopt("nowhere", FACTS, NOON) is None


def test_a_container_that_is_a_film_becomes_that_film(store):
    facts = Facts(kind=Kind.FILM, title="Mortal Engines", year=2018, ids=film().ids)
    matched(store, facts)
    (row,) = store.plays()
    assert (row.kind, row.title, row.episode) == (Kind.FILM, "Mortal Engines", None)
