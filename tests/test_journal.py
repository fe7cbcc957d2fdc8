import os
import stat
import threading
import time

import pytest

from movie_sync.errors import QueueError
from movie_sync.journal import AHEAD_BYTES, RESERVE_BYTES, STEP_BYTES, Journal, Record, read
from movie_sync.models import State
from tests import make
from tests.disk import Sync, files_of_at_most


def record(number):
    item = make.item(number, seq=number)
    return Record(number, [(item.id, State.PENDING, item)])


@pytest.fixture
def sync():
    return Sync()


@pytest.fixture
def journal(tmp_path, sync):
    journal = Journal(tmp_path / "queue.journal", sync)
    journal.begin(0)
    yield journal
    journal.close()


def keep(journal, *numbers):
    for number in numbers:
        journal.wait(journal.append(record(number), finishing=False))


def numbers_in(path):
    return [record.s for record in read(path)[1]]


def with_bytes(path, at, text):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(text)


def test_no_journal_is_no_record(tmp_path):
    assert read(tmp_path / "queue.journal") == (None, ())


def test_what_was_appended_is_read_again(journal):
    keep(journal, 1, 2, 3)
    header, records = read(journal.path)
    assert (header.seq, records) == (0, [record(1), record(2), record(3)])


def test_a_batch_and_a_deletion_are_one_record(journal):
    item = make.item(2, data={"note": 'a "quote"\nand a zero: \0'})
    batch = Record(1, [("film:1", None, None), (item.id, State.FAILED, item)])
    journal.wait(journal.append(batch, finishing=False))
    assert read(journal.path)[1] == [batch]


def test_only_its_owner_may_read_it(journal):
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600


def test_it_is_filled_with_zeros_ahead_of_the_writing(journal):
    size_bytes = journal.path.stat().st_size
    keep(journal, 1)
    assert journal.path.stat().st_size == size_bytes
    assert size_bytes - journal.used_bytes > AHEAD_BYTES - 1000


def test_it_grows_by_whole_steps_where_the_zeros_end(journal):
    before = journal.path.stat().st_size
    numbers = range(1, 2000)
    for number in numbers:
        ticket = journal.append(record(number), finishing=False)
    journal.wait(ticket)
    grown = journal.path.stat().st_size - before
    assert (grown > 0, grown % STEP_BYTES) == (True, 0)
    assert numbers_in(journal.path) == list(numbers)


@pytest.mark.parametrize("lost", [1, 2, 20, 100])
def test_a_line_that_was_cut_short_does_not_count(journal, lost):
    keep(journal, 1, 2)
    os.truncate(journal.path, journal.used_bytes - lost)
    assert numbers_in(journal.path) == [1]


def test_a_line_whose_end_never_reached_the_disk_does_not_count(journal):
    keep(journal, 1, 2)
    with_bytes(journal.path, journal.used_bytes - 100, bytes(100))
    assert numbers_in(journal.path) == [1]


def test_a_lost_sector_ends_the_reading(journal):
    keep(journal, 1)
    begins = journal.used_bytes
    keep(journal, 2, 3)
    with_bytes(journal.path, begins + 30, bytes(50))
    assert numbers_in(journal.path) == [1]


def test_no_flipped_bit_goes_unnoticed(journal):
    keep(journal, 1)
    begins = journal.used_bytes
    keep(journal, 2)
    whole = journal.path.read_bytes()
    for at in range(begins, journal.used_bytes):
        for bit in (1, 16, 128):
            flipped = bytes([whole[at] ^ bit])
            with_bytes(journal.path, at, flipped)
            assert numbers_in(journal.path) == [1], (at, bit)
        with_bytes(journal.path, at, whole[at : at + 1])
    assert numbers_in(journal.path) == [1, 2]


def test_bytes_left_from_an_earlier_journal_do_not_count(journal):
    keep(journal, 1, 2, 3)
    old = journal.path.read_bytes()
    journal.begin(3)
    keep(journal, 4)
    with_bytes(journal.path, journal.used_bytes, old[old.index(b"\n") + 1 : 3000])
    assert numbers_in(journal.path) == [4]


def test_rubbish_behind_a_line_is_written_over_by_the_next(journal):
    keep(journal, 1)
    with_bytes(
        journal.path, journal.used_bytes, b"0123abcd {half a line, and longer than a whole" * 20
    )
    keep(journal, 2)
    assert numbers_in(journal.path) == [1, 2]
    keep(journal, 3)
    assert numbers_in(journal.path) == [1, 2, 3]


@pytest.mark.parametrize(
    "damage", [b"", b"\0\0\0\0", b"00000000 {}\n", b"not a journal\n", b"\n\n", b"\xff\xfe"]
)
def test_a_file_that_does_not_begin_as_a_journal_is_told_and_kept(tmp_path, damage):
    path = tmp_path / "queue.journal"
    path.write_bytes(damage)
    with pytest.raises(QueueError) as caught:
        read(path)
    assert str(caught.value) == (
        f"{path} does not begin as a journal does; nothing was started; if its last changes may "
        "go, move it away: the queue files hold the rest"
    )
    assert path.read_bytes() == damage


def test_a_flipped_bit_in_the_first_line_is_told(journal):
    keep(journal, 1)
    with_bytes(journal.path, 12, b"X")
    with pytest.raises(QueueError, match="does not begin as a journal does"):
        read(journal.path)


def test_a_journal_of_a_later_version_is_told_and_kept(tmp_path, journal):
    keep(journal, 1)
    later = Record(2, [("film:1", "archived", None)])
    journal.wait(journal.append(later, finishing=False))
    with pytest.raises(QueueError, match="is whole, but of a form that this version does not know"):
        read(journal.path)


def test_a_journal_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "queue.journal").mkdir()
    with pytest.raises(QueueError, match=r"cannot be read \(Is a directory\); nothing was started"):
        read(tmp_path / "queue.journal")


def test_beginning_anew_keeps_the_records_it_is_given(journal):
    keep(journal, 1, 2, 3)
    before, _ = read(journal.path)
    journal.begin(2, [record(3)])
    keep(journal, 4)
    header, records = read(journal.path)
    assert (header.seq, [record.s for record in records]) == (2, [3, 4])
    assert header.epoch != before.epoch


def test_beginning_anew_answers_those_who_wait(journal, sync):
    ticket = journal.append(record(1), finishing=False)
    journal.begin(0, [record(1)])
    journal.wait(ticket)
    assert sync.count == 0


def test_one_sync_serves_all_who_wait(journal, sync):
    tickets = [journal.append(record(number), finishing=False) for number in range(1, 9)]
    waiting = [threading.Thread(target=journal.wait, args=(ticket,)) for ticket in tickets]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()
    assert sync.count == 1


def test_who_comes_during_a_sync_waits_for_the_next(tmp_path):
    synced, going_on, go_on = [], threading.Event(), threading.Event()

    def slow(descriptor):
        synced.append(journal.ticket)
        going_on.set()
        assert go_on.wait(60)

    journal = Journal(tmp_path / "queue.journal", slow)
    journal.begin(0)
    first = threading.Thread(
        target=journal.wait, args=(journal.append(record(1), finishing=False),)
    )
    first.start()
    assert going_on.wait(60)
    second = threading.Thread(
        target=journal.wait, args=(journal.append(record(2), finishing=False),)
    )
    second.start()
    time.sleep(0.01)
    go_on.set()
    first.join()
    second.join()
    assert synced == [1, 2]
    journal.close()


def test_after_a_failed_sync_nothing_is_promised_any_more(journal, sync):
    keep(journal, 1)
    tickets = [journal.append(record(number), finishing=False) for number in (2, 3)]
    sync.fails = 1
    for ticket in tickets:  # the second sync would succeed, and yet say nothing of the lost pages
        with pytest.raises(OSError, match="Input/output error"):
            journal.wait(ticket)
    with pytest.raises(OSError, match="Input/output error"):
        journal.append(record(4), finishing=True)
    assert sync.count == 2


def test_a_fresh_file_is_believed_again(journal, sync):
    ticket = journal.append(record(1), finishing=False)
    sync.fails = 1
    with pytest.raises(OSError, match="Input/output error"):
        journal.wait(ticket)
    journal.begin(0, [record(1)])
    journal.wait(ticket)
    keep(journal, 2)
    assert numbers_in(journal.path) == [1, 2]


def test_on_a_full_disk_what_is_under_way_may_still_finish(journal):
    with files_of_at_most(journal.path.stat().st_size):
        kept = fill(journal, finishing=False)
        room = journal.path.stat().st_size - journal.used_bytes
        assert RESERVE_BYTES - 1000 < room <= RESERVE_BYTES + 1000
        kept += fill(journal, finishing=True, begin=len(kept) + 1)
        assert journal.path.stat().st_size - journal.used_bytes < 1000
    assert numbers_in(journal.path) == kept
    assert kept == list(range(1, len(kept) + 1))


def test_when_there_is_room_again_all_goes_on(journal):
    with files_of_at_most(journal.path.stat().st_size + STEP_BYTES // 2):  # a step fits in part
        kept = fill(journal, finishing=False)
    following = len(kept) + 1
    keep(journal, following)
    assert numbers_in(journal.path) == [*kept, following]


def fill(journal, *, finishing, begin=1):
    kept = []
    for number in range(begin, begin + 5000):
        try:
            journal.append(record(number), finishing=finishing)
        except OSError:
            return kept
        kept.append(number)
    raise AssertionError("the disk is not full")


def test_when_a_new_file_cannot_be_begun_the_old_one_goes_on(journal):
    keep(journal, 1)
    with files_of_at_most(1000), pytest.raises(OSError, match="File too large"):
        journal.begin(1)
    keep(journal, 2)
    assert journal.in_place
    assert numbers_in(journal.path) == [1, 2]


def test_a_file_that_lost_its_name_is_noticed(journal):
    keep(journal, 1)
    assert journal.in_place
    journal.path.rename(journal.path.with_name("away"))
    assert not journal.in_place
    journal.path.write_bytes(b"another")
    assert not journal.in_place


def test_who_lost_the_name_and_cannot_begin_anew_writes_no_more(journal):
    keep(journal, 1)
    journal.path.unlink()
    journal.path.mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        journal.begin(1)
    with pytest.raises(OSError, match="Is a directory"):
        journal.append(record(2), finishing=True)
    journal.path.rmdir()
    journal.begin(0, [record(1)])
    keep(journal, 2)
    assert numbers_in(journal.path) == [1, 2]
