import pytest

from movie_sync.errors import BadAnswer, NotAuthorised, Refused
from movie_sync.http import Http
from movie_sync.media_server_settings import Kodi as Section
from movie_sync.messages import Change
from movie_sync.services.kodi import Kodi
from tests.hearer import Hearer


def reply(heard):
    if heard.headers.get("authorization") != "Basic a29kaTpzZXNhbWU=":  # kodi:sesame
        return 401, None
    result = "pong" if heard.json["method"] == "JSONRPC.Ping" else "OK"
    return 200, {"jsonrpc": "2.0", "id": 1, "result": result}


@pytest.fixture
def hearer():
    with Hearer(reply) as server:
        yield server


@pytest.fixture
def kodi(hearer):
    http = Http("kodi", hearer.url, auth=("kodi", "sesame"), gap_s=0)
    yield Kodi(http, Section(url=hearer.url, path_map={"smb://nas/films": "/srv/films"}))
    http.close()


def test_it_scans_the_one_folder_and_cleans_all_when_a_film_is_gone(kodi, hearer):
    kodi.refresh(Change(folder="/srv/films/Film 1 (1999)", what="modified"))
    kodi.refresh(Change(folder="/srv/films/Film 1 (1999)", what="deleted"))
    scan, clean = hearer.told
    assert (scan["method"], scan["params"]) == (
        "VideoLibrary.Scan",
        {"directory": "smb://nas/films/Film 1 (1999)/", "showdialogs": False},
    )
    assert clean["method"] == "VideoLibrary.Clean"


def test_it_answers_a_ping(kodi):
    assert kodi.check() == "login accepted"


def test_a_wrong_password_is_a_refused_login(hearer):
    http = Http("kodi", hearer.url, auth=("kodi", "wrong"), gap_s=0)
    with pytest.raises(NotAuthorised):
        Kodi(http, Section()).check()
    http.close()


def test_what_it_refuses_is_told_in_its_words(kodi, hearer):
    hearer.reply = lambda heard: (200, {"jsonrpc": "2.0", "error": {"message": "Bad params."}})
    with pytest.raises(Refused, match=r"VideoLibrary\.Scan was refused: Bad params"):
        kodi.refresh(Change(folder="/a", what="created"))


def test_another_program_at_its_address_is_noticed(kodi, hearer):
    hearer.reply = lambda heard: (200, [])
    with pytest.raises(BadAnswer):
        kodi.check()
