"""One file to its place: a second name for it where the file system can, else a copy.

A file is under its name whole or not at all, may the program be killed at any moment, and nothing
that has that name already is touched. Nothing is deleted but our own unfinished copies.
"""

import errno
import filecmp
import os
import shutil
import stat
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from movie_sync import atomic
from movie_sync.errors import FilesError
from movie_sync.films.space import sized

UNFINISHED = ".movie_sync-*.part"  # our files under way; players and the index pass them over
CHUNK_BYTES = 1024**2

# Another disk, a file system without hard links, a file of another user, too many names.
_NO_LINK = frozenset(
    {errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOSYS}
    | {errno.ENOTSUP, errno.EOPNOTSUPP}
)
_SENTENCES = {
    errno.ENOSPC: "the disk of {folder} is full; make room there",
    errno.EDQUOT: "the quota of this user is used up on the disk of {folder}; make room there",
    errno.EFBIG: "the file system of {folder} takes no file that large; keep films on another",
    errno.EROFS: "{folder} lies on a disk mounted read-only; mount it for writing",
    errno.ENAMETOOLONG: "a name in {folder} is too long for its file system",
    errno.EEXIST: "{file} is in the way; move it away",
    errno.ENOTDIR: "{file} is in the way; move it away",
}
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EBADF})


class How(StrEnum):
    LINKED = "linked"
    COPIED = "copied"
    ALREADY_THERE = "already there"


def bring(source: Path, target: Path) -> How | None:
    """Link or copy a file to where its folder is. None if another file has its name, which stays.

    Raises:
        FilesError: there is no room, or the source changed or cannot be read.
        OSError: the file system says no; `sentence` puts it in words.
    """
    if os.path.lexists(target):
        return How.ALREADY_THERE if same(source, target) else None
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        _copy(source, target)
        return How.COPIED
    return How.LINKED


def same(one: Path, other: Path) -> bool:
    """One file under two names, or two of the same content. Links are nobody's copy."""
    a, b = os.lstat(one), os.lstat(other)
    if os.path.samestat(a, b):
        return True
    alike = stat.S_ISREG(b.st_mode) and a.st_size == b.st_size
    return alike and filecmp.cmp(one, other, shallow=False)


def supersede(source: Path, target: Path) -> How:
    """Link or copy a file over one that is kept elsewhere by now; at any moment one of the two is
    there. Raises as `bring` does."""
    beside = target.with_name(UNFINISHED.replace("*", "new"))
    beside.unlink(missing_ok=True)
    way = bring(source, beside)
    assert way is not None  # nothing else has that name
    beside.replace(target)
    return way


def clear_unfinished(folder: Path) -> None:
    """Remove what an earlier run was killed over."""
    for left in folder.glob(UNFINISHED):
        left.unlink(missing_ok=True)


def prepare(folder: Path, what: str) -> None:
    """Make sure a folder for films is there; makes it, but none above it.

    Args:
        what: was not done, if it cannot be.

    Raises:
        FilesError: it is missing as when its drive is not mounted, or cannot be made.
    """
    try:
        if folder.is_dir():
            return
        if not os.listdir(folder.parent):
            raise FilesError(
                f"{folder} is not there, and {folder.parent} is empty as without its drive; is"
                " that mounted? if so, make the folder by hand"
            )
        folder.mkdir()
        sync(folder.parent)
    except FileNotFoundError as error:
        raise FilesError(
            f"{folder} is not there, nor what is above it; is the drive mounted?"
        ) from error
    except OSError as error:
        raise FilesError(f"{sentence(error, folder)}; {what}") from error


def sync(folder: Path) -> None:
    """Make new names outlive a power cut, where the file system can."""
    try:
        atomic.sync_folder(folder)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def sentence(error: OSError, folder: Path) -> str:
    """What stands in the way, and what to do about it."""
    if error.errno in {errno.EACCES, errno.EPERM}:
        return _not_ours(folder)
    file = error.filename or folder
    known = _SENTENCES.get(error.errno or 0, "{file}: {error.strerror}")
    return known.format(folder=folder, file=file, error=error)


def _copy(source: Path, target: Path) -> None:
    beside = target.with_name(UNFINISHED.replace("*", str(os.getpid())))
    try:
        with _opened(source) as data, _created(beside) as out:
            status = os.fstat(data.fileno())
            _room_for(status.st_size, target.parent)
            shutil.copyfileobj(data, out, CHUNK_BYTES)
            out.flush()
            if out.tell() != status.st_size:
                raise FilesError(f"{source} changed while it was copied; nothing was placed")
            os.utime(out.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
            os.fsync(out.fileno())
        if os.path.lexists(target):  # a rename would replace it without a word
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        beside.rename(target)
    finally:
        beside.unlink(missing_ok=True)


def _room_for(size_bytes: int, folder: Path) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < size_bytes:
        figures = f"{sized(size_bytes)} needed, {sized(free_bytes)} free"
        raise FilesError(f"the disk of {folder} is full: {figures}; nothing was placed")


def _opened(path: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    except OSError as error:
        raise FilesError(f"{path} cannot be read ({error.strerror}); nothing was placed") from error


def _created(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o666), "wb")


def _not_ours(folder: Path) -> str:
    there = next((place for place in (folder, *folder.parents) if os.path.lexists(place)), folder)
    status = os.lstat(there)
    return (
        f"{there} may not be written by user {os.geteuid()}: it belongs to user {status.st_uid}"
        f" with mode {stat.filemode(status.st_mode)}; change one of the two"
    )
