import errno
import json
import logging
import os
import shutil
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest

from movie_sync.errors import QueueError
from movie_sync.journal import read
from movie_sync.models import State
from movie_sync.queue_load import load
from movie_sync.queues import QueueManager
from tests import make
from tests.disk import Sync, files_of_at_most
from tests.queue_home import NEVER_S, as_crashed, in_files, on_disk, quick_folder, states, until

ID = make.item(1).id
LATER = make.NOON + timedelta(hours=1)


def opened(folder, **changes):
    return QueueManager(folder, **({"now": lambda: make.NOON, "idle_s": NEVER_S} | changes))


def put(queue, *numbers):
    queue.put_many(make.item(number) for number in numbers)


@pytest.fixture
def home():
    with quick_folder() as folder:
        (folder / "home").mkdir()
        yield folder / "home"


def after_crash(home):
    return on_disk(as_crashed(home, home.with_name("after")))


# At rest


def test_after_a_clean_end_the_files_hold_everything_and_the_journal_nothing(home):
    queue = opened(home)
    put(queue, *range(1, 30))
    for _ in range(12):
        queue.take("film")
    queue.complete(ID)
    queue.fail(make.item(2).id, "no", LATER)
    queue.remove(make.item(3).id)
    queue.update(make.item(4).id, handle="a" * 40)
    expected = states(queue) | {make.item(number).id: State.PENDING for number in range(5, 13)}
    items = {id_: queue.get(id_)[1] for id_ in expected}
    queue.close()
    header, records = read(home / "queue.journal")
    assert (list(records), in_files(home), on_disk(home)) == ([], expected, expected)
    assert header.seq > 0
    again = opened(home)
    assert states(again) == expected
    assert again.get(make.item(2).id)[1] == items[make.item(2).id]
    again.close()


def test_the_numbers_go_on_where_they_ended(home):
    for number in (1, 2, 3):
        queue = opened(home)
        put(queue, number)
        assert [item.pos for item in queue.iter(State.PENDING)] == list(range(1, number + 1))
        assert queue.get(make.item(number).id)[1].seq == number
        queue.close()


def test_a_closed_queue_changes_nothing_more(home):
    queue = opened(home)
    put(queue, 1)
    queue.close()
    queue.close()
    with pytest.raises(QueueError) as caught:
        put(queue, 2)
    assert str(caught.value) == "the queues are closed; nothing was changed"
    assert on_disk(home) == {ID: State.PENDING}


def test_a_damaged_file_starts_nothing_and_changes_nothing(home):
    opened(home).close()
    (home / "queue_failed.json").write_bytes(b"[{]")
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    with pytest.raises(QueueError, match=r"^queue_failed\.json: line 1, column 3: "):
        opened(home)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before


def test_a_folder_that_cannot_be_written_starts_nothing(home):
    (home / "queue_pending.json.tmp").mkdir()
    with pytest.raises(QueueError) as caught:
        opened(home)
    assert str(caught.value) == f"{home} cannot be written (Is a directory); nothing was started"


def test_without_its_journal_the_files_are_enough(home):
    queue = opened(home)
    put(queue, 1, 2)
    queue.close()
    (home / "queue.journal").unlink()
    queue = opened(home)
    put(queue, 3)
    assert queue.get(make.item(3).id)[1].seq > queue.get(make.item(2).id)[1].seq
    queue.close()


def test_of_two_lines_of_one_item_the_newer_is_believed(home):
    """As an earlier program or a crash of the disk may leave them."""
    queue = opened(home)
    put(queue, 1)
    queue.close()
    pending = (home / "queue_pending.json").read_bytes()
    queue = opened(home)
    queue.complete(ID)
    queue.close()
    (home / "queue_pending.json").write_bytes(pending)
    assert on_disk(home) == {ID: State.COMPLETED}
    done = (home / "queue_completed.json").read_bytes()
    (home / "queue_failed.json").write_bytes(done)
    assert on_disk(home) == {ID: State.COMPLETED}


# What happens while a snapshot is under way


class During(Sync):
    """A sync that does something else in the middle."""

    def __init__(self):
        super().__init__()
        self.action = None

    def __call__(self, descriptor):
        action, self.action = self.action, None
        if action:
            action()
        super().__call__(descriptor)


@pytest.fixture
def during():
    return During()


@pytest.mark.parametrize("cut", [True, False])
def test_what_is_changed_during_a_snapshot_is_kept_by_the_journal(home, during, cut):
    queue = opened(home, sync=during)
    put(queue, 1, 2, 3)
    queue.take("film")
    during.action = lambda: queue.take("film")
    assert queue._store.snapshot(cut=cut)
    assert list(in_files(home).values()) == [State.PENDING, State.PENDING, State.ACTIVE]
    assert list(after_crash(home).values()) == [State.PENDING, State.ACTIVE, State.ACTIVE]
    queue.close()


def test_the_files_hold_nothing_that_the_journal_has_not_promised(home, during):
    """Else a power cut could leave half of a batch."""
    queue = opened(home, sync=during)
    put(queue, 1)
    queue._store.snapshot()
    queue.take("film")
    seen = []
    during.action = lambda: seen.append(in_files(home))
    queue._store.snapshot()
    assert seen == [{ID: State.PENDING}]
    assert in_files(home) == {ID: State.ACTIVE}
    queue.close()


def test_what_comes_during_the_end_is_kept_or_refused(home, during):
    queue = opened(home, sync=during)
    put(queue, 1, 2)
    queue.take("film")
    told = []

    def take_one_more():
        try:
            told.append(queue.take("film").id)
        except QueueError as error:
            told.append(str(error))
        during.action = take_one_more if len(told) < 5 else None

    during.action = take_one_more
    queue.close()
    assert told[-1] == "the queues are closed; nothing was changed"
    assert list(read(home / "queue.journal")[1]) == []
    assert in_files(home) == states(queue)


def test_a_fresh_journal_holds_what_the_files_lack(home, sync):
    queue = opened(home, sync=sync)
    put(queue, 1)
    queue._store.snapshot()
    queue.complete(ID)
    put(queue, 2)
    sync.fails = 1
    with pytest.raises(QueueError, match="could not be synced"):
        put(queue, 3)
    queue._store._heal()
    assert in_files(home) == {ID: State.PENDING}
    assert after_crash(home) == states(queue)
    assert len(states(queue)) == 3
    queue.close()


# Readers, while the program runs


@pytest.mark.slow
def test_a_reader_never_misses_an_item_and_no_file_is_ever_half(home):
    """Items go round through all states while two readers look, each in its own way."""
    queue = opened(home)
    put(queue, *range(40))
    queue.complete(ID)
    expected = set(states(queue))
    wrong, looks, ended = [], Counter(), threading.Event()

    def load_all():
        while not ended.is_set():
            found = set(on_disk(home, reader=True))
            wrong.extend(found ^ expected)
            looks["load"] += 1

    def parse_all():
        while not ended.is_set():
            for state in State:
                json.loads((home / f"queue_{state}.json").read_bytes())
                looks["parse"] += 1

    readers = [threading.Thread(target=look) for look in (load_all, parse_all)]
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline or (
        min(looks["load"], looks["parse"]) <= 10 and all(each.is_alive() for each in readers)
    ):
        go_round(queue)
    ended.set()
    for reader in readers:
        reader.join()
    queue.close()
    assert wrong == []
    assert min(looks["load"], looks["parse"]) > 10


def go_round(queue):
    """One item through all states but done, and one that is done away and back."""
    item = queue.take("film")
    queue.fail(item.id, "no", LATER)
    queue._store.snapshot()
    queue.remove(ID)
    queue.retry(item.id)
    queue._store.snapshot(cut=True)
    queue.remove(item.id)
    queue.restore(ID)
    queue._store.snapshot()
    queue.restore(item.id)


def test_a_reader_takes_older_files_and_a_newer_journal_for_what_they_are(home):
    """The journal says that the files hold all, and those that were just read do not."""
    queue = opened(home)
    put(queue, 1, 2)
    queue._store.snapshot()
    seen = as_crashed(home, home.with_name("seen"))
    queue.complete(ID)
    put(queue, 3)
    queue._store.snapshot()
    shutil.copy(home / "queue.journal", seen)
    assert on_disk(seen, reader=True) == states(queue)
    queue.close()


def test_a_reader_that_was_overtaken_looks_again(home):
    """Between two of its files an item moves from one still to be read to one already read."""
    queue = opened(home)
    put(queue, 1)
    queue.close()
    later = as_crashed(home, home.with_name("later"))
    queue = opened(later)
    queue.complete(ID)
    queue.close()
    pipe = home / "queue_removed.json"
    pipe.unlink()
    os.mkfifo(pipe)

    def overtake():
        with pipe.open("wb") as removed:  # opens as soon as the reader has come so far
            for file in later.glob("*.j*"):
                file.replace(home / file.name)
            removed.write(b"[]")

    overtaking = threading.Thread(target=overtake)
    overtaking.start()
    assert on_disk(home, reader=True) == {ID: State.COMPLETED}
    overtaking.join()


def test_a_reader_sees_progress_that_only_the_file_shows(home):
    queue = opened(home)
    put(queue, 1)
    queue.take("film")
    queue.update(ID, handle="a" * 40)
    queue.show_progress(ID, 0.25, "downloading")
    queue._store.snapshot()
    items, _ = load(home, reader=True)
    assert items[State.ACTIVE][ID].progress == 0.25
    queue.close()


def test_a_change_is_in_its_file_within_a_second_and_the_journal_is_kept_short(home):
    queue = opened(home, idle_s=0.01)
    put(queue, *range(1000, 1400))
    for _ in range(400):
        queue.complete(queue.take("film").id, data={"note": "x" * 1000})
    until(lambda: in_files(home) == states(queue))
    until(lambda: len((home / "queue.journal").read_bytes().rstrip(b"\0")) < 300_000)
    queue.close()


@pytest.mark.slow
def test_long_files_leave_time_for_other_work(home):
    """Nobody waits for a file: only the copying of a list happens under the lock."""
    queue = opened(home, idle_s=0.001)
    put(queue, *range(20_000))
    took_s = []
    deadline = time.monotonic() + 0.3
    while time.monotonic() < deadline or len(took_s) < 9:
        begun = time.monotonic()
        queue.complete(queue.take("film").id)
        took_s.append(time.monotonic() - begun)
    queue.close()
    assert sorted(took_s)[len(took_s) // 2] < 0.05  # a file of them all takes longer than that


# A disk that is full


def fill(queue):
    """Put items until the disk is full; returns how many there were room for."""
    for number in range(2, 10_000):
        try:
            put(queue, number)
        except QueueError:
            return number - 1
    raise AssertionError("the disk is not full")


@pytest.mark.slow
def test_on_a_full_disk_new_items_are_refused_and_running_ones_finish(home):
    queue = opened(home)
    put(queue, 1)
    queue.take("film")
    queue.update(ID, handle="a" * 40)
    with files_of_at_most(300_000):
        count = fill(queue)
        with pytest.raises(QueueError) as caught:
            put(queue, 10_000)
        assert str(caught.value) == f"the disk of {home} is full; nothing was changed"
        assert len(states(queue)) == count
        for _ in range(20):
            item = queue.take("film")
            assert queue.fail(item.id, "the disk is full", LATER)
        assert queue.complete(ID)
        assert after_crash(home) == states(queue)
    put(queue, 10_001)
    queue.close()
    assert len(in_files(home)) == count + 1


def test_files_that_cannot_be_written_are_left_as_they_were_and_caught_up_later(home, caplog):
    queue = opened(home, idle_s=0.01)
    put(queue, 1)
    until(lambda: in_files(home) == {ID: State.PENDING})
    in_the_way = home / "queue_pending.json.tmp"
    in_the_way.mkdir()
    put(queue, 2, 3)
    until(lambda: "the journal holds what they lack" in caplog.text)
    put(queue, 4)
    time.sleep(0.05)
    assert in_files(home) == {ID: State.PENDING}
    assert after_crash(home) == states(queue)
    in_the_way.rmdir()
    until(lambda: in_files(home) == states(queue))
    queue.close()
    assert caplog.text.count("the journal holds what they lack") == 1


def test_an_end_on_a_full_disk_is_told_and_loses_nothing(home):
    queue = opened(home)
    put(queue, *range(1, 900))
    expected = states(queue)
    with files_of_at_most(100_000), pytest.raises(QueueError) as caught:
        queue.close()
    assert str(caught.value) == (
        "the queue files could not be written (File too large); the journal beside "
        "them holds the last changes"
    )
    assert on_disk(home) == expected


def test_a_start_on_a_full_disk_is_told_and_loses_nothing(home):
    queue = opened(home)
    put(queue, 1)
    queue.close()
    with files_of_at_most(100_000), pytest.raises(QueueError) as caught:
        opened(home)
    assert str(caught.value) == f"{home} cannot be written (File too large); nothing was started"
    assert on_disk(home) == {ID: State.PENDING}


# A disk that fails


@pytest.fixture
def sync():
    return Sync()


def test_a_failed_sync_reaches_the_caller_and_later_work_goes_on(home, sync, caplog):
    caplog.set_level(logging.INFO)
    queue = opened(home, idle_s=0.01, sync=sync)
    put(queue, 1)
    sync.fails = 1
    with pytest.raises(QueueError) as caught:
        put(queue, 2)
    assert str(caught.value) == (
        "the queue journal could not be synced (Input/output error); the last change "
        "was made, but a power cut may undo it"
    )
    until(lambda: queue.trouble == [])
    put(queue, 3)
    assert after_crash(home) == states(queue)
    assert len(states(queue)) == 3
    until(lambda: in_files(home) == states(queue))
    assert "the queues can be written again" in caplog.text
    queue.close()


def test_until_there_is_a_fresh_journal_nothing_more_is_promised(home, sync):
    queue = opened(home, sync=sync)
    put(queue, 1)
    sync.fails = 1
    with pytest.raises(QueueError, match="could not be synced"):
        put(queue, 2)
    with pytest.raises(QueueError) as caught:
        put(queue, 3)
    assert str(caught.value) == (
        f"{home} cannot be written (Input/output error); the queues are read-only"
    )
    assert queue.trouble == [str(caught.value)]
    queue.close()  # heals, and keeps what was made
    assert in_files(home) == {ID: State.PENDING, make.item(2).id: State.PENDING}


def test_all_who_wait_for_a_sync_that_fails_are_told(home):
    """The second sync would succeed, and yet say nothing of the pages that the first one lost."""
    waiting, fail = threading.Event(), threading.Event()

    def sync(descriptor):
        if not fail.is_set():
            waiting.set()
            assert fail.wait(60)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fdatasync(descriptor)

    queue = opened(home, sync=sync)
    told = []

    def put_one(number):
        try:
            put(queue, number)
        except QueueError as error:
            told.append(str(error))

    threads = [threading.Thread(target=put_one, args=(number,)) for number in (1, 2)]
    threads[0].start()
    assert waiting.wait(60)
    threads[1].start()
    until(lambda: len(states(queue)) == 2)
    fail.set()
    for thread in threads:
        thread.join()
    assert len(told) == 2
    queue.close()
    assert len(in_files(home)) == 2


def test_while_no_fresh_journal_can_be_written_all_is_kept_in_memory(home, sync):
    queue = opened(home, idle_s=0.01, sync=sync)
    put(queue, 1)
    (home / "queue.journal.tmp").mkdir()
    sync.fails = 1
    with pytest.raises(QueueError, match="could not be synced"):
        put(queue, 2)
    time.sleep(0.05)
    with pytest.raises(QueueError, match="the queues are read-only"):
        queue.take("film")
    assert len(states(queue)) == 2
    (home / "queue.journal.tmp").rmdir()
    until(lambda: queue.trouble == [])
    assert queue.take("film").id == ID
    queue.close()
    assert len(in_files(home)) == 2


def test_a_journal_that_fails_in_writing_changes_nothing_and_heals(home, sync):
    queue = opened(home, idle_s=0.01, sync=sync)
    put(queue, 1)
    os.close(queue._store._journal._fd)
    with pytest.raises(QueueError, match=r"^the queue journal failed .*; nothing was changed$"):
        put(queue, 2)
    assert states(queue) == {ID: State.PENDING}
    queue._store._journal._fd = -1
    until(lambda: queue.trouble == [])
    put(queue, 2)
    assert len(after_crash(home)) == 2
    queue.close()
