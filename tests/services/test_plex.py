import pytest

from movie_sync.errors import BadAnswer, Refused
from movie_sync.http import Http
from movie_sync.media_server_settings import Plex as Section
from movie_sync.messages import Change
from movie_sync.services.plex import Plex, headers
from tests.hearer import Hearer

TOKEN = "pl3xt0ken"


def section(key, kind, title, *paths):
    places = [{"id": n, "path": path} for n, path in enumerate(paths)]
    return {"key": key, "type": kind, "title": title, "Location": places}


def reply(heard):
    if heard.path != "/library/sections":
        return 200, None
    return 200, {
        "MediaContainer": {
            "size": 3,
            "Directory": [
                section("1", "movie", "Films", "/data/films", "/data/more/"),
                section("2", "show", "Shows", "/data/shows"),
                section("3", "movie", "Old films", "/data/films"),
            ],
        }
    }


@pytest.fixture
def hearer():
    with Hearer(reply) as server:
        yield server


@pytest.fixture
def plex(hearer):
    http = Http("plex", hearer.url, headers=headers(TOKEN), gap_s=0)
    yield Plex(http, Section(url=hearer.url, path_map={"/data/films": "/home/ann/Movies"}))
    http.close()


def test_the_folder_is_scanned_in_each_library_that_holds_it(plex, hearer):
    plex.refresh(Change(folder="/home/ann/Movies/Amélie (2001)", what="created"))
    assert [heard.path for heard in hearer.heard] == [
        "/library/sections",
        "/library/sections/1/refresh?path=%2Fdata%2Ffilms%2FAm%C3%A9lie+%282001%29",
        "/library/sections/3/refresh?path=%2Fdata%2Ffilms%2FAm%C3%A9lie+%282001%29",
    ]
    assert {heard.headers["x-plex-token"] for heard in hearer.heard} == {TOKEN}
    assert not [heard for heard in hearer.heard if TOKEN in heard.path]


def test_a_folder_that_no_library_holds_is_refused(plex):
    with pytest.raises(Refused, match="no library of it holds /data/filmsandmore/A; see plex"):
        plex.refresh(Change(folder="/data/filmsandmore/A", what="created"))


def test_its_libraries_of_films_are_named(plex):
    assert plex.check() == "login accepted; libraries of films: Films, Old films"


def test_an_answer_of_another_form_is_no_empty_library(plex, hearer):
    hearer.reply = lambda heard: (200, {"MediaContainer": {"Directory": [{"name": "x"}]}})
    with pytest.raises(BadAnswer, match="its libraries have an unknown form"):
        plex.check()
