"""One at a time, over threads and programs: a small file of the home that the running program and
a command both read, change and write. The lock is the kernel's, so a crash never leaves it behind.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Nobody else who asks for it is in here for this file; the lock lies beside it.

    Raises:
        OSError: the folder is not there, or cannot be written.
    """
    beside = path.with_suffix(".lock")
    lock = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
