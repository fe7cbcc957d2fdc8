import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from movie_sync.errors import Busy, ConfigError
from movie_sync.instance import LOOKED_AT_S, owned, owner

TOP = Path(__file__).parent.parent
HOLD = """
import sys, pathlib, movie_sync.instance as instance
with instance.owned(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that owns the home."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=TOP,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def take(home, **changes):
    with owned(home, **changes):
        return owner(home)


def test_a_home_has_one_owner_at_a_time(tmp_path):
    assert owner(tmp_path) is None
    assert take(tmp_path) == os.getpid()
    assert owner(tmp_path) is None
    assert take(tmp_path) == os.getpid()


def test_a_second_process_is_told_who_holds_it_and_starts_nothing(tmp_path, holder):
    slept = []
    with pytest.raises(Busy) as caught:
        take(tmp_path, sleep=slept.append)
    assert str(caught.value) == (
        f"{tmp_path} is in use by process {holder.pid}; nothing was started; stop that one first"
    )
    assert slept == [LOOKED_AT_S]
    assert owner(tmp_path) == holder.pid


def test_the_same_process_cannot_take_it_twice(tmp_path):
    with owned(tmp_path), pytest.raises(Busy, match=f"process {os.getpid()};"):
        take(tmp_path, sleep=lambda _: None)


def test_a_lock_ends_with_its_process_however_that_ends(tmp_path, holder):
    holder.kill()
    holder.wait()
    assert (tmp_path / "daemon.lock").read_text() == f"{holder.pid}\n"
    assert owner(tmp_path) is None
    assert take(tmp_path) == os.getpid()


def test_who_only_asks_for_the_owner_keeps_nobody_from_starting(tmp_path):
    """`status` holds the lock for an instant, and that may be the instant of the start."""
    (tmp_path / "daemon.lock").touch()
    asking = os.open(tmp_path / "daemon.lock", os.O_RDONLY)
    fcntl.flock(asking, fcntl.LOCK_SH)
    assert take(tmp_path, sleep=lambda _: os.close(asking)) == os.getpid()


def test_an_owner_of_unknown_number_is_an_owner(tmp_path):
    with owned(tmp_path):
        (tmp_path / "daemon.lock").write_text("")
        assert owner(tmp_path) == -1
        with pytest.raises(Busy, match="by process of unknown number;"):
            take(tmp_path, sleep=lambda _: None)


def test_the_file_is_for_its_owner_only(tmp_path):
    with owned(tmp_path):
        assert stat.S_IMODE((tmp_path / "daemon.lock").stat().st_mode) == 0o600


def test_a_home_that_cannot_be_written_to_is_said_with_its_remedy(tmp_path):
    with pytest.raises(ConfigError) as refused, owned(tmp_path / "missing"):
        pass
    assert str(refused.value) == (
        f"{tmp_path}/missing cannot be written to (No such file or directory); nothing was "
        "started; give it to the user that runs this, or name another folder with --home or "
        "MOVIE_SYNC_HOME"
    )
