"""Disks that fail, for tests: by a limit on the size of files, or by a sync that says so."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """No file of this process may grow beyond this: its writing ends in part, then with EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Sync:
    """`os.fdatasync` that counts, and fails once for each time it was told to."""

    def __init__(self) -> None:
        self.count = 0
        self.fails = 0

    def __call__(self, descriptor: int) -> None:
        self.count += 1
        if self.fails:
            self.fails -= 1
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fdatasync(descriptor)
