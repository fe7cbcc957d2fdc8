import pytest

from movie_sync.errors import QueueError
from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.views import queue_files
from tests import make


@pytest.fixture
def home(tmp_path):
    for _ in range(2):  # so that there is an earlier file
        queue = QueueManager(tmp_path, idle_s=60, sync=lambda descriptor: None)
        queue.put_many([make.item(1)])
        queue.remove(make.item(1).id)
        queue.restore(make.item(1).id)
        queue.close()
    return tmp_path


def test_each_file_has_its_size(home):
    found = {one.name: one.size_bytes for one in queue_files.files(home)}
    assert found["queue_pending.json"] == (home / "queue_pending.json").stat().st_size
    assert set(found) == {f"queue_{state}.json" for state in State} | {"queue.journal"}


def test_a_new_home_has_none(tmp_path):
    assert queue_files.files(tmp_path) == []
    assert queue_files.earlier(tmp_path) == {}


def test_sound_files_are_said_to_be(home):
    (sentence,) = queue_files.check(home)
    assert sentence.startswith("the queue files are sound: 1 pending, 0 active")


def test_a_damaged_file_is_told_of(home):
    (home / "queue_failed.json").write_text("[{")
    with pytest.raises(QueueError, match=r"queue_failed\.json"):
        queue_files.check(home)


def test_what_one_can_go_back_to(home):
    (one,) = queue_files.earlier(home)[State.PENDING]
    assert (one.path.name, one.items) == ("queue_pending.json~", 1)
