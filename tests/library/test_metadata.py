import logging
import threading
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from movie_sync.breaker import Breaker
from movie_sync.demo import tmdb_site
from movie_sync.demo.tmdb_site import SHORT_KEY, TmdbSite
from movie_sync.demo.tmdb_titles import MadeFilm, MadeShow
from movie_sync.errors import FilesError, NotAuthorised, NotFound, Unavailable
from movie_sync.http import Http
from movie_sync.library.metadata import Metadata
from movie_sync.library.metadata_answers import SERVED_LATE, Answers
from movie_sync.library.metadata_cache import MetadataCache
from movie_sync.library_models import Collection, Kind
from movie_sync.metadata_tables import tmdb_cache
from movie_sync.rates import Rate
from movie_sync.services import tmdb_questions as questions
from movie_sync.services.tmdb_api import TmdbApi
from tests.make import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LANTERN = MadeFilm(
    id=4711,
    title="The Lantern Keeper",
    original_title="Deungdaejigi",
    language="ko",
    day="2019-05-30",
    overview="A keeper.",
    imdb_id="tt0471100",
    words={"de-DE": ("Der Leuchtturmwärter", "Ein Wärter.", "")},
    others=(("US", "Lighthouse Man"),),
    cast=((501, "Ann Lee", "Keeper"),),
    crew=((502, "Kim Roe", "Director"),),
    collection=(9, "Lanterns"),
)
NAMESAKE = MadeFilm(id=4712, title="The Lantern Keeper", day="1954-01-01", votes=5)
HARBOUR = MadeShow(
    id=77,
    title="Quiet Harbour",
    day="2020-01-10",
    imdb_id="tt0000077",
    tvdb_id=88,
    seasons=dict.fromkeys(range(46), 3),
    episode_ids={"tt0000078": (1, 2)},
    cast=((501, "Ann Lee", "Mayor"),),
)


class Clock:
    now = NOON


@pytest.fixture
def site():
    with TmdbSite([LANTERN, NAMESAKE, HARBOUR]) as running:
        yield running


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def open_metadata(site, db, clock):
    opened = []

    def start(language="en-US", key=SHORT_KEY, cache=None, **options):
        rate = Rate(1000, 1.0, sleep=lambda seconds: None)
        http = Http("tmdb", site.url, pacer=rate, gap_s=0, tries=1)
        opened.append(http)
        api = TmdbApi(http, key)
        cache = cache or MetadataCache(db)
        return Metadata(Answers(api, cache, language, clock=lambda: clock.now, **options))

    yield start
    for http in opened:
        http.close()


@pytest.fixture
def metadata(open_metadata):
    return open_metadata()


def keys(db):
    with db.read() as connection:
        return set(connection.execute(select(tmdb_cache.c.cache_key)).scalars())


def test_a_film_is_asked_for_once_a_day(metadata, site, clock):
    first = metadata.film(4711)
    clock.now += DAY - HOUR
    assert metadata.film(4711) == first
    assert (first.title, first.year, first.told_at, first.late) == (
        "The Lantern Keeper", 2019, NOON, None,
    )  # fmt: skip
    assert first.ids == {"tmdb": "4711", "imdb": "tt0471100"}
    assert first.other_titles == ("Lighthouse Man", "Der Leuchtturmwärter")
    assert first.collection == Collection(tmdb_id=9, name="Lanterns")
    assert [(one.name, one.role) for one in (*first.cast, *first.crew)] == [
        ("Ann Lee", "Keeper"), ("Kim Roe", "Director"),
    ]  # fmt: skip
    assert len(site.requests) == 1
    clock.now += HOUR
    assert metadata.film(4711).told_at == clock.now
    assert len(site.requests) == 2


def test_another_program_on_the_database_asks_for_nothing_again(open_metadata, site):
    open_metadata().film(4711)
    assert open_metadata().film(4711).title == "The Lantern Keeper"
    assert len(site.requests) == 1


def test_what_is_kept_is_what_is_read_and_holds_no_key(metadata, db, site):
    metadata.film(4711)
    with db.read() as connection:
        ((key, value),) = connection.execute(
            select(tmdb_cache.c.cache_key, tmdb_cache.c.cache_value)
        )
    assert key == "movie:4711"
    assert msgspec.json.decode(value)["title"] == "The Lantern Keeper"
    assert "budget" not in value
    assert SHORT_KEY not in key + value


def test_languages_do_not_overwrite_each_other(open_metadata, db):
    english, german = open_metadata(), open_metadata("de-DE")
    assert english.film(4711).title == "The Lantern Keeper"
    assert german.film(4711).title == "Der Leuchtturmwärter"
    assert keys(db) == {"movie:4711", "movie:4711:de-DE"}


def test_a_text_that_is_not_translated_is_told_in_english(open_metadata):
    assert open_metadata("fr-FR").film(4711).overview == "A keeper."


def test_what_is_not_there_is_not_asked_for_again_for_a_day(metadata, site, clock):
    for _ in range(3):
        with pytest.raises(NotFound, match="there is no film 12"):
            metadata.film(12)
    assert len(site.requests) == 1
    clock.now += DAY
    site.put(MadeFilm(id=12, title="Twelve", day=""))
    assert metadata.film(12).title == "Twelve"


@pytest.mark.parametrize(
    "trouble", [tmdb_site.MAINTENANCE, tmdb_site.slow_down(60), tmdb_site.PROXY_404]
)
def test_while_tmdb_is_away_what_it_told_serves_and_says_how_old_it_is(
    metadata, site, clock, trouble
):
    metadata.film(4711)
    clock.now += DAY + 2 * HOUR
    site.trouble = trouble
    found = metadata.film(4711)
    assert (found.title, found.told_at) == ("The Lantern Keeper", NOON)
    assert found.late
    assert found.late.startswith("told 26 h ago, for now tmdb: ")
    site.trouble = None
    assert metadata.film(4711).late is None


def test_while_tmdb_is_away_there_is_no_answer_of_what_was_never_told(metadata, site):
    site.trouble = tmdb_site.MAINTENANCE
    with pytest.raises(Unavailable, match="answered 503"):
        metadata.film(4711)
    site.trouble = None
    assert metadata.film(4711).title == "The Lantern Keeper"


def test_a_refused_key_is_said_though_something_is_kept(open_metadata, site, clock):
    open_metadata().film(4711)
    clock.now += 2 * DAY
    with pytest.raises(NotAuthorised, match="the key was refused"):
        open_metadata(key="f" * 32).film(4711)


def test_while_tmdb_rests_nobody_knocks(open_metadata, site, clock):
    metadata = open_metadata(breaker=Breaker(None, "tmdb"))
    metadata.film(4711)
    clock.now += 2 * DAY
    site.trouble = tmdb_site.MAINTENANCE
    for _ in range(5):
        assert metadata.film(4711).late
    assert len(site.requests) == 2


def test_a_person_who_wants_to_know_now_knocks_all_the_same(open_metadata, site):
    breaker = Breaker(None, "tmdb")
    site.troubles.append(tmdb_site.MAINTENANCE)
    with pytest.raises(Unavailable):
        open_metadata(breaker=breaker).film(4711)
    with pytest.raises(Unavailable):
        open_metadata(breaker=breaker).film(4711)
    assert len(site.requests) == 1
    assert open_metadata(breaker=breaker, at_once=True).film(4711).year == 2019


def test_what_is_kept_in_a_form_unknown_is_asked_for_again(metadata, db, site):
    MetadataCache(db).write({"movie:4711": '{"id": "old"}'}, NOON, DAY)
    assert metadata.film(4711).title == "The Lantern Keeper"
    assert len(site.requests) == 1


def test_many_askers_of_one_film_make_one_request(metadata, site):
    site.slow_s = 0.2
    found = []
    threads = [threading.Thread(target=lambda: found.append(metadata.film(4711))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(str, found))) == 1
    assert len(site.requests) == 1


class FullDisk:
    """A cache on it."""

    def read(self, keys):
        return {}

    def write(self, values, now, lasts):
        raise FilesError("library.db: the disk is full; nothing was stored")


def test_an_answer_that_cannot_be_kept_is_an_answer(open_metadata, caplog):
    caplog.set_level(logging.WARNING)
    assert open_metadata(cache=FullDisk()).film(4711).title == "The Lantern Keeper"
    assert caplog.messages == [
        "what TMDB told is used and not kept: library.db: the disk is full; nothing was stored"
    ]


def test_seasons_come_twenty_at_a_time_and_each_is_kept_on_its_own(metadata, site, db):
    found = metadata.show(77, range(46))
    assert [season.number for season in found.seasons] == list(range(46))
    assert len(found.seasons[3].episodes) == 3
    assert len(site.requests) == 1 + 3
    assert {"tv:77", "tv:77:season:0", "tv:77:season:45"} <= keys(db)
    assert metadata.season(77, 45) == found.seasons[45]
    assert len(site.requests) == 1 + 3


def test_all_seasons_can_be_asked_for_without_knowing_them(metadata, site):
    assert len(metadata.show(77, "all").seasons) == 46


def test_a_season_that_is_not_there_is_left_out_and_not_asked_for_again(metadata, site):
    for _ in range(2):
        assert [one.number for one in metadata.show(77, [1, 99]).seasons] == [1]
    assert len(site.requests) == 2
    with pytest.raises(NotFound):
        metadata.season(77, 99)


def test_seasons_that_are_kept_serve_while_tmdb_is_away(metadata, site, clock):
    metadata.show(77, [1, 2])
    clock.now += 2 * DAY
    site.trouble = tmdb_site.MAINTENANCE
    found = metadata.show(77, [1, 2])
    assert len(found.seasons) == 2
    assert found.late
    with pytest.raises(Unavailable):
        metadata.show(77, [1, 3])


def test_a_show_without_seasons_asked_for_has_none(metadata):
    found = metadata.show(77)
    assert (found.kind, found.ids["tvdb"], found.seasons) == (Kind.SHOW, "88", ())
    assert (found.runtime_min, found.cast[0].role) == (45, "Mayor")


def numbers(found):
    return [one.tmdb_id for one in found]


def test_a_search_names_those_of_the_very_year_alone_where_one_has_the_name(metadata, site):
    assert numbers(metadata.search(Kind.FILM, "The lantern keeper", 1954)) == [4712]
    assert numbers(metadata.search(Kind.FILM, "Lantern Keeper")) == [4711, 4712]
    assert len(site.requests) == 2


def test_where_none_is_of_that_year_all_of_the_name_are_suggested(metadata, site):
    found = metadata.search(Kind.FILM, "The Lantern Keeper", 2020)
    assert [(one.tmdb_id, one.year) for one in found] == [(4711, 2019), (4712, 1954)]
    assert all(one.other_titles == () for one in found)
    assert len(site.requests) == 2


def test_where_none_has_the_name_the_other_titles_of_the_first_are_told(metadata):
    (found,) = metadata.search(Kind.FILM, "Lighthouse Man", 2019)
    assert found.titles == (
        "The Lantern Keeper", "Deungdaejigi", "Lighthouse Man", "Der Leuchtturmwärter",
    )  # fmt: skip


def test_a_person_who_looks_at_a_list_needs_no_other_titles(metadata, site):
    (found,) = metadata.search(Kind.FILM, "Lighthouse Man", other_titles=False)
    assert found.other_titles == ()
    assert len(site.requests) == 1


def test_films_and_shows_can_be_searched_for_together(metadata):
    found = metadata.search(None, "harbour", 2020)
    assert [(one.kind, one.tmdb_id) for one in found] == [(Kind.SHOW, 77)]


@pytest.mark.parametrize("title", ["", "  ", "\n"])
def test_nothing_is_not_searched_for(metadata, site, title):
    assert metadata.search(Kind.FILM, title) == []
    assert site.requests == []


def test_searches_are_kept_for_an_hour_however_they_are_written(metadata, site, clock):
    metadata.search(Kind.SHOW, "Quiet Harbour")
    clock.now += HOUR / 2
    metadata.search(Kind.SHOW, " quiet  HARBOUR ")
    assert len(site.requests) == 1
    clock.now += HOUR / 2
    metadata.search(Kind.SHOW, "quiet harbour")
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("provider", "id_", "kind", "expected"),
    [
        ("imdb", "tt0471100", None, (Kind.FILM, 4711)),
        ("imdb", "tt0000077", None, (Kind.SHOW, 77)),
        ("imdb", "tt0471100", Kind.SHOW, None),
        ("tvdb", "88", Kind.SHOW, (Kind.SHOW, 77)),
        ("imdb", "tt9999999", None, None),
        ("imdb", "tt0000078", None, None),
        ("letterboxd", "240344", None, None),
        ("imdb", "", None, None),
    ],
)
def test_ids_of_others_lead_to_a_title(metadata, provider, id_, kind, expected):
    assert metadata.find(provider, id_, kind) == expected


def test_the_id_of_an_episode_leads_to_it(metadata):
    assert metadata.find_episode("imdb", "tt0000078") == (77, 1, 2)
    assert metadata.find_episode("imdb", "tt0000077") is None


def test_an_id_of_a_film_and_a_show_says_neither(metadata, site):
    site.put(MadeFilm(id=5, title="Five", day="", imdb_id="tt0000077"))
    assert metadata.find("imdb", "tt0000077") is None
    assert metadata.find("imdb", "tt0000077", Kind.FILM) == (Kind.FILM, 5)


def test_people_collections_and_what_is_trending(metadata, db):
    assert metadata.person(501).name == "Ann Lee"
    assert {one.character for one in metadata.filmography(501).cast} == {"Keeper", "Mayor"}
    assert [one.id for one in metadata.collection(9).parts] == [4711]
    assert numbers(metadata.trending(Kind.FILM)) == [4711, 4712]
    assert numbers(metadata.trending(Kind.SHOW)) == [77]
    assert keys(db) == {
        "person:501", "person:501:credits", "collection:9", "trending:movie", "trending:tv",
    }  # fmt: skip


def test_what_expired_is_forgotten_when_it_would_serve_no_more(metadata, db, clock):
    metadata.film(4711)
    assert metadata.tidy(clock.now + DAY + SERVED_LATE - HOUR) == 0
    assert metadata.tidy(clock.now + DAY + SERVED_LATE) == 1
    assert keys(db) == set()


def test_every_endpoint_can_be_asked_through_the_cache(metadata, site):
    told = metadata.answers.answer(questions.movie_credits(4711))
    assert [one.name for one in told.value.cast] == ["Ann Lee"]
    assert metadata.answers.answer(questions.configuration()).value.images.poster_sizes
    assert metadata.answers.answer(questions.movie_credits(4711)) == told
    assert len(site.requests) == 2
