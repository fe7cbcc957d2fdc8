import logging

import pytest

from movie_sync.demo import tmdb_site
from movie_sync.demo.tmdb_site import LONG_KEY, SHORT_KEY, TmdbSite
from movie_sync.demo.tmdb_titles import MadeFilm, MadeShow
from movie_sync.errors import BadAnswer, NotAuthorised, NotFound, Unavailable
from movie_sync.http import Http
from movie_sync.rates import Rate
from movie_sync.services import tmdb_api
from movie_sync.services import tmdb_questions as questions
from movie_sync.services.tmdb_api import TmdbApi

LANTERN = MadeFilm(id=4711, title="The Lantern Keeper", day="2019-05-30")
HARBOUR = MadeShow(id=77, title="Quiet Harbour", day="2020-01-10", seasons={0: 2, 1: 6, 2: 8})


@pytest.fixture
def site():
    with TmdbSite([LANTERN, HARBOUR]) as running:
        yield running


@pytest.fixture
def slept():
    return []


@pytest.fixture
def connect(site, slept):
    opened = []

    def start(key=SHORT_KEY, **options):
        now = [0.0]

        def sleep(seconds):
            slept.append(seconds)
            now[0] += seconds

        rate = Rate(1000, 1.0, sleep=sleep, monotonic=lambda: now[0])
        http = Http("tmdb", site.url, pacer=rate, gap_s=0, headers=tmdb_api.headers(key), tries=1)
        opened.append(http)
        return TmdbApi(http, key, rate)

    yield start
    for http in opened:
        http.close()


@pytest.fixture
def api(connect):
    return connect()


@pytest.mark.parametrize("key", [SHORT_KEY, LONG_KEY])
def test_either_key_is_accepted_and_neither_is_told(connect, caplog, key):
    caplog.set_level(logging.DEBUG)
    api = connect(key)
    assert api.check() == "the key is accepted"
    assert api.ask(questions.movie(4711)).title == "The Lantern Keeper"
    assert key not in caplog.text


@pytest.mark.parametrize("key", ["f" * 32, "eyJ.no.key"])
def test_a_refused_key_is_shown_once(site, connect, caplog, key):
    caplog.set_level(logging.DEBUG)
    api = connect(key)
    for _ in range(3):
        with pytest.raises(NotAuthorised) as caught:
            api.ask(questions.movie(4711))
    assert caught.value.message == (
        "the key was refused; set another by `credentials set tmdb.api_key`"
    )
    assert len(site.requests) == 1
    assert key not in caplog.text + str(caught.value)


def test_what_is_not_there_is_said(api):
    with pytest.raises(NotFound) as caught:
        api.ask(questions.movie(12))
    assert str(caught.value) == "tmdb: there is no film 12"


def test_a_404_of_something_before_tmdb_says_nothing_of_the_film(site, api):
    site.trouble = tmdb_site.PROXY_404
    with pytest.raises(BadAnswer, match="answered 404 in a form that is not its own"):
        api.ask(questions.movie(4711))


def test_a_language_is_asked_for_where_it_matters(site, api):
    api.ask(questions.movie(4711), "de-DE")
    api.ask(questions.movie_titles(4711), "de-DE")
    assert "language=de-DE" in site.requests[0]
    assert "language" not in site.requests[1]


def test_who_is_told_to_slow_down_waits_as_long_as_tmdb_says(site, api, slept):
    site.troubles.extend([tmdb_site.slow_down(7), tmdb_site.slow_down()])
    assert api.ask(questions.movie(4711)).id == 4711
    assert slept == [7.0, tmdb_api.SHORTEST_WAIT_S]


def test_a_long_pause_is_left_to_the_caller_and_holds_for_all(site, api, slept):
    site.troubles.append(tmdb_site.slow_down(120))
    with pytest.raises(Unavailable) as caught:
        api.ask(questions.movie(4711))
    assert caught.value.retry_after_s == 120
    with pytest.raises(Unavailable, match="asked us to slow down"):
        api.ask(questions.show(77))
    assert len(site.requests) == 1
    assert slept == []


def test_there_is_an_end_to_waiting(site, api):
    site.trouble = tmdb_site.slow_down(1)
    with pytest.raises(Unavailable):
        api.ask(questions.movie(4711))
    assert len(site.requests) == tmdb_api.TURNS


def test_an_outage_is_an_outage(site, api):
    site.trouble = tmdb_site.MAINTENANCE
    with pytest.raises(Unavailable, match="answered 503"):
        api.ask(questions.movie(4711))


def test_seasons_come_many_at_a_time_and_the_one_that_is_not_there_is_said(site, api):
    found = api.seasons(77, [0, 1, 2, 3])
    assert {number: one and len(one.episodes) for number, one in found.items()} == {
        0: 2, 1: 6, 2: 8, 3: None,
    }  # fmt: skip
    assert len(site.requests) == 1


def test_a_season_in_a_form_unknown_is_not_a_season_that_is_not_there(site, api):
    site.trouble = tmdb_site.reply({"id": 77, "name": "Quiet Harbour", "season/1": {"id": 1}})
    with pytest.raises(BadAnswer, match=r"/tv/77/season/1 has an unknown form"):
        api.seasons(77, [1])
    site.trouble = tmdb_site.reply({})
    with pytest.raises(BadAnswer, match=r"/tv/77 has an unknown form"):
        api.seasons(77, [1])


def test_a_season_may_be_told_of_as_not_there(site, api):
    gone = {"success": False, "status_code": 34, "status_message": "..."}
    site.trouble = tmdb_site.reply({"id": 77, "name": "Quiet Harbour", "season/1": gone})
    assert api.seasons(77, [1]) == {1: None}


@pytest.mark.parametrize("numbers", [[], range(21)])
def test_more_parts_than_tmdb_takes_are_not_asked_for(api, numbers):
    with pytest.raises(ValueError, match="seasons in one call"):
        api.seasons(77, numbers)


def test_at_most_twenty_calls_start_in_a_second():
    now, starts = [0.0], []

    def sleep(seconds):
        now[0] += seconds

    rate = tmdb_api.rate(sleep=sleep, monotonic=lambda: now[0])
    for _ in range(60):
        rate.wait("api.themoviedb.org", 0)
        starts.append(now[0])
    most = max(sum(at <= other <= at + 1.0 for other in starts) for at in starts)
    assert most == tmdb_api.PER_S == 20
