"""One owner for a home folder at a time, by a lock that ends with the process.

The lock is the kernel's (flock), so that a crash never leaves it behind; the file beside it only
says who holds it.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from movie_sync import restore_swap
from movie_sync.errors import Busy, ConfigError

LOOKED_AT_S = 0.2  # whoever asks for the owner holds the lock for an instant, and is no owner


@contextmanager
def owned(home: Path, sleep: Callable[[float], object] = time.sleep) -> Iterator[None]:
    """Own the queues of this home for as long as the block lasts.

    Raises:
        Busy: another process does; the message says which.
        ConfigError: nothing can be written there.
        FilesError: a restore that broke off cannot be finished.
    """
    try:
        descriptor = os.open(home / "daemon.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigError(
            f"{home} cannot be written to ({error.strerror}); nothing was started; give it to the "
            "user that runs this, or name another folder with --home or MOVIE_SYNC_HOME"
        ) from error
    try:
        if not _lock(descriptor):
            sleep(LOOKED_AT_S)
            if not _lock(descriptor):
                raise Busy(
                    f"{home} is in use by process {_holder(descriptor) or 'of unknown number'}; "
                    "nothing was started; stop that one first"
                )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        restore_swap.finish(home)  # one that broke off, before anything is read
        yield
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def owner(home: Path) -> int | None:
    """The process that owns this home now, if one does; -1 if it is of unknown number."""
    try:
        descriptor = os.open(home / "daemon.lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        return None if _lock(descriptor, fcntl.LOCK_SH) else _holder(descriptor) or -1
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> int | None:
    text = os.pread(descriptor, 64, 0).strip()
    return int(text) if text.isdigit() else None
