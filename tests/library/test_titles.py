"""Against SQLite, and against a real PostgreSQL where it is installed."""

from datetime import date

from movie_sync.library.rows import Conflict
from movie_sync.library_models import (
    Collection,
    Credit,
    EpisodeFacts,
    Facts,
    Kind,
    SeasonFacts,
)
from movie_sync.title_keys import keys
from tests.library.things import LATER, NOON, SURE, film, found, only, put

IDS = {"tmdb": "496243", "imdb": "tt6751668"}


def show(*seasons: SeasonFacts, **facts) -> Facts:
    return Facts(kind=Kind.SHOW, title="Dark", year=2017, seasons=seasons, **facts)


def season(number: int, *episodes: int) -> SeasonFacts:
    return SeasonFacts(
        number=number,
        episodes=tuple(
            EpisodeFacts(number=n, name=f"Part {n}", aired_on=date(2017, 1, n), absolute=n)
            for n in episodes
        ),
    )


def test_a_title_is_known_by_any_of_its_ids(store):
    first = put(store, film(ids={"imdb": "tt6751668"}))
    assert put(store, film("Gisaengchung", 2018, ids=IDS)) == first
    assert store.find_ids(Kind.FILM, {"tmdb": "496243"}) == first
    assert store.find_ids(Kind.SHOW, {"tmdb": "496243"}) is None
    assert store.title(first).ids == IDS
    assert store.title(first).row.title == "Parasite"


def test_a_number_names_a_film_and_a_show_apart(store):
    a_film = put(store, film(ids={"tmdb": "70523"}))
    a_show = put(store, show(ids={"tmdb": "70523"}))
    assert a_film != a_show
    assert store.find_ids(Kind.SHOW, {"tmdb": "70523"}) == a_show


def test_ids_of_two_titles_are_a_question_and_change_nothing(store):
    one = put(store, film(ids={"tmdb": "1"}))
    two = put(store, film("Okja", 2017, ids={"imdb": "tt2"}))
    told = store.put_title(film(ids={"tmdb": "1", "imdb": "tt2", "trakt": "9"}), NOON)
    assert isinstance(told, Conflict)
    assert told.title_ids == (one, two)
    assert "Parasite (2019) and Okja (2017)" in told.sentence
    assert [store.title(each).ids for each in (one, two)] == [{"tmdb": "1"}, {"imdb": "tt2"}]


def test_two_ids_of_one_provider_do_not_go_together_unless_it_is_a_server(store):
    one = put(store, film(ids={"tmdb": "1", "imdb": "tt1", "plex": "1"}))
    told = store.put_title(film(ids={"tmdb": "2", "imdb": "tt1"}), NOON)
    assert told == Conflict((one,), "tmdb 1 and tmdb 2 cannot both be it")
    assert put(store, film(ids={"tmdb": "1", "plex": "2"})) == one
    assert store.find_ids(Kind.FILM, {"plex": "2"}) == one


def test_a_title_that_is_only_a_name_is_one_for_all_that_say_so(store):
    one = put(store, film())
    assert put(store, film("PARASITE")) == one
    assert put(store, film(year=1982)) != one
    assert put(store, film(year=None)) != one
    assert put(store, film(ids=IDS)) == one
    assert put(store, film(ids={"tmdb": "7"})) != one


def test_titles_are_found_by_any_name_and_a_year_about(store):
    one = put(store, film("Été 85", 2020, original_title="Summer of 85", ids=IDS))
    put(store, film("Ete 85", 1985))
    (found_, other) = store.find_keys(Kind.FILM, keys("ete 85"))
    assert (found_.title_id, found_.strict, found_.ids) == (one, True, IDS)
    assert other.ids == {}
    (only_,) = store.find_keys(None, keys("Summer of '85"), 2021)
    assert only_.title_id == one
    assert store.find_keys(Kind.SHOW, keys("ete 85")) == []


def test_the_index_finds_by_names_and_ids(store):
    one = put(store, film(other_titles=("Gisaengchung",), ids=IDS))
    put(store, film("Parasite", 1982))
    index = store.index(Kind.FILM)
    assert index.find(["Gisaengchung"], 2019) == one
    assert index.find(["?"], None, ids=[496243]) == one
    assert index.find(["Parasite"], 2019) == one


def test_facts_take_the_place_of_those_before(store):
    title_id = put(store, film())
    collection = Collection(tmdb_id=5, name="Bong")
    cast = (Credit(person_tmdb_id=1, name="Song Kang-ho", role="Kim", order=1),)
    crew = (Credit(person_tmdb_id=2, name="Bong", role="Director", department="Directing"),)
    told = film(
        ids=IDS, overview="They move in.", genres=("Drama",), countries=("KR",), rating=8.5,
        premiered_on=date(2019, 5, 30), collection=collection, cast=cast, crew=crew,
    )  # fmt: skip
    assert store.waiting_facts(0, 5) == []
    assert store.waiting_ids(0, 5) == [(title_id, film().title)]
    assert store.save_facts(title_id, told, NOON) is None
    assert store.save_facts(title_id, told, NOON) is None
    page = store.title(title_id)
    assert (page.overview, page.countries, page.collection) == (
        "They move in.",
        ("KR",),
        collection,
    )
    assert [credit.name for credit in page.cast + page.crew] == ["Song Kang-ho", "Bong"]
    assert (page.row.genres, page.row.rating, page.ids) == (("Drama",), 8.5, IDS)
    assert store.waiting_facts(0, 5) == store.waiting_ids(0, 5, LATER) == []
    assert store.waiting_facts(0, 5, LATER) == [(title_id, told.title)]
    store.save_facts(title_id, film("Gisaengchung", overview=None), LATER)
    page = store.title(title_id)
    assert (page.row.title, page.overview, page.cast, page.ids) == ("Gisaengchung", None, (), IDS)
    assert store.find_keys(Kind.FILM, keys("Parasite")) == []


def test_episodes_are_made_as_files_need_them_and_told_of_later(store):
    title_id = put(store, show())
    made = store.episode_ids(title_id, 1, (3, 1))
    assert store.episode_ids(title_id, 1, (1, 3)) == made[::-1]
    store.save_facts(title_id, show(season(1, 1, 2, 3), season(0, 1)), NOON)
    assert store.episode_ids(title_id, 1, (3, 1)) == made
    page = store.title(title_id)
    assert [one.number for one in page.seasons] == [0, 1]
    assert [one.name for one in page.seasons[1].episodes] == ["Part 1", "Part 2", "Part 3"]
    assert store.find_episodes(title_id, aired_on=date(2017, 1, 3)) == [(made[0], 1, 3)]
    assert store.find_episodes(title_id, season=1, absolute=(3,)) == [(made[0], 1, 3)]


def test_an_episode_that_is_told_of_no_more_stays_where_a_file_holds_it(store):
    title_id = put(store, show())
    store.save_facts(title_id, show(season(1, 1, 2, 3)), NOON)
    held = store.episode_ids(title_id, 1, (2,))
    store.save_found("shows", [found("Dark (2017)")], NOON)
    store.assign(only(store), title_id, held, SURE, NOON)
    store.save_facts(title_id, show(season(1, 1)), LATER)
    (one,) = store.title(title_id).seasons
    assert [(each.number, each.files) for each in one.episodes] == [(1, 0), (2, 1)]


def test_a_file_of_two_episodes_counts_once_as_a_file_and_twice_as_episodes(store):
    title_id = put(store, show(season(1, 1, 2)))
    store.save_found("shows", [found("Dark (2017)")], NOON)
    both = store.episode_ids(title_id, 1, (1, 2))
    store.assign(only(store), title_id, both, SURE, NOON)
    row = store.title(title_id).row
    assert (row.files, row.episodes_owned) == (1, 2)
    assert store.counts().episodes == 2
    assert store.file(only(store)).episode_ids == both
