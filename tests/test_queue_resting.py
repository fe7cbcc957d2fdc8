import msgspec
import pytest
from msgspec.structs import replace

from movie_sync import queue_files
from movie_sync.models import Item, State
from movie_sync.queue_resting import Resting
from movie_sync.queues import QueueManager
from tests import make

DATA = {"year": 1999, "release": {"indexer": "filelist", "size_bytes": 8 << 30}, "tags": ["a", "é"]}
ITEM = make.item(1, seq=4, pos=2, data=DATA, completed_at=make.NOON)


def test_to_all_others_it_is_an_item():
    resting = Resting.of(ITEM)
    assert (resting, resting.data, resting.title) == (ITEM, DATA, ITEM.title)
    assert ITEM == resting  # noqa: SIM300 - whichever is asked
    assert resting != replace(ITEM, data={})
    assert isinstance(resting, Item)


def test_it_is_written_as_any_other():
    assert queue_files.encode(Resting.of(ITEM)) == queue_files.encode(ITEM)
    assert msgspec.to_builtins(msgspec.json.decode(queue_files.encode(Resting.of(ITEM))))["data"]


def test_what_is_changed_of_it_is_changed_and_the_rest_stays():
    resting = Resting.of(ITEM)
    assert replace(resting, priority=3) == replace(ITEM, priority=3)
    assert replace(resting, data={"year": 2001}).data == {"year": 2001}
    assert Resting.of(replace(resting, data={"year": 2001})) == replace(ITEM, data={"year": 2001})


def test_to_change_what_it_gave_away_changes_nothing():
    resting = Resting.of(ITEM)
    resting.data["year"] = 2001
    assert resting.data == DATA


def test_no_data_are_no_line_in_the_file():
    bare = make.item(1, data={})
    assert Resting.of(bare) is bare


@pytest.mark.parametrize("text", [b"[\n%b\n]\n", b"[%b]"])
def test_what_is_read_from_a_file_rests(text):
    (found,) = queue_files.parse(text % queue_files.encode(ITEM))
    assert (type(found), found) == (Resting, ITEM)


def test_what_is_done_rests_and_what_is_under_way_does_not(tmp_path):
    queue = QueueManager(tmp_path)
    queue.put_many([make.item(1, data=DATA)])
    taken = queue.take("film")
    assert type(taken) is Item
    done = queue.complete(taken.id)
    assert (type(done), done.data) == (Resting, DATA)
    again = queue.reopen(taken.id)
    assert again.data["year"] == 1999
    assert queue.get(taken.id) == (State.PENDING, again)
    queue.close()
