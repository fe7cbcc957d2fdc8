"""The SHA-256 of a file's whole content, for those who ask: it reads every byte of it."""

import hashlib
import os
import threading
from pathlib import Path

from movie_sync.errors import FilesError, Stopping

_CHUNK_BYTES = 4 * 1024**2


def sha256(path: Path, stop: threading.Event) -> str:
    """As 64 hexadecimal digits.

    Raises:
        FilesError: it could not be read, or was written to meanwhile.
        Stopping: `stop` was set; nothing is known.
    """
    try:
        with path.open("rb", buffering=0) as file:
            before = _state(file.fileno())
            digest = _digest(file.fileno(), path, stop)
            changed = _state(file.fileno()) != before
    except OSError as error:
        raise FilesError(f"{path} could not be read: {error.strerror}") from error
    if changed:
        raise FilesError(f"{path} was written to while it was read; it is read again later")
    return digest


def _digest(descriptor: int, path: Path, stop: threading.Event) -> str:
    found, at = hashlib.sha256(), 0
    while content := os.pread(descriptor, _CHUNK_BYTES, at):
        if stop.is_set():
            raise Stopping(f"the program ends; {path} was not read to its end")
        found.update(content)
        _forget(descriptor, at, len(content))
        at += len(content)
    return found.hexdigest()


def _forget(descriptor: int, at: int, size: int) -> None:
    """Leave the system's cache to files that are read more than once."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, at, size, os.POSIX_FADV_DONTNEED)


def _state(descriptor: int) -> tuple[int, int]:
    told = os.fstat(descriptor)
    return told.st_size, told.st_mtime_ns
