import sys

import pytest

from tests.crash.recording import Recorder, available, calls_of, moments, recorded

LOG = rb"""7 openat(AT_FDCWD, "\x2f\x68\x2f\x61", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 5
7 write(5, "\x6f\x6e\x65", 3) = 3
8 pwrite64(5, "\x74\x77\x6f", 3, 3 <unfinished ...>
7 fdatasync(5 <unfinished ...>
8 <... pwrite64 resumed>) = 3
7 <... fdatasync resumed>) = -1 EIO (Input/output error) (INJECTED)
7 write(1, "\x21\x20\x31\x0a", 4) = 4
7 rename("\x2f\x68\x2f\x61", "\x2f\x68\x2f\x62") = 0
7 openat(AT_FDCWD, "\x2f\x68", O_RDONLY|O_DIRECTORY) = 6
7 fsync(6) = 0
7 fsync(6 <unfinished ...>
"""


@pytest.fixture
def actions(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(LOG)
    return [*Recorder("/h").actions(calls_of(log))]


def test_calls_become_what_they_do_to_the_folder(actions):
    assert [action.kind for action in actions] == [
        *("name", "write", "write", "sync", "said", "name", "sync names", "sync names")
    ]
    made, one, two, sync, said, renamed, _, killed = actions
    assert (made.becomes, renamed.becomes) == ({"a": 1}, {"b": 1, "a": None})
    assert [(one.at, one.text), (two.at, two.text)] == [(0, b"one"), (3, b"two")]
    assert (sync.failed, said.text, killed.end) == (True, b"! 1\n", None)


def test_calls_of_threads_overlap(actions):
    told = [(action.kind, ends) for action, ends in moments(actions)]
    assert told[4:8] == [("write", False), ("sync", False), ("write", True), ("sync", True)]


@pytest.mark.slow
@pytest.mark.skipif(available() is not None, reason=available() or "")
def test_what_a_real_process_writes_is_read(tmp_path):
    home, log = tmp_path / "home", tmp_path / "log"
    home.mkdir()
    recorded(log, "tests.crash.asides", home, 1)
    kinds = [action.kind for action in Recorder(home).actions(calls_of(log))]
    assert kinds == ["name", "write", "sync", "sync names", "said"], sys.platform
