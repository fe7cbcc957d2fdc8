import random

import pytest

from tests.crash.disk import SECTOR, Disk
from tests.crash.recording import Action


class Told:
    """Actions one after another, each ended before the next begins."""

    def __init__(self, **held):
        self.disk, self.moment = Disk(held), 0

    def tell(self, kind, **about):
        self.moment += 1
        action = Action(kind, self.moment, self.moment, **about)
        self.disk.begin(action)
        self.disk.end(action)

    def write(self, text, at=0, file=1):
        self.tell("write", file=file, at=at, text=text)

    def states(self):
        return [*self.disk.states(random.Random(1))]

    def texts(self, name="a"):
        return {state.get(name) for state in self.states()}


@pytest.fixture
def told():
    return Told(a=b"old")


def test_what_was_synced_is_there(told):
    told.write(b"new")
    told.tell("sync", file=1)
    assert all(state == {"a": b"new"} for state in told.states())


def test_what_was_not_synced_may_be_there_in_part(told):
    told.write(b"newer")
    assert {b"old", b"newer", b"nld", b"old\0\0"} <= told.texts()


def test_writes_may_arrive_in_any_order(told):
    told.write(b"1", at=0)
    told.write(b"2", at=1)
    assert {b"old", b"1ld", b"o2d", b"12d"} <= told.texts()


def test_a_sector_may_be_missing_from_the_middle(told):
    told.write(b"x" * 3 * SECTOR)
    assert b"x" * SECTOR + bytes(SECTOR) + b"x" * SECTOR in told.texts()


def test_a_name_may_be_there_before_what_it_names(told):
    told.tell("name", becomes={"b": 2})
    told.write(b"new", file=2)
    told.tell("name", becomes={"a": 2, "b": None})
    assert {b"old", b"new", b""} <= told.texts()


def test_names_that_were_synced_stay(told):
    told.tell("name", becomes={"b": 1, "a": None})
    assert {"b": b"old"} in told.states()
    assert {"a": b"old"} in told.states()
    told.tell("sync names")
    assert all(state == {"b": b"old"} for state in told.states())


def test_after_a_failed_sync_a_second_one_promises_nothing(told):
    told.write(b"new")
    told.tell("sync", file=1, failed=True)
    told.write(b"more", at=3)
    told.tell("sync", file=1)
    assert {b"oldmore", b"newmore"} <= told.texts()


def test_a_sync_holds_only_what_had_ended_before_it_began():
    disk = Disk({"a": b"old"})
    write, sync = Action("write", 1, 4, 1, 0, b"new"), Action("sync", 2, 3, 1)
    disk.begin(write)
    disk.begin(sync)
    disk.end(sync)
    assert {"a": b"old"} in [*disk.states(random.Random(1))]


def test_old_blocks_show_where_a_file_got_longer(told):
    told.tell("name", becomes={"b": 2})
    told.write(b"one\ntwo\n", file=2)
    told.tell("sync", file=2)
    told.tell("name", becomes={"a": 2, "b": None})
    told.tell("sync names")  # now "old" is what had this name before
    told.write(bytes(6), at=8, file=2)
    assert b"one\ntwo\nold\0\0\0" in told.texts()
