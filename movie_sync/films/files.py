"""Finished downloads into the library: the one module that writes among a person's films.

It only adds. The download stays as it is, for it may still be seeding; a film is a second name
for the same data where the file system allows it, and a copy elsewhere. Nothing that is there is
overwritten, and nothing is deleted but our own unfinished copies. Every step can be repeated: a
film appears under its name whole or not at all.
"""

import errno
import filecmp
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from movie_sync import atomic
from movie_sync.errors import FilesError, Refused
from movie_sync.films import contents, names
from movie_sync.films.contents import Contents, Piece
from movie_sync.films.space import sized
from movie_sync.models import Film, Transfer, TransferFile

UNFINISHED = ".movie_sync-*.part"  # our copies under way; players and the index pass them over
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


class Placed(Struct, frozen=True):
    """Where a film went. `how` names the dearest way that any of its files took."""

    path: Path  # the film, or its first part
    files: tuple[Path, ...]  # all that came from the download, the film included
    how: How


def place(film: Film, transfer: Transfer, release_name: str, library: Path) -> Placed:
    """Give a finished download its place and name in the library.

    Copying may take minutes, and may be killed at any moment: the next call starts it again.

    Raises:
        Refused: the download holds no film; its release is not worth another try.
        FilesError: disk, folder or permissions are in the way; the download stays.
    """
    found = _contents(film, transfer)
    prepare_library(library)
    where = library
    try:
        for tag in names.tags(film, transfer.handle):
            where = library / names.folder(film, tag)
            stem = names.stem(film, release_name, tag)
            targets = {piece: _target(where, stem, piece) for piece in found.pieces}
            if not _taken(where, found, targets):
                return _place(where, targets)
    except OSError as error:
        raise FilesError(f"{_sentence(error, where)}; the download stays") from error
    raise FilesError(
        f"{where} and those beside it hold other files of that name; nothing was overwritten and"
        " the download stays; move one of them away"
    )


def prepare_library(folder: Path) -> None:
    """Make sure the library is there; makes it, but no folder above it.

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
        _sync(folder.parent)
    except FileNotFoundError as error:
        raise FilesError(
            f"{folder} is not there, nor what is above it; is the drive mounted?"
        ) from error
    except OSError as error:
        raise FilesError(f"{_sentence(error, folder)}; nothing was placed") from error


def _contents(film: Film, transfer: Transfer) -> Contents:
    """The film in a download, every file of it checked to be whole and in its place."""
    if not transfer.files:
        raise FilesError(f"{transfer.name} names no files yet; the download stays")
    root = contents.root_of(transfer.files, transfer.name)
    found = contents.read(transfer.files, root, " ".join(film.titles))
    if found is None:
        held = contents.endings(transfer.files)
        raise Refused(
            "download",
            f"{transfer.name} holds no film but {held}; nothing was placed;"
            " another release is needed",
        )
    for piece in found.pieces:
        _check(piece.file, root)
    return found


def _check(file: TransferFile, root: Path) -> None:
    """A plain file of the announced size, that no link leads to or away from."""
    inner = file.path.relative_to(root)
    try:
        status = os.lstat(file.path)
        real = Path(os.path.realpath(root)) / inner
        straight = Path(os.path.realpath(file.path)) == real and ".." not in file.path.parts
    except OSError as error:
        raise FilesError(
            f"{file.path} cannot be read ({error.strerror}), though its download is done; is the"
            " drive mounted, and path_map right? nothing was placed"
        ) from error
    if not (straight and stat.S_ISREG(status.st_mode)):
        raise Refused(
            "download",
            f"{inner} is a link or leads out of the download folder; nothing was placed;"
            " another release is needed",
        )
    if status.st_size != file.size_bytes:
        raise FilesError(
            f"{file.path} has {sized(status.st_size)} of {sized(file.size_bytes)}, though its"
            " download is done; nothing was placed; have the torrent client check it again"
        )


def _target(folder: Path, stem: str, piece: Piece) -> Path:
    return folder.joinpath(*piece.inside) if piece.inside else folder / f"{stem}{piece.ending}"


def _taken(folder: Path, found: Contents, targets: dict[Piece, Path]) -> bool:
    """Whether the folder holds a film that is not this download."""
    for piece in found.videos:
        target = targets[piece]
        if os.path.lexists(target) and not _same(piece.file.path, target):
            return True
    ours = [piece.file.path for piece in found.videos]
    return any(not any(_same(path, there) for path in ours) for there in _films_in(folder))


def _films_in(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if contents.is_video(path) and not contents.is_extra(Path(path.name), folder.name):
                yield path


def _same(one: Path, other: Path) -> bool:
    """One file under two names, or two of the same content. Links are nobody's copy."""
    a, b = os.lstat(one), os.lstat(other)
    if os.path.samestat(a, b):
        return True
    alike = stat.S_ISREG(b.st_mode) and a.st_size == b.st_size
    return alike and filecmp.cmp(one, other, shallow=False)


def _place(folder: Path, targets: dict[Piece, Path]) -> Placed:
    """Put every file in its place, the film last: where it is, all of it is."""
    if not folder.is_dir():
        folder.mkdir()
        _sync(folder.parent)
    ways: dict[Path, How] = {}
    for piece, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        for left in target.parent.glob(UNFINISHED):
            left.unlink(missing_ok=True)
        if way := _bring(piece.file, target):
            ways[target] = way
            _sync(target.parent)
    how = next((way for way in (How.COPIED, How.LINKED) if way in ways.values()), How.ALREADY_THERE)
    *_, path = targets.values()
    return Placed(path, tuple(ways), how)


def _bring(file: TransferFile, target: Path) -> How | None:
    """Link or copy one file. None if a file of the person's own has its name, which stays."""
    if os.path.lexists(target):
        return How.ALREADY_THERE if _same(file.path, target) else None
    try:
        os.link(file.path, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        _copy(file, target)
        return How.COPIED
    return How.LINKED


def _copy(file: TransferFile, target: Path) -> None:
    free_bytes = shutil.disk_usage(target.parent).free
    if free_bytes < file.size_bytes:
        figures = f"{sized(file.size_bytes)} needed, {sized(free_bytes)} free"
        raise FilesError(f"the disk of {target.parent} is full: {figures}; the download stays")
    beside = target.with_name(UNFINISHED.replace("*", str(os.getpid())))
    try:
        with _source(file.path) as data, _unfinished(beside) as out:
            shutil.copyfileobj(data, out, CHUNK_BYTES)
            out.flush()
            if out.tell() != file.size_bytes:
                raise FilesError(f"{file.path} changed while it was copied; nothing was placed")
            times = os.fstat(data.fileno())
            os.utime(out.fileno(), ns=(times.st_atime_ns, times.st_mtime_ns))
            os.fsync(out.fileno())
        if os.path.lexists(target):  # a rename would replace it without a word
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        beside.rename(target)
    finally:
        beside.unlink(missing_ok=True)


def _source(path: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    except OSError as error:
        raise FilesError(f"{path} cannot be read ({error.strerror}); nothing was placed") from error


def _unfinished(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o666), "wb")


def _sync(folder: Path) -> None:
    """Make new names outlive a power cut, where the file system can."""
    try:
        atomic.sync_folder(folder)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def _sentence(error: OSError, folder: Path) -> str:
    """What stands in the way, and what to do about it."""
    if error.errno in {errno.EACCES, errno.EPERM}:
        return _not_ours(folder)
    file = error.filename or folder
    known = _SENTENCES.get(error.errno or 0, "{file}: {error.strerror}")
    return known.format(folder=folder, file=file, error=error)


def _not_ours(folder: Path) -> str:
    there = next((place for place in (folder, *folder.parents) if os.path.lexists(place)), folder)
    status = os.lstat(there)
    return (
        f"{there} may not be written by user {os.geteuid()}: it belongs to user {status.st_uid}"
        f" with mode {stat.filemode(status.st_mode)}; change one of the two"
    )
