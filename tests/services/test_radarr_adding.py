import json

import pytest

from movie_sync.demo.server import LoopbackServer, Reply
from movie_sync.errors import BadAnswer, ConfigError, NotAuthorised, Unavailable
from movie_sync.giving import Given, Outcome
from movie_sync.http import Http, Pacer
from movie_sync.radarr_settings import Radarr as Section
from movie_sync.services.arr import headers
from movie_sync.services.radarr_adding import Found, RadarrAdding
from tests import make
from tests.services import arr_document

KEY = "0123456789abcdef0123456789abcdef"
HEAT = make.film(title="Heat", year=1995, tmdb_id=949, imdb_id="tt0113277")
JSON = "application/json"
PROFILES = [{"id": 4, "name": "HD-1080p"}, {"id": 5, "name": "Any"}]


class RadarrSite(LoopbackServer):
    """Takes films as Radarr 5 does."""

    def __init__(self):
        super().__init__()
        self.films = {949: "tt0113277", 680: "tt0110912"}  # TMDB numbers that exist
        self.movies, self.asked, self.trouble, self.tags = [], [], None, []

    def answer(self, request):
        self.asked.append(request)
        if request.headers.get("X-Api-Key") != KEY:
            return Reply(401)
        body = json.loads(request.body or b"{}")
        ways = {
            "GET /system/status": lambda: said({"appName": "Radarr", "version": "5.11.0.9244"}),
            "GET /rootfolder": lambda: said([{"id": 1, "path": "/movies"}]),
            "GET /qualityprofile": lambda: said(PROFILES),
            "GET /tag": lambda: said(self.tags),
            "POST /tag": lambda: self.tagged(body["label"]),
            "GET /movie/lookup": lambda: said(list(self.found(request.query["term"]))),
            "POST /movie": lambda: self.trouble or self.added(body),
        }
        return ways[f"{request.method} {request.path.removeprefix('/api/v3')}"]()

    def tagged(self, label):
        self.tags.append({"id": len(self.tags) + 1, "label": label})
        return said(self.tags[-1], 201)

    def found(self, term):
        for tmdb_id, imdb_id in self.films.items():
            if term in (f"tmdb:{tmdb_id}", f"imdb:{imdb_id}"):
                there = [n for n, each in enumerate(self.movies, 1) if each["tmdbId"] == tmdb_id]
                number = {"id": there[0]} if there else {}
                yield {"tmdbId": tmdb_id, "imdbId": imdb_id, "title": "Heat", **number}

    def added(self, body):
        if body["tmdbId"] not in self.films:
            return complaint("TmdbId", "", "A movie with this ID was not found.")
        if any(each["tmdbId"] == body["tmdbId"] for each in self.movies):
            exists = "This movie has already been added"
            return complaint("TmdbId", "MovieExistsValidator", exists)
        self.movies.append(body)
        return said({**body, "id": len(self.movies)}, 201)


def said(value, status=200):
    return Reply(status, json.dumps(value).encode(), JSON)


def complaint(about, code, words):
    value = {"propertyName": about, "errorMessage": words}
    return said([value | ({"errorCode": code} if code else {})], 400)


@pytest.fixture
def site(request):
    with RadarrSite() as site:
        yield site
    if arr_document.is_held(arr_document.RADARR, request.config):
        assert arr_document.problems(arr_document.RADARR, site.asked) == []


@pytest.fixture
def open_at():
    opened = []

    def open_at(url, key=KEY, **changes):
        sent = headers(key)
        http = Http("radarr", url, pacer=Pacer(lambda s: None), headers=sent, tries=1)
        section = Section(**({"quality_profile": "any"} | changes))
        opened.append(RadarrAdding(http, section))
        return opened[-1]

    yield open_at
    for each in opened:
        each.close()


def test_a_film_is_added_as_the_settings_say(open_at, site):
    radarr = open_at(site.url, tags=("From Movie Sync",), search_on_add=False)
    assert radarr.add(HEAT) == Given(Outcome.ADDED, 1)
    (body,) = site.movies
    assert body == {
        "title": "Heat", "year": 1995, "tmdbId": 949, "qualityProfileId": 5, "tags": [1],
        "rootFolderPath": "/movies", "monitored": True, "minimumAvailability": "released",
        "addOptions": {"monitor": "movieOnly", "searchForMovie": False},
    }  # fmt: skip
    assert site.tags == [{"id": 1, "label": "from-movie-sync"}]
    assert not [each for each in site.asked if "lookup" in each.path]


def test_a_film_of_which_only_the_imdb_id_is_known_is_looked_up(open_at, site):
    radarr = open_at(site.url)
    film = make.film(imdb_id="tt0110912")
    assert radarr.lookup(film) == Found(680, "Heat")
    assert radarr.add(film).outcome is Outcome.ADDED
    assert radarr.lookup(film) == Found(680, "Heat", 1)
    assert radarr.add(film) == Given(Outcome.EXISTS, 1)


def test_a_film_that_is_there_is_not_an_error(open_at, site):
    radarr = open_at(site.url)
    radarr.add(HEAT)
    assert radarr.add(HEAT).outcome is Outcome.EXISTS
    assert len(site.movies) == 1


@pytest.mark.parametrize("ids", [{}, {"imdb_id": "tt7"}, {"tmdb_id": 7}])
def test_a_film_that_nobody_there_knows_is_told(open_at, site, ids):
    assert open_at(site.url).add(make.film(**ids)).outcome is Outcome.UNKNOWN


def test_a_folder_of_another_film_is_a_conflict(open_at, site):
    site.trouble = complaint("Path", "MoviePathValidator", "Path is already configured")
    given = open_at(site.url).add(HEAT)
    assert (given.outcome, given.sentence) == (Outcome.CONFLICT, "Path is already configured")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quality_profile": "UHD"}, r'no quality profile "UHD".* are HD-1080p, Any'),
        ({"quality_profile": ""}, "needs quality_profile, for it has several"),
        ({"root_folder": "/films"}, r'no root folder "/films".* are /movies'),
    ],
)
def test_a_setting_that_names_nothing_is_told_with_what_there_is(open_at, site, changes, told):
    with pytest.raises(ConfigError, match=told):
        open_at(site.url, **changes).check()


def test_the_check_says_where_films_go(open_at, site):
    assert open_at(site.url).check() == "Radarr 5.11.0.9244 answers; films go to /movies"


@pytest.mark.parametrize(
    ("trouble", "error", "told"),
    [
        (complaint("RootFolderPath", "X", "It is gone."), ConfigError, r"set radarr\.root_folder"),
        (said({"errors": {"$.tags": ["no list"]}}, 400), ConfigError, "tags: no list"),
        (Reply(503, b'{"errorMessage": "Radarr is starting up"}'), Unavailable, "starting up"),
        (Reply(502, b"<html>"), Unavailable, "502"),
        (Reply(200, b"<html>"), BadAnswer, "a web page"),
    ],
)
def test_what_says_nothing_of_the_film_is_an_error(open_at, site, trouble, error, told):
    site.trouble = trouble
    with pytest.raises(error, match=told):
        open_at(site.url).add(HEAT)


def test_a_wrong_key_says_where_the_right_one_goes(open_at, site):
    with pytest.raises(NotAuthorised, match=r"credentials set radarr\.api_key"):
        open_at(site.url, "x" * 32).add(HEAT)
