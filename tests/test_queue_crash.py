import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from movie_sync.models import State
from movie_sync.queue_load import load
from tests.queue_home import in_files, on_disk

TOP = Path(__file__).parent.parent
ENDLESS = 10**9

# Where an item may stand in the end: what was told last, or what a step begun after that led to.
NEXT = {
    State.PENDING: {State.PENDING, State.ACTIVE, State.COMPLETED, State.FAILED, State.REMOVED},
    State.ACTIVE: {State.ACTIVE, State.COMPLETED},
    State.FAILED: {State.FAILED, State.PENDING},
    State.COMPLETED: {State.COMPLETED},
    State.REMOVED: {State.REMOVED, State.PENDING},
}


def work(home, seed, *, lines, before=()):
    """Let a process work until it has told us so much, then kill it; returns all it told."""
    command = [*before, sys.executable, "-m", "tests.queue_worker", str(home), str(seed)]
    with subprocess.Popen(
        [*command, str(ENDLESS)], cwd=TOP, stdout=subprocess.PIPE, text=True
    ) as process:
        told = [process.stdout.readline() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        return [*told, *process.stdout.read().splitlines()]


def told_states(told):
    words = [line.split() for line in told if line.startswith("film:") and line.count(" ") == 1]
    return {id_: State(state) for id_, state in words}


def missing(told, found):
    return {id_: state for id_, state in told.items() if found.get(id_) not in NEXT[state]}


@pytest.mark.slow
def test_nothing_that_was_promised_is_lost_or_doubled_by_kill_9(tmp_path):
    """A dozen lives, each killed at a random moment and gone on with by the next."""
    promised = {}
    random.seed(9)
    for seed in range(12):
        told = work(tmp_path, seed, lines=random.randrange(2, 600))
        promised |= told_states(told)
        assert missing(promised, on_disk(tmp_path)) == {}
        assert missing(promised, on_disk(tmp_path, reader=True)) == {}
        items, _ = load(tmp_path)
        ids = [id_ for state in State for id_ in items[state]]
        assert len(ids) == len(set(ids))
    assert len(promised) > 500


@pytest.mark.slow
def test_a_killed_process_leaves_whole_files_and_no_litter(tmp_path):
    for seed in range(4):
        work(tmp_path, seed, lines=100 + seed)
        assert set(in_files(tmp_path)) <= set(on_disk(tmp_path))
    run(tmp_path, seed=5, most=1)
    assert list(tmp_path.glob("*.tmp")) == []


def run(home, *, seed, most, before=()):
    """A life to its end; returns what it told."""
    command = [*before, sys.executable, "-m", "tests.queue_worker", str(home), str(seed), str(most)]
    ended = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


# A disk that fails, as the kernel reports it


def strace(*inject):
    """A prefix that makes the kernel fail these calls: `fdatasync:error=EIO:when=5`."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed: a failing disk was not tested")
    options = [part for one in inject for part in ("-e", f"inject={one}")]
    return ["strace", "-f", "-qq", "-o", "/dev/null", *options]


@pytest.mark.slow
@pytest.mark.parametrize(
    "inject",
    [
        "fdatasync:error=EIO:when=7",
        "fdatasync:error=EIO:when=7+9",
        "fsync:error=EIO:when=20+17",
        "pwrite64:error=EIO:when=9+30",
        "pwrite64:error=ENOSPC:when=9..40",
        "rename:error=EIO:when=8+11",
        "link:error=EPERM:when=3+8",
    ],
)
def test_a_failing_disk_is_told_and_takes_nothing_that_was_promised(tmp_path, inject):
    told = run(tmp_path, seed=7, most=250, before=strace(inject))
    promised = told_states(told)
    assert told[-1].startswith(("closed", "not closed: the queue files could not be written"))
    assert missing(promised, on_disk(tmp_path)) == {}
    assert len(promised) > 20
    assert list(tmp_path.glob("*.edited-*")) == []  # nothing of ours is taken for a person's
    if inject.startswith(("fdatasync", "pwrite64")):
        assert [line for line in told if line.startswith("refused: ")]
    ids = set(on_disk(tmp_path))
    run(tmp_path, seed=8, most=0)
    assert missing(promised, in_files(tmp_path)) == {}
    assert set(in_files(tmp_path)) == ids
