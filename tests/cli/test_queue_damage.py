import json
import os

import pytest

from movie_sync import queue_files
from movie_sync.errors import Busy, QueueError
from movie_sync.instance import owned
from movie_sync.models import State
from movie_sync.queues import QueueManager
from tests import make
from tests.cli import call
from tests.queue_home import NEVER_S, as_crashed, on_disk, until

PENDING = "queue_pending.json"


@pytest.fixture
def home(tmp_path):
    """One that was used twice: two films wait, and the file before knows only the first."""
    for number in (1, 2):
        queue = QueueManager(tmp_path, idle_s=NEVER_S)
        queue.put_many([make.item(number)])
        queue.close()
    previous = queue_files.array([queue_files.encode(make.item(1, seq=1, pos=1))])
    (tmp_path / (PENDING + "~")).write_bytes(b"".join(previous))
    return tmp_path


def told(home, *words):
    shown = call(home, "queue", *words)
    assert shown.exit_code == 0, shown.exception
    return shown.stdout.splitlines()


def refused(home, *words):
    error = call(home, "queue", *words).exception
    assert error is not None
    return error


DAMAGES = {
    "cut short": lambda text: text[:-20],
    "empty": lambda text: b"",
    "zeros": lambda text: bytes(len(text)),
    "zeros at the end": lambda text: text[:100] + bytes(len(text) - 100),
    "not UTF-8": lambda text: text.replace(b"Film", b"Fil\xe9"),
    "another form": lambda text: b'{"films": []}',
    "of a newer version": lambda text: text.replace(b'"kind"', b'"mood":"sad","kind"'),
    "twice the same": lambda text: text.replace(b"letterboxd:2", b"letterboxd:1"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("state", State)
def test_no_damage_of_any_file_is_started_on_or_written_over(tmp_path, state, damage):
    lines = [queue_files.encode(make.item(number, seq=number)) for number in (1, 2)]
    text = damage(b"".join(queue_files.array(lines)))
    (tmp_path / f"queue_{state}.json").write_bytes(text)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(QueueError) as caught:
        QueueManager(tmp_path)
    sentence = str(caught.value)
    assert sentence.startswith(f"queue_{state}.json: ")
    assert sentence.endswith("; nothing was started and nothing changed; mend it")
    assert str(refused(tmp_path, "check")) == sentence
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_sound_files_are_told_by_their_counts(home):
    assert told(home, "check") == [
        "the queue files are sound: 2 pending, 0 active, 0 failed, 0 completed, 0 removed; "
        "2 changes so far"
    ]


def test_what_nobody_will_ever_work_on_is_told(home):
    items = json.loads((home / PENDING).read_bytes())
    items[1]["kind"] = "flim"
    (home / PENDING).write_text(json.dumps(items))
    (home / "queue_waiting.json").write_text("[]")
    assert told(home, "check")[1:] == [
        "queue_pending.json: film:letterboxd:2 is of the kind 'flim', which this version does not "
        "know; it stays as it is; films are of the kind 'film'",
        "queue_waiting.json is no queue of this version; it was not read",
    ]


def test_what_there_is_to_go_back_to_is_shown_and_nothing_changed(home):
    invalid = home / f"{PENDING}.invalid-20260105T120000"
    invalid.write_bytes(b"[{]")
    for path, moment in ((invalid, 2000), (home / (PENDING + "~"), 1000)):
        os.utime(path, (moment, moment))
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    shown = told(home, "restore-file", "pending")
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before
    assert [line.partition(" ")[0] for line in shown[:2]] == [invalid.name, PENDING + "~"]
    assert shown[0].endswith(
        "  line 1, column 3: Expecting property name enclosed in double quotes"
    )
    assert shown[1].endswith("  1 item")
    assert shown[2:] == [
        'nothing was changed; go back to one with "queue restore-file pending FILE"'
    ]


def test_where_there_is_nothing_to_go_back_to_that_is_told(tmp_path):
    assert told(tmp_path, "restore-file", "failed") == [
        f"there is nothing to go back to beside {tmp_path / 'queue_failed.json'}"
    ]


def test_going_back_keeps_what_stood_there(home):
    (home / PENDING).write_bytes(b"[{")
    (sentence,) = told(home, "restore-file", "pending", PENDING + "~")
    (kept,) = home.glob("*.damaged-*")
    assert kept.read_bytes() == b"[{"
    assert sentence == (
        f"queue_pending.json is queue_pending.json~ again, with 1 item; what stood there is kept "
        f"as {kept.name}"
    )
    assert on_disk(home) == {make.item(1).id: State.PENDING}
    assert (home / (PENDING + "~")).exists()
    told(home, "check")


def test_going_back_brings_back_a_file_that_is_gone(home):
    (home / PENDING).unlink()
    assert told(home, "restore-file", "pending", PENDING + "~") == [
        "queue_pending.json is queue_pending.json~ again, with 1 item"
    ]


def test_going_back_after_a_crash_keeps_what_the_journal_knows(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    queue = QueueManager(home, idle_s=0.02)
    queue.put_many([make.item(1)])
    until(lambda: (home / PENDING).stat().st_size > 10)
    queue.put_many([make.item(2)])
    until(lambda: len(json.loads((home / PENDING).read_bytes())) == 2)
    crashed = as_crashed(home, tmp_path / "crashed")
    queue.close()
    (crashed / PENDING).write_bytes(bytes(300))
    (sentence,) = told(crashed, "restore-file", "pending", PENDING + "~")
    assert "with 2 items; " in sentence
    assert set(on_disk(crashed).values()) == {State.PENDING}
    assert len(on_disk(crashed)) == 2


def test_going_back_in_two_damaged_files_takes_one_after_the_other(home):
    (home / PENDING).write_bytes(b"")
    (home / "queue_failed.json").write_bytes(b"")
    (home / "queue_failed.json~").write_bytes(b"[]")
    assert "with 1 item; " in told(home, "restore-file", "pending", PENDING + "~")[0]
    assert "with 0 items; " in told(home, "restore-file", "failed", "queue_failed.json~")[0]
    assert on_disk(home) == {make.item(1).id: State.PENDING}


@pytest.mark.parametrize("name", ["queue_failed.json~", "daemon.lock", "queue_pending.json", "x"])
def test_only_a_generation_of_that_file_can_be_gone_back_to(home, name):
    (home / "daemon.lock").touch()
    assert str(refused(home, "restore-file", "pending", name)) == (
        f"there is no {name} of queue_pending.json; nothing was changed"
    )


def test_what_is_damaged_itself_is_not_gone_back_to(home):
    (home / (PENDING + "~")).write_bytes(bytes(9))
    assert str(refused(home, "restore-file", "pending", PENDING + "~")) == (
        "queue_pending.json~: it holds nothing but zeros, as after a power cut; nothing was "
        "changed; mend it, or take another"
    )


def test_nobody_goes_back_under_a_program_that_runs(home):
    with owned(home):
        before = (home / PENDING).read_bytes()
        error = refused(home, "restore-file", "pending", PENDING + "~")
    assert isinstance(error, Busy)
    assert (home / PENDING).read_bytes() == before
    assert list(home.glob("*.damaged-*")) == []
