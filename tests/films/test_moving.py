from datetime import timedelta
from types import SimpleNamespace

import pytest

from movie_sync.errors import Unavailable
from movie_sync.films.moving import Moving
from movie_sync.films.patience import Patience
from movie_sync.films.stalls import Stall
from movie_sync.models import Phase
from movie_sync.queues import QueueManager
from tests import make

HANDLE = "3fa9c1d2" * 5
RELEASE = {"indexer": "fake", "id": "7", "name": "Film.1.1999.1080p", "size_bytes": 5}


class Client:
    """Counts how often it is asked."""

    def __init__(self):
        self.asked, self.error = 0, None

    def transfers(self, handles):
        self.asked += 1
        if self.error:
            raise self.error
        loading = make.transfer(
            handle=HANDLE, phase=Phase.LOADING, progress=0.4, speed_bytes_s=2000, eta_s=90
        )
        return {HANDLE: loading}


@pytest.fixture
def queue(tmp_path):
    made = QueueManager(tmp_path)
    made.put_many([make.item(1, data={"year": 1999, "release": RELEASE})])
    made.take("film")
    made.update("film:letterboxd:1", handle=HANDLE, step="downloading")
    yield made
    made.close()


@pytest.fixture
def clock():
    return SimpleNamespace(now=0.0)


@pytest.fixture
def moving(queue, clock):
    parts = SimpleNamespace(queue=queue, client=Client(), stalled_after=timedelta(hours=24))
    made = Moving(parts, Patience(), lambda: clock.now)
    made.client, made.patience = parts.client, made._patience
    return made


def test_a_film_on_its_way_is_shown_with_speed_and_time_left(moving):
    (one,) = moving.look()
    assert (one.title, one.progress, one.speed_bytes_s, one.eta_s) == (
        "Film 1 (1999)", 0.4, 2000, 90,
    )  # fmt: skip
    assert one.release == "Film.1.1999.1080p"
    assert one.replaced_in_s is None


def test_however_many_look_the_client_is_asked_once_a_second(moving, clock):
    for _ in range(50):
        moving.look()
    assert moving.client.asked == 1
    clock.now += 1
    moving.look()
    assert moving.client.asked == 2


def test_a_client_that_does_not_answer_leaves_out_only_what_it_alone_knows(moving):
    moving.client.error = Unavailable("qbittorrent", "no answer")
    (one,) = moving.look()
    assert (one.title, one.step, one.speed_bytes_s) == ("Film 1 (1999)", "downloading", None)


def test_of_a_download_that_stalls_it_is_told_when_another_is_tried(moving):
    stall = Stall(progress=0.4, for_s=3600.0, since=make.NOON, looked_at=make.NOON, counting=True)
    moving.patience.stalls["film:letterboxd:1", HANDLE] = stall
    (one,) = moving.look()
    assert (one.stalled_s, one.replaced_in_s) == (3600.0, 23 * 3600.0)
