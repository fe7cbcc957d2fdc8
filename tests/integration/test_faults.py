import os
import shutil
import time
from collections import Counter

import pytest
import qbittorrentapi

from movie_sync.models import State
from movie_sync.queue_load import load
from tests.integration.fault_proxy import KINDS, FaultProxy
from tests.integration.qbittorrent import MISSING, PROGRAM, RealQBittorrent
from tests.integration.test_demo import (
    all_arrived,
    assert_each_film_is_there_once,
    log_of,
    stop,
    wait_for,
)
from tests.integration.test_with_qbittorrent import running_with, world_with

SPOILED_S = float(os.environ.get("MOVIE_SYNC_SPOILED_S", "20"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=MISSING),
]


class Through:
    """A real qBittorrent, reached by way of the proxy."""

    def __init__(self, real: RealQBittorrent, proxy: FaultProxy) -> None:
        self.url, self.username = proxy.url, real.username


def held_by(real: RealQBittorrent) -> Counter[str]:
    client = qbittorrentapi.Client(
        real.url, username=real.username, password=real.password, FORCE_SCHEME_FROM_HOST=True
    )
    names = Counter(torrent.name for torrent in client.torrents_info())
    client.auth_log_out()
    return names


@pytest.mark.parametrize("kinds", [KINDS, *((kind,) for kind in KINDS[2:])])
def test_a_torrent_client_that_answers_by_chance_costs_no_film_an_attempt(tmp_path, kinds):
    with (
        RealQBittorrent(tmp_path / "qb") as real,
        FaultProxy(int(real.url.rpartition(":")[2]), kinds) as proxy,
        world_with(Through(real, proxy), tmp_path / "world") as world,
        running_with(world, real.password) as program,
    ):
        assert wait_for(lambda: sum(proxy.spoiled.values()) >= 1)
        time.sleep(SPOILED_S)
        proxy.kinds = ("well",)
        assert wait_for(lambda: all_arrived(world), 200), log_of(world)
        assert stop(program) == 0
        assert_each_film_is_there_once(world)
        assert max(held_by(real).values()) == 1
        items, _ = load(world.home, reader=True)
        # The last film's first torrent is bad by the demo's own design.
        last = world.offered[-1].title
        attempts = {i.attempts for s in State for i in items[s].values() if i.title != last}
        assert attempts == {0}
