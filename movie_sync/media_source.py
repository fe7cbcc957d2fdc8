"""A media file as its reader may have it: bytes at places, so many and no more, and nothing else.

The one thing to know: `failure` is what the disk said. A reader that fails while there is none
failed over the file itself.
"""

import os
from errno import EINVAL, EISDIR
from stat import S_ISDIR, S_ISREG

MOST_BYTES = 512 * 1024**2  # of one file; the index of a long film takes some 30 MB


class TooMuch(Exception):
    """The file made its reader read more than any film needs."""


class Source:
    """As PyAV wants a file: `read`, `seek`, `tell`. It does not own the descriptor."""

    def __init__(self, descriptor: int, most_bytes: int = MOST_BYTES) -> None:
        self.failure: OSError | None = None
        self.taken_bytes = 0
        self._descriptor, self._most_bytes = descriptor, most_bytes
        self._at = 0
        self._told = os.fstat(descriptor)
        self.size_bytes = self._told.st_size

    def read(self, size: int) -> bytes:
        self.taken_bytes += size
        if self.taken_bytes > self._most_bytes:
            raise TooMuch
        content = self.at(self._at, size)
        self._at += len(content)
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size_bytes}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def at(self, offset: int, size: int) -> bytes:
        """As many bytes from there as there are."""
        try:
            return os.pread(self._descriptor, size, offset)
        except OSError as error:
            self.failure = error
            raise

    def written_bytes(self) -> int:
        """Without holes, to which nothing was ever written. Disks that cannot tell have none."""
        written = end = 0
        try:
            while end < self.size_bytes:
                start = os.lseek(self._descriptor, end, os.SEEK_DATA)
                end = os.lseek(self._descriptor, start, os.SEEK_HOLE)
                written += end - start
        except OSError as error:
            # ENXIO says that nothing but a hole follows.
            return self.size_bytes if error.errno == EINVAL else written
        return written

    def changed(self) -> bool:
        """Whether somebody wrote to it since it was opened."""
        now = os.fstat(self._descriptor)
        return (now.st_size, now.st_mtime_ns) != (self._told.st_size, self._told.st_mtime_ns)

    def age_s(self, now_s: float) -> float:
        """Since it was last written to; below zero where clocks differ."""
        return now_s - self._told.st_mtime


def open_file(path: str) -> int:
    """A descriptor of the file; a pipe or a device is not waited for.

    Raises:
        OSError: it cannot be read, or is no file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    mode = os.fstat(descriptor).st_mode
    if not S_ISREG(mode):
        os.close(descriptor)
        number = EISDIR if S_ISDIR(mode) else EINVAL
        raise OSError(number, "Is a folder" if number == EISDIR else "Is no file")
    return descriptor
