"""Films arrive by the real program, and a webhook and a media server hear of each once, however
often the program is killed meanwhile."""

import time
from collections import Counter

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo.world import World
from movie_sync.models import State
from movie_sync.queue_load import load
from tests.hearer import Hearer
from tests.integration.test_demo import log_of, running, stop, wait_for

pytestmark = pytest.mark.slow

KEY, SECRET_PATH = "j3llyf1nk3y4711", "/hooks/s3cr3tplace4711"
FILMS = 3


def done(world, kind):
    items, _ = load(world.home, reader=True)
    return [item for item in items[State.COMPLETED].values() if item.kind == kind]


def test_each_film_is_told_once_though_the_program_is_killed(tmp_path):
    down = [True]

    def answer(heard):
        if down[0]:
            return 503, None
        return (204, None) if heard.path.startswith("/Library") else (200, {})

    with Hearer(answer) as hook, Hearer(answer) as jellyfin:
        told = {
            "notifications": {"events": ["arrived"]},
            "jellyfin": {"url": jellyfin.url, "path_map": {"/media": str(tmp_path / "library")}},
        }
        with World(tmp_path, FILMS, more_settings=told) as world:
            vault = Credentials(world.home, {})
            vault.set("notify.webhook", hook.url + SECRET_PATH)
            vault.set("jellyfin.api_key", KEY)
            with running(world):  # and killed while both are down
                assert wait_for(lambda: len(done(world, "film")) == FILMS), log_of(world)
                assert wait_for(lambda: bool(hook.heard and jellyfin.heard)), log_of(world)
            assert done(world, "notice") == done(world, "refresh") == []
            down[0] = False
            for path in world.home.glob("breaker_*.json"):
                path.unlink()  # as if their rest were over
            hook.heard.clear(), jellyfin.heard.clear()
            with running(world):  # and killed once some were told
                assert wait_for(lambda: bool(hook.told and jellyfin.told)), log_of(world)
            with running(world) as program:
                everything = {"notice": FILMS, "refresh": FILMS}
                assert wait_for(
                    lambda: {kind: len(done(world, kind)) for kind in everything} == everything
                ), log_of(world)
                time.sleep(1)
                assert stop(program) == 0
        text = log_of(world)
        files = b"".join(path.read_bytes() for path in world.home.glob("*.json*"))

    # A kill between hearing and noting that it was heard sends it again, under the same key.
    keys = {heard.headers["idempotency-key"]: heard.json for heard in hook.heard}
    assert len(hook.heard) <= FILMS + 1
    titles = [f"{offered.title} is in the library" for offered in world.offered]
    assert sorted(notice["title"] for notice in keys.values()) == sorted(titles)
    assert {heard.headers["authorization"] for heard in jellyfin.heard} == {
        f'MediaBrowser Token="{KEY}"'
    }
    folders = Counter(update["Path"] for each in jellyfin.told for update in each["Updates"])
    assert set(folders) == {f"/media/{offered.title}" for offered in world.offered}
    assert sum(folders.values()) <= FILMS + 1
    for secret in (KEY, SECRET_PATH):
        assert secret not in text
        assert secret.encode() not in files


def test_a_media_server_that_is_set_up_wrongly_keeps_no_film_away(tmp_path):
    told = {"plex": {"url": "http://127.0.0.1:9"}}
    with World(tmp_path, 1, more_settings=told) as world, running(world) as program:
        assert wait_for(lambda: len(done(world, "film")) == 1), log_of(world)
        assert wait_for(lambda: "Plex needs its token" in log_of(world)), log_of(world)
        assert stop(program) == 0
