"""Files that are whole at any moment: written beside, synced, then renamed into place.

The recipe and why each step is needed: Pillai et al., "All File Systems Are Not Created Equal",
OSDI 2014. Without the first sync a power cut leaves an empty file on XFS; without the second, the
old one.
"""

import errno
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_NO_LINK = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
LINK_TRIES = 10


def write(path: Path, chunks: Iterable[bytes], *, keep_previous: bool = False) -> os.stat_result:
    """Replace the file by these bytes, readable by its owner only from the first byte on.

    A link is followed, so that the file it names is replaced and not the link. With
    `keep_previous` the file as it was stays as `<name>~`. Returns what the new file is known by,
    whatever has its name by now.

    Raises:
        OSError: nothing was changed; the file is as it was.
    """
    real = Path(os.path.realpath(path))
    beside = real.with_name(real.name + ".tmp")
    try:
        with open_private(beside) as out:
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
            written = os.fstat(out.fileno())
        if keep_previous and real.exists():
            _keep(real, real.with_name(real.name + "~"))
        beside.replace(real)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(real.parent)
    return written


def _keep(file: Path, previous: Path) -> None:
    """A second name for the file as it is; a copy where the file system has no hard links."""
    previous.unlink(missing_ok=True)
    try:
        _link(file, previous)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        with open_private(previous) as out:
            out.write(file.read_bytes())


def _link(file: Path, name: Path) -> None:
    """Where somebody replaces the file at this very moment, the system may say that there is none:
    then it is the new one that is meant."""
    for _ in range(LINK_TRIES):
        with suppress(FileNotFoundError):
            os.link(file, name)
            return
    os.link(file, name)


def open_private(path: Path) -> BinaryIO:
    """A new file with mode 0600 from its creation, in place of what stood there, link or not."""
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def sync_folder(folder: Path) -> None:
    """Make names that were added, renamed or removed in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
