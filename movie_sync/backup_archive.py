"""The form of a backup: a zip with the files of a home, and `manifest.json` to hold them against.

A zip, and not a tar: any desktop opens it, one part can be read without the rest, and it is read
here without ever being unpacked by its own names. Whoever gives one may mean harm, so a name must
be one that `PARTS` knows, and size and sum must be as the manifest has them.
"""

import hashlib
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from movie_sync import __version__, atomic, database_copy
from movie_sync.errors import FilesError
from movie_sync.models import Moment

FORMAT = 1
MANIFEST = "manifest.json"
PIECE_BYTES = 1024**2
MOST_FILES = 400_000  # a story for each film, and room
LARGEST_BYTES = 4 * 1024**3  # of all files, unpacked,
LARGEST_FILE_BYTES = 256 * 1024**2  # and of one that is no queue
LARGEST_MANIFEST_BYTES = 128 * 1024**2

_FAULTS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, RuntimeError,
    NotImplementedError, ValueError, LookupError, OverflowError,
)  # fmt: skip


class Part(Struct, frozen=True):
    """What a person may bring back by one word.

    Args:
        names: of its files in the home; a `*` is any text without a slash.
        beside: what goes with them out of the way, and is in no backup.
        secret: whether it holds passwords or passkeys.
        stays: what the home has by then is newer and counts.
        when_asked: brought back only by its word.
    """

    names: tuple[str, ...]
    beside: tuple[str, ...] = ()
    secret: bool = False
    stays: bool = False
    when_asked: bool = False

    def has(self, name: str) -> bool:
        return any(_as_pattern(each).fullmatch(name) for each in self.names)


PARTS = {
    "settings": Part(("config.json",), ("config.json~",)),
    "queues": Part(
        tuple(f"queue_{state}.json" for state in
              ("pending", "active", "failed", "completed", "removed")),
        ("queue_*.json~", "queue.journal"),
    ),
    "watchlists": Part(("watchlist.json",), ("watchlist.json~",)),
    "stories": Part(("stories/*.jsonl", "stories/*.jsonl~")),
    "library": Part(("recycled.json", "library_names.json")),
    "shows": Part(("library.db",), ("library.db-wal", "library.db-shm")),
    # Announce addresses hold the person's passkey.
    "downloads": Part(("torrents/*.torrent", "libtorrent/*.resume"), secret=True),
    # What was asked since counts for the service too, whatever a backup says.
    "services": Part(("budget_*.json", "breaker_*.json", "notices.json"), stays=True),
    "secrets": Part(("credentials.enc", ".key"), secret=True),
    # Else a forgotten password of another year would lock its owner out.
    "access": Part(("access.json",), secret=True, when_asked=True),
}  # fmt: skip


class Held(Struct, frozen=True):
    """One file of a backup."""

    part: str
    size_bytes: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """What a backup holds, and of whom."""

    format: int = FORMAT
    version: str = __version__
    created_at: Moment
    home: str
    why: str = ""  # it was made, where the program did so by itself
    parts: tuple[str, ...]  # that were taken, perhaps without any file
    films: dict[str, int] = {}  # state -> how many
    files: dict[str, Held] = {}


class Writing:
    """A backup that is being written. Each file is added once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, Held] = {}

    def add(self, part: str, name: str, pieces: Iterable[bytes]) -> None:
        digest, size_bytes = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                size_bytes += len(piece)
                out.write(piece)
        self.files[name] = Held(part, size_bytes, digest.hexdigest())

    def add_file(self, part: str, name: str, path: Path) -> None:
        """One that has gone meanwhile is left out. Of a story that is being written, whole
        lines are taken."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file, database_copy.whole(path) as copy:
            if copy:
                self.add(part, name, _pieces(copy))
            else:
                self.add(part, name, _whole_lines(file) if ".jsonl" in name else _pieces(file))

    def finish(self, manifest: Manifest) -> Manifest:
        """Raises FilesError: it would be larger than what is read."""
        size_bytes = sum(held.size_bytes for held in self.files.values())
        if size_bytes > LARGEST_BYTES or len(self.files) >= MOST_FILES:
            raise FilesError(
                f"{len(self.files)} files of {size_bytes >> 20} MiB are more than a backup takes "
                f"({MOST_FILES}, {LARGEST_BYTES >> 20} MiB); none was made; copy the home instead"
            )
        whole = msgspec.structs.replace(manifest, files=self.files)
        text = msgspec.json.format(msgspec.json.encode(whole), indent=1)
        self._archive.writestr(zipfile.ZipInfo(MANIFEST), text, zipfile.ZIP_DEFLATED)
        return whole


@contextmanager
def written(path: Path) -> Iterator[Writing]:
    """A backup that has its name once it is whole, and only its owner can read.

    Raises:
        FilesError: it cannot be written, or another file has that name; that is as it was.
    """
    real = Path(os.path.realpath(path))
    if real.exists() and not is_backup(real):
        raise FilesError(f"{path} is there, and is no backup; nothing was written; name another")
    beside = real.with_name(f"{real.name}.tmp")
    try:
        try:
            with atomic.open_private(beside) as out:
                with zipfile.ZipFile(out, "w") as archive:
                    yield Writing(archive)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(real)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        atomic.sync_folder(real.parent)
    except OSError as error:
        raise FilesError(
            f"{path} cannot be written ({error.strerror}); no backup was made"
        ) from error


def is_backup(path: Path) -> bool:
    """Whether a file may be one of ours, by a glance."""
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.NameToInfo
    except (OSError, *_FAULTS):
        return False


class Archive:
    """A backup that was opened, and whose manifest fits what is in it."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        names = archive.namelist()
        if len(names) > MOST_FILES or len(set(names)) != len(names) or MANIFEST not in names:
            raise _damaged(path, "its list of files is not that of a backup")
        self.manifest = self._manifest(path)
        held = self.manifest.files
        if {*held, MANIFEST} != set(names):
            raise _damaged(path, "its manifest tells of other files than are in it")
        if not PARTS.keys() >= set(self.manifest.parts):
            raise _damaged(path, "its manifest names a part that is none")
        for name, each in held.items():
            if each.part not in self.manifest.parts or not PARTS[each.part].has(name):
                raise _damaged(path, f"it holds {name[:80]!a}, which is no file of a home")
            most = LARGEST_BYTES if each.part == "queues" else LARGEST_FILE_BYTES
            if archive.getinfo(name).file_size != each.size_bytes or each.size_bytes > most:
                raise _damaged(path, f"{name} is not as large as it should be")
        self.size_bytes = sum(each.size_bytes for each in held.values())
        if self.size_bytes > LARGEST_BYTES:
            raise _damaged(path, f"it would be of more than {LARGEST_BYTES >> 30} GiB unpacked")
        self._path = path

    def unpack(self, parts: Collection[str], folder: Path) -> list[str]:
        """Write these parts below a folder, and return their names.

        Raises:
            FilesError: a file is not as the manifest has it, or cannot be written.
        """
        names = [name for name, held in self.manifest.files.items() if held.part in parts]
        for name in names:
            digest = hashlib.sha256()
            try:
                (folder / name).parent.mkdir(mode=0o700, exist_ok=True)
                with atomic.open_private(folder / name) as out:
                    for piece in self._pieces(name):
                        digest.update(piece)
                        out.write(piece)
            except OSError as error:
                raise FilesError(
                    f"{folder} cannot be written ({error.strerror}); nothing was changed"
                ) from error
            if digest.hexdigest() != self.manifest.files[name].sha256:
                raise _damaged(self._path, f"{name} is not what was saved")
        return names

    def _manifest(self, path: Path) -> Manifest:
        if self._archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST_BYTES:
            raise _damaged(path, "its manifest is too large")
        try:
            text = b"".join(self._pieces(MANIFEST, path))
            told = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
            if int(msgspec.json.decode(told["format"], type=int)) > FORMAT:
                raise FilesError(f"{path} was made by a newer version; nothing was changed")
            return msgspec.json.decode(text, type=Manifest)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, KeyError):
            raise _damaged(path, "its manifest cannot be read") from None

    def _pieces(self, name: str, path: Path | None = None) -> Iterator[bytes]:
        """At most as much as the list of files says: what a member claims may be a lie."""
        left = self._archive.getinfo(name).file_size
        try:
            with self._archive.open(name) as member:
                while piece := member.read(min(PIECE_BYTES, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        raise zipfile.BadZipFile("longer than it says")
                    yield piece
        except (OSError, *_FAULTS) as error:  # a place in the file that cannot be is an OSError
            raise _damaged(path or self._path, f"{name} cannot be unpacked") from error


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises FilesError: it is no backup, is damaged, or cannot be read."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise FilesError(f"{path} cannot be read ({error.strerror or error})") from error
    except _FAULTS as error:
        raise _damaged(path, "it is no zip file") from error
    with archive:
        yield Archive(path, archive)


def files_of(home: Path, part: str) -> Iterator[tuple[str, Path]]:
    """The files of a part that are in a home: name and path."""
    for pattern in PARTS[part].names:
        for path in sorted(home.glob(pattern)):
            name = str(path.relative_to(home))
            is_own = "/" not in name or not path.is_symlink()  # a person may link a single file
            if path.is_file() and is_own and PARTS[part].has(name):
                yield name, path


def _damaged(path: Path, why: str) -> FilesError:
    return FilesError(f"{path} is no backup, or is damaged: {why}; nothing was changed")


def _as_pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(r"\*", r"[^/\\\x00-\x1f]{1,200}"))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    text = file.read()
    yield text[: text.rfind(b"\n") + 1]
