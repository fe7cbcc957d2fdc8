import json

import pytest
from msgspec.structs import replace

from movie_sync import queue_files
from movie_sync.models import State
from movie_sync.queue_edits import Merge, mark_of
from movie_sync.queue_folder import QueueFolder
from tests import make
from tests.queue_home import save

ONE, TWO = make.item(1, seq=1, pos=1), make.item(2, seq=2, pos=2)
MINE = json.dumps([json.loads(queue_files.encode(ONE)) | {"priority": 5}]).encode()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "queue_pending.json"


@pytest.fixture
def files(tmp_path):
    files = QueueFolder(tmp_path)
    for state in State:
        assert files.write(state, [ONE] if state is State.PENDING else [])
    return files


def edited(files, *, patient=False):
    return {state: edit.items for state, edit in files.edits(patient=patient).items()}


def test_what_we_wrote_is_no_edit(files):
    assert edited(files) == {}
    files.write(State.PENDING, [ONE, TWO])
    assert edited(files) == {}


def test_a_file_that_was_saved_is_not_written_over(files, path):
    save(path, MINE)
    assert files.write(State.PENDING, [TWO]) is False
    assert path.read_bytes() == MINE
    assert edited(files) == {State.PENDING: [replace(ONE, priority=5)]}


def test_a_file_saved_in_the_moment_of_replacing_is_put_back(files, path):
    def items():
        yield TWO
        save(path, MINE)

    assert files.write(State.PENDING, items()) is False
    assert path.read_bytes() == MINE
    assert edited(files) == {State.PENDING: [replace(ONE, priority=5)]}
    assert files.written[State.PENDING] == {ONE.id: mark_of(ONE)}


def test_a_link_to_a_file_saved_in_the_moment_of_replacing_stays_one(tmp_path):
    real, path = tmp_path / "real.json", tmp_path / "queue_pending.json"
    real.write_bytes(b"[]")
    path.symlink_to(real)
    files = QueueFolder(tmp_path)
    files.write(State.PENDING, [ONE])

    def items():
        yield TWO
        save(real, MINE)

    assert files.write(State.PENDING, items()) is False
    assert (path.is_symlink(), real.read_bytes()) == (True, MINE)


def test_a_file_that_was_taken_away_is_written_again_and_not_found_in_its_forerunner(files, path):
    files.write(State.PENDING, [ONE, TWO])
    path.unlink()
    assert (edited(files), files.lost()) == ({}, {State.PENDING})
    assert files.write(State.PENDING, [TWO]) is True
    assert (edited(files), files.lost()) == ({}, set())


def test_what_cannot_be_read_is_looked_at_twice(files, path):
    save(path, b"[")
    assert (edited(files, patient=True), files.lost()) == ({}, set())
    assert files.write(State.PENDING, [ONE]) is False
    save(path, b"[{")  # it is still being written
    assert (edited(files, patient=True), files.lost()) == ({}, set())
    assert (edited(files, patient=True), files.lost()) == ({}, {State.PENDING})
    assert files.write(State.PENDING, [ONE]) is True
    assert [aside.read_bytes() for aside in path.parent.glob("*.invalid-*")] == [b"[{"]
    assert files.lost() == set()


def test_after_a_merge_only_what_is_new_in_the_next_saving_counts(files, path):
    save(path, MINE)
    edit = files.edits(patient=True)[State.PENDING]
    now = replace(ONE, priority=5, seq=3)
    merged = Merge({ONE.id: (ONE.id, State.PENDING, now)})
    files.settle(State.PENDING, edit, {ONE.id: (State.PENDING, now)}, merged)
    assert edited(files) == {}
    assert files.taken == {(ONE.id, 1): 3}
    assert files.written[State.PENDING] == {
        ONE.id: replace_seq(mark_of(replace(ONE, priority=5)), 3),
    }


def replace_seq(written, seq):
    return type(written)(seq, written.mark)


def test_a_write_that_failed_leaves_no_edit_behind(files, path, tmp_path):
    def items():
        yield ONE
        raise OSError("the disk broke")

    with pytest.raises(OSError, match="the disk broke"):
        files.write(State.PENDING, items())
    assert edited(files) == {}
    assert files.write(State.PENDING, [TWO]) is True


def test_what_a_person_saves_while_a_write_fails_is_an_edit(files, path):
    def items():
        yield ONE
        save(path, b"[]")
        raise OSError("the disk broke")

    with pytest.raises(OSError, match="the disk broke"):
        files.write(State.PENDING, items())
    assert State.PENDING in files.edits(patient=False)


def test_a_file_that_was_put_in_its_place_before_the_failure_is_no_edit(files, path, monkeypatch):
    files.write(State.PENDING, [ONE])

    def fails(folder):
        raise OSError("the disk broke")

    monkeypatch.setattr("movie_sync.atomic.sync_folder", fails)
    with pytest.raises(OSError, match="the disk broke"):
        files.write(State.PENDING, [TWO])
    assert edited(files) == {}


def test_a_note_is_shown_for_as_long_as_the_edit_is_kept(files, path):
    save(path, b"[")
    files.edits(patient=False)
    (aside,) = path.parent.glob("*.invalid-*")
    assert files.notes() == [
        "your edit of queue_pending.json was not taken over: line 1, column 2: Expecting value; "
        f"it is kept as {aside.name}"
    ]
    aside.unlink()
    assert files.notes() == []
