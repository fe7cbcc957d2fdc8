import pytest

from movie_sync.errors import BadAnswer, NotAuthorised
from movie_sync.http import Http
from movie_sync.media_server_settings import Jellyfin as Section
from movie_sync.messages import Change
from movie_sync.services.jellyfin import Jellyfin, headers
from tests.hearer import Hearer

KEY = "j3llyf1nkey"


def reply(heard):
    if heard.headers.get("authorization") != f'MediaBrowser Token="{KEY}"':
        return 401, None
    return (204, None) if heard.method == "POST" else (200, {"Version": "12.0.1"})


@pytest.fixture
def hearer():
    with Hearer(reply) as server:
        yield server


def client(hearer, key):
    http = Http("jellyfin", hearer.url, headers=headers(key), gap_s=0)
    return http, Jellyfin(http, Section(url=hearer.url, path_map={"/media": "/srv/films/"}))


def test_it_is_told_which_folder_changed_and_how(hearer):
    http, jellyfin = client(hearer, KEY)
    jellyfin.refresh(Change(folder="/srv/films/Film 1 (1999)", what="created"))
    jellyfin.refresh(Change(folder="/elsewhere/Film 2", what="deleted"))
    http.close()
    assert [(heard.path, heard.json) for heard in hearer.heard] == [
        (
            "/Library/Media/Updated",
            {"Updates": [{"Path": "/media/Film 1 (1999)", "UpdateType": "Created"}]},
        ),
        (
            "/Library/Media/Updated",
            {"Updates": [{"Path": "/elsewhere/Film 2", "UpdateType": "Deleted"}]},
        ),
    ]
    assert hearer.heard[0].headers["x-emby-token"] == KEY  # Emby knows this one


def test_its_version_shows_that_the_key_is_right(hearer):
    http, jellyfin = client(hearer, KEY)
    assert jellyfin.check() == "login accepted; version 12.0.1"
    hearer.reply = lambda heard: (200, {})
    with pytest.raises(BadAnswer, match="is this its address"):
        jellyfin.check()
    http.close()


def test_a_wrong_key_is_a_refused_login(hearer):
    http, jellyfin = client(hearer, "wrong")
    with pytest.raises(NotAuthorised):
        jellyfin.refresh(Change(folder="/srv/films/A", what="created"))
    http.close()
