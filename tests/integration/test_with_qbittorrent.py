import os
import shutil
import time

import pytest

from movie_sync.cli.context import Context
from movie_sync.cli.status import gather
from movie_sync.demo.world import World
from movie_sync.models import State
from movie_sync.queue_load import load
from tests.integration.qbittorrent import MISSING, PROGRAM, RealQBittorrent
from tests.integration.test_demo import (
    all_arrived,
    assert_each_film_is_there_once,
    log_of,
    running,
    stop,
    wait_for,
)

AWAY_S = float(os.environ.get("MOVIE_SYNC_AWAY_S", "3"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=MISSING),
]


def world_with(real: RealQBittorrent, folder, films=3, **options) -> World:
    section = {"url": real.url, "username": real.username}
    settings = {"torrent_client": "qbittorrent", "qbittorrent": section}
    return World(folder, films, more_settings=settings, **options)


def running_with(world: World, password: str):
    return running(world, MOVIE_SYNC_QBITTORRENT__PASSWORD=password)


def trouble(world: World) -> str:
    return "\n".join(gather(Context(str(world.home), None, {}))["trouble"])


def test_films_arrive_through_a_real_qbittorrent(tmp_path):
    with (
        RealQBittorrent(tmp_path / "qb") as real,
        world_with(real, tmp_path / "world") as world,
        running_with(world, real.password) as program,
    ):
        assert wait_for(lambda: all_arrived(world)), log_of(world)
        assert stop(program) == 0
        assert_each_film_is_there_once(world)
        told = [
            *world.home.glob("*.json*"),
            *world.home.glob("*.log*"),
            world.folder / "program.log",
        ]
        assert [path for path in told if real.password.encode() in path.read_bytes()] == []


def test_qbittorrent_going_away_in_the_middle_uses_up_no_attempt(tmp_path):
    with (
        RealQBittorrent(tmp_path / "qb") as real,
        world_with(real, tmp_path / "world", upload_limit_kib_s=512) as world,
        running_with(world, real.password) as program,
    ):
        assert wait_for(lambda: len(load(world.home, reader=True)[0][State.ACTIVE]) >= 2)
        real.stop()
        assert wait_for(lambda: "qbittorrent" in trouble(world))
        time.sleep(AWAY_S)
        items, _ = load(world.home, reader=True)
        # The last film's first torrent is bad by the demo's own design; nothing else failed.
        last = world.offered[-1].title
        assert [i.title for i in items[State.FAILED].values() if i.title != last] == []
        assert {i.attempts for s in State for i in items[s].values() if i.title != last} == {0}
        real.start()
        assert wait_for(lambda: all_arrived(world), 150), log_of(world)
        assert stop(program) == 0
        assert_each_film_is_there_once(world)


def test_a_wrong_password_is_tried_once_and_the_films_wait(tmp_path):
    with (
        RealQBittorrent(tmp_path / "qb", logins=2) as real,
        world_with(real, tmp_path / "world") as world,
    ):
        with running_with(world, "not this one") as program:
            assert wait_for(lambda: "login" in trouble(world)), trouble(world)
            time.sleep(3)
            items, _ = load(world.home, reader=True)
            assert len(items[State.PENDING]) == 3
            assert {item.attempts for item in items[State.PENDING].values()} == {0}
            assert stop(program) == 0
        # A second wrong try would have banned this address, even with the right password.
        with running_with(world, real.password) as program:
            assert wait_for(lambda: all_arrived(world)), log_of(world)
            assert stop(program) == 0
