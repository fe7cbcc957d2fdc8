import json
import logging
from datetime import date

import pytest

from movie_sync.demo.server import LoopbackServer, Reply
from movie_sync.errors import BadAnswer, NotAuthorised, NotFound, Refused, Unavailable
from movie_sync.http import Http, Pacer
from movie_sync.services import tmdb
from movie_sync.services.tmdb import Tmdb
from tests import make

SHORT_KEY = "0123456789abcdef0123456789abcdef"
LONG_KEY = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl"

LANTERN = {
    "id": 4711,
    "title": "The Lantern Keeper",
    "original_title": "등대지기",
    "original_language": "ko",
    "imdb_id": "tt0471100",
    "runtime": 118,
    "release_date": "2019-05-30",
    "release_dates": {"results": []},
    "alternative_titles": {"titles": []},
    "translations": {"translations": []},
    "external_ids": {"imdb_id": "tt0471100"},
}
HIT = {
    "id": 4711,
    "title": "The Lantern Keeper",
    "original_title": "등대지기",
    "release_date": "2019-05-30",
}
NOTHING = {"movie_results": [], "tv_results": [], "tv_episode_results": []}


class TmdbSite(LoopbackServer):
    """Answers each path with what `answers` holds for it, and 404 for others."""

    def __init__(self):
        super().__init__()
        self.answers = {"/movie/4711": LANTERN}
        self.asked = []

    def answer(self, request):
        self.asked.append(request)
        given = self.answers.get(request.path)
        if isinstance(given, Reply):
            return given
        if given is None:
            return said(404, status_code=34, status_message="It could not be found.")
        return Reply(200, json.dumps(given).encode(), "application/json")

    @property
    def paths(self):
        return [request.path for request in self.asked]


def said(status, **fields):
    headers = fields.pop("headers", {})
    body = json.dumps({"success": False} | fields).encode()
    return Reply(status, body, "application/json", headers)


def lantern(**changes):
    return make.film(title="The Lantern Keeper", year=2019, **changes)


@pytest.fixture
def site():
    with TmdbSite() as running:
        yield running


@pytest.fixture
def connect(site):
    opened = []

    def start(key=SHORT_KEY, **options):
        pacer = Pacer(lambda seconds: None)
        http = Http("tmdb", site.url, pacer=pacer, headers=tmdb.headers(key), tries=1)
        opened.append(http)
        return Tmdb(http, key, **options)

    yield start
    for http in opened:
        http.close()


@pytest.fixture
def service(connect):
    return connect()


def test_a_film_of_a_known_number_takes_one_call(site, service):
    found = service.facts(lantern(tmdb_id=4711, also_called=("Lanterns",), slug="lantern"))
    assert found == lantern(
        tmdb_id=4711,
        imdb_id="tt0471100",
        original_title="등대지기",
        original_language="ko",
        runtime_min=118,
        premiered_on=date(2019, 5, 30),
        also_called=("Lanterns",),
        slug="lantern",
    )
    assert site.paths == ["/movie/4711"]
    assert site.asked[0].query["append_to_response"] == tmdb.PARTS


def test_what_tmdb_does_not_know_stays_as_it_was(site, service):
    empty = {"original_title": "", "runtime": 0, "release_date": "", "imdb_id": ""}
    site.answers["/movie/4711"] = LANTERN | empty | {"external_ids": {"imdb_id": None}}
    known = lantern(
        tmdb_id=4711,
        imdb_id="tt0000009",
        original_title="Deungdaejigi",
        original_language="ko",
        runtime_min=117,
        premiered_on=date(2019, 1, 1),
        home_release_on=date(2019, 9, 1),
        alternative_titles=("Keeper of the Light",),
    )
    assert service.facts(known) == known


def test_a_film_is_found_by_its_imdb_id(site, service):
    site.answers["/find/tt0471100"] = NOTHING | {"movie_results": [HIT]}
    assert service.facts(lantern(imdb_id="tt0471100")).tmdb_id == 4711
    assert site.asked[0].query["external_source"] == "imdb_id"


def test_the_imdb_id_of_a_series_is_refused(site, service):
    site.answers["/find/tt0471100"] = NOTHING | {"tv_results": [{"id": 4711, "name": "Lanterns"}]}
    with pytest.raises(Refused) as caught:
        service.facts(lantern(imdb_id="tt0471100"))
    assert caught.value.message == (
        "The Lantern Keeper (2019) is a series and not a film; it is not downloaded"
    )


def test_the_imdb_id_of_an_episode_may_be_of_a_film_shown_on_tv(site, service):
    site.answers["/find/tt0471100"] = NOTHING | {"tv_episode_results": [{"id": 1}]}
    site.answers["/search/movie"] = {"results": []}
    assert service.facts(lantern(imdb_id="tt0471100")) is None


def test_without_ids_the_one_film_of_this_title_and_year_is_meant(site, service):
    others = [
        HIT | {"id": 1, "title": "The Lantern Keepers", "original_title": ""},
        HIT | {"id": 2, "release_date": "2018-12-31"},
        HIT | {"id": 3, "release_date": None},
    ]
    site.answers["/search/movie"] = {"page": 1, "results": [*others, HIT]}
    assert service.facts(lantern()).tmdb_id == 4711
    asked = site.asked[0].query
    assert (asked["query"], asked["primary_release_year"]) == ("The Lantern Keeper", "2019")


@pytest.mark.parametrize("hits", [[], [HIT, HIT | {"id": 2}], [HIT | {"title": "The Lantern"}]])
def test_none_or_two_of_a_title_and_year_are_no_answer(site, service, hits):
    site.answers["/search/movie"] = {"results": [hit | {"original_title": ""} for hit in hits]}
    assert service.facts(lantern()) is None
    assert site.paths == ["/search/movie"]


def test_a_film_found_by_its_title_must_not_have_another_imdb_id(site, service):
    site.answers |= {"/find/tt0000009": NOTHING, "/search/movie": {"results": [HIT]}}
    assert service.facts(lantern(imdb_id="tt0000009")) is None


def test_without_id_and_year_nothing_is_asked(site, service):
    assert service.facts(make.film(title="The Lantern Keeper", year=None)) is None
    assert site.asked == []


def released(*types_and_days):
    dates = [{"type": kind, "release_date": f"{day}T00:00:00.000Z"} for kind, day in types_and_days]
    return {"release_dates": {"results": [{"iso_3166_1": "KR", "release_dates": dates}]}}


@pytest.mark.parametrize(
    ("dates", "premiere", "home"),
    [
        ((), "2019-05-30", None),
        (((3, "2019-05-30"), (1, "2019-05-21")), "2019-05-21", None),
        (((3, "2019-05-30"), (5, "2019-11-02"), (4, "2019-10-11")), "2019-05-30", "2019-10-11"),
        (((6, "2019-03-01"),), "2019-03-01", "2019-03-01"),
        (((4, "soon"),), "2019-05-30", None),
        (((9, "2001-01-01"),), "2019-05-30", None),
    ],
)
def test_the_earliest_dates_of_all_countries_count(site, service, dates, premiere, home):
    site.answers["/movie/4711"] = LANTERN | released(*dates)
    found = service.facts(lantern(tmdb_id=4711))
    assert found.premiered_on == date.fromisoformat(premiere)
    assert found.home_release_on == (date.fromisoformat(home) if home else None)


def called(*alternatives, translated=()):
    return LANTERN | {
        "alternative_titles": {"titles": [{"title": title} for title in alternatives]},
        "translations": {"translations": [{"data": {"title": title}} for title in translated]},
    }


def test_titles_are_kept_in_latin_letters_and_those_of_the_original(site, service):
    site.answers["/movie/4711"] = called(
        "Deungdaejigi",
        "Смотритель маяка",
        "등대의 사람",
        "the lantern keeper",
        translated=("Der Leuchtturmwärter", "", None, "灯台守", "deungdaejigi!"),
    )
    found = service.facts(lantern(tmdb_id=4711, alternative_titles=("Keeper of the Light",)))
    assert found.alternative_titles == (
        "Keeper of the Light",
        "Deungdaejigi",
        "등대의 사람",
        "Der Leuchtturmwärter",
    )


def test_its_usual_title_there_counts_where_it_is_another(site, service):
    found = service.facts(make.film(title="Lighthouse Man", year=2019, tmdb_id=4711))
    assert (found.title, found.alternative_titles) == ("Lighthouse Man", ("The Lantern Keeper",))


def test_there_is_an_end_to_titles(site, service):
    site.answers["/movie/4711"] = called(*(f"Lantern {n} times" for n in range(100)))
    assert len(service.facts(lantern(tmdb_id=4711)).alternative_titles) == tmdb.MOST_TITLES


@pytest.mark.parametrize(("code", "language"), [("de", "de"), ("cn", "zh"), ("xx", None)])
def test_languages_are_told_by_their_usual_codes(site, service, code, language):
    site.answers["/movie/4711"] = LANTERN | {"original_language": code}
    assert service.facts(lantern(tmdb_id=4711)).original_language == language


def test_a_number_that_is_gone_is_not_asked_for_again(site, service):
    for _ in range(2):
        with pytest.raises(NotFound) as caught:
            service.facts(lantern(tmdb_id=12))
    assert caught.value.message == (
        "there is no film 12; The Lantern Keeper (2019) keeps the facts it has"
    )
    assert site.paths == ["/movie/12"]


def test_what_was_told_is_kept_for_six_hours(site, connect):
    now = [0.0]
    service = connect(monotonic=lambda: now[0])
    site.answers["/find/tt0471100"] = NOTHING | {"movie_results": [HIT]}
    for now[0] in (0.0, 1.0, tmdb.KEPT_S - 1):
        service.facts(lantern(imdb_id="tt0471100", runtime_min=int(now[0]) + 1))
    assert len(site.asked) == 2
    now[0] = tmdb.KEPT_S + 1
    service.facts(lantern(imdb_id="tt0471100"))
    assert len(site.asked) == 4


@pytest.mark.slow
def test_there_is_an_end_to_what_is_kept(site, service):
    for number in range(tmdb.MOST_KEPT + 1):
        site.answers[f"/movie/{number}"] = LANTERN | {"id": number}
    for number in (*range(1, tmdb.MOST_KEPT + 1), 1, 4711, 1):
        service.facts(lantern(tmdb_id=number))
    assert site.paths.count("/movie/1") == 2


def test_a_short_key_goes_into_the_query_and_a_long_one_into_a_header(site, connect):
    connect(SHORT_KEY).facts(lantern(tmdb_id=4711))
    connect(LONG_KEY).facts(lantern(tmdb_id=4711))
    short, long = site.asked
    assert short.query["api_key"] == SHORT_KEY
    assert "Authorization" not in short.headers
    assert "api_key" not in long.query
    assert long.headers["Authorization"] == f"Bearer {LONG_KEY}"


@pytest.mark.parametrize("key", [SHORT_KEY, LONG_KEY])
def test_a_refused_key_is_shown_once_and_never_told(site, connect, caplog, key):
    caplog.set_level(logging.DEBUG)
    site.answers["/movie/4711"] = said(401, status_code=7, status_message="Invalid API key")
    service = connect(key)
    for _ in range(2):
        with pytest.raises(NotAuthorised) as caught:
            service.facts(lantern(tmdb_id=4711))
    assert caught.value.message == (
        "the key was refused; set another by `credentials set tmdb.api_key`"
    )
    assert len(site.asked) == 1
    assert "/movie/4711 answered 401" in caplog.text
    assert key not in caplog.text


def test_a_key_can_be_checked(site, service):
    site.answers["/authentication"] = {"success": True, "status_code": 1}
    assert service.check() == "the key is accepted"


def test_a_rate_limit_is_waited_for(site, service):
    site.answers["/movie/4711"] = said(429, status_code=25, headers={"Retry-After": "7"})
    with pytest.raises(Unavailable) as caught:
        service.facts(lantern(tmdb_id=4711))
    assert caught.value.retry_after_s == 7


@pytest.mark.parametrize(
    ("path", "answer", "message"),
    [
        ("/movie/4711", {}, "Object missing required field `id`"),
        ("/movie/4711", LANTERN | {"id": "x"}, "Expected `int`, got `str` - at `$.id`"),
        ("/find/tt0471100", {}, "Object missing required field `movie_results`"),
        ("/search/movie", [], "Expected `object`, got `array`"),
    ],
)
def test_an_unknown_form_is_said_and_not_used(site, service, path, answer, message):
    site.answers = {"/find/tt0471100": NOTHING, "/search/movie": {"results": [HIT]}} | {
        path: answer
    }
    with pytest.raises(BadAnswer) as caught:
        service.facts(lantern(imdb_id="tt0471100"))
    assert caught.value.message == f"{path} has an unknown form, and none of it was used: {message}"
