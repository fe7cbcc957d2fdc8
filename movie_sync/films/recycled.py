"""The recycle folder, and the list of what this program moved there: `recycled.json` in the home.

A removal gets a folder of its own there, and is in the list before its first file moves. Only what
the list names, and what is still as it was moved, is ever deleted; it has a way back until then.
"""

import logging
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from movie_sync import atomic
from movie_sync.errors import FilesError
from movie_sync.films import bringing, recycle
from movie_sync.models import Item, Moment

log = logging.getLogger(__name__)


class Print(msgspec.Struct, frozen=True):
    """What a file is known by, so that another one of its name is not taken for it."""

    size_bytes: int
    modified_s: int


class Kept(msgspec.Struct):
    """One file that was moved, or is about to be."""

    path: str  # where it was in the library
    kept: str  # where it is
    known_by: Print


class Entry(msgspec.Struct):
    """All files of one removal."""

    item: str
    title: str
    at: Moment
    film: str  # the file of the film, as its item named it
    files: list[Kept]


class _File(msgspec.Struct):
    removals: dict[str, Entry] = {}
    seen_at: Moment | None = None  # when this was last looked at
    quiet_until: Moment | None = None


def print_of(path: Path) -> Print | None:
    """None where no plain file is there."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Print(status.st_size, int(status.st_mtime))


class Recycled:
    """Safe from several threads, not from several programs: the home's lock sees to that.

    Args:
        path: of the list.
        folder: where files are moved from now on; earlier ones stay where the list says.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self.path, self.folder = path, folder
        self._lock = threading.RLock()

    def entries(self) -> dict[str, Entry]:
        """All removals that can be undone, by their name.

        Raises:
            FilesError: the list is damaged.
        """
        return self._read().removals

    def begin(self, name: str, item: Item, files: Iterable[Path], now: datetime) -> None:
        """List what is going to be moved, all of it still where it was."""
        home = recycle.folder_of(Path(item.data["path"]))
        listed = [
            Kept(str(path), str(self.folder / name / home.name / path.relative_to(home)), known)
            for path in files
            if (known := print_of(path))
        ]
        with self._lock:
            held = self._read()
            held.removals[name] = Entry(item.id, item.title, now, item.data["path"], listed)
            self._write(held)

    def move(self, name: str) -> Iterator[Path]:
        """Move what is listed and still there, file by file; may be begun again at any point.

        Raises:
            FilesError: one could not be moved; it is where it was.
        """
        entry = self.entries()[name]
        bringing.prepare(self.folder, "nothing was moved")
        with recycle.in_words(self.folder):
            (self.folder / name).mkdir(exist_ok=True)
        for each in entry.files:
            path = Path(each.path)
            if print_of(path) != each.known_by:
                continue
            kept = recycle.keep(path, recycle.folder_of(Path(entry.film)), self.folder / name)
            if str(kept) != each.kept:
                each.kept = str(kept)
                self._replace(name, entry)
            recycle.drop(path)
            yield path
        home = recycle.folder_of(Path(entry.film))
        if _has_others(home):
            recycle.remove_if_empty(home)

    def bring_back(self, name: str) -> Path:
        """Give the files of a removal their places in the library again; returns the film's.

        Raises:
            FilesError: one is gone, or its place is taken; what could be told before is told
                before anything is moved.
        """
        entry = self.entries()[name]
        for each in entry.files:
            _can_come_back(each)
        for each in entry.files:
            _come_back(each)
        _clear(entry, name)
        return Path(entry.film)

    def forget(self, name: str) -> None:
        """It is in the library again, and its item says so."""
        with self._lock:
            held = self._read()
            if held.removals.pop(name, None):
                self._write(held)

    def empty(self, before: datetime) -> int:
        """Delete for good what was moved before then; returns how many removals that were.

        A file that is no longer what was moved there stays.

        Raises:
            FilesError: the disk has something against it; what is left stays listed.
        """
        emptied = 0
        for name, entry in self.entries().items():
            if entry.at >= before or not _is_reachable(entry, name):
                continue
            for each in entry.files:
                _delete(each, name)
            _clear(entry, name)
            self.forget(name)
            log.info("%s: removed on %s, deleted for good", entry.title, f"{entry.at:%Y-%m-%d}")
            emptied += 1
        return emptied

    def noted(self) -> tuple[datetime | None, datetime | None]:
        """When the last pass was, and until when nothing is deleted."""
        held = self._read()
        return held.seen_at, held.quiet_until

    def note(self, seen_at: datetime, quiet_until: datetime | None) -> None:
        with self._lock:
            held = self._read()
            held.seen_at, held.quiet_until = seen_at, quiet_until
            self._write(held)

    def _replace(self, name: str, entry: Entry) -> None:
        with self._lock:
            held = self._read()
            held.removals[name] = entry
            self._write(held)

    def _read(self) -> _File:
        with self._lock:
            try:
                return msgspec.json.decode(self.path.read_bytes(), type=_File)
            except FileNotFoundError:
                return _File()
            except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
                raise FilesError(
                    f"{self.path} cannot be read ({error}); no film was removed and nothing"
                    f" recycled was deleted; copy {self.path.name}~ over it"
                ) from error

    def _write(self, held: _File) -> None:
        try:
            text = msgspec.json.format(msgspec.json.encode(held), indent=1)
            atomic.write(self.path, [text, b"\n"], keep_previous=True)
        except OSError as error:
            raise FilesError(
                f"{self.path} cannot be written ({error.strerror}); no film was removed"
            ) from error


def _has_others(folder: Path) -> bool:
    """False for the last folder of a library: an empty one looks like a drive that is gone."""
    try:
        return any(path != folder for path in folder.parent.iterdir())
    except FileNotFoundError:
        return False


def _can_come_back(each: Kept) -> None:
    kept, path = print_of(Path(each.kept)), print_of(Path(each.path))
    if each.known_by not in {kept, path}:
        raise FilesError(f"{each.kept} is not there any more, or changed; nothing was brought back")
    if kept and path != each.known_by and os.path.lexists(each.path):
        raise FilesError(
            f"{each.path} is another file by now; nothing was brought back; move it away"
        )


def _come_back(each: Kept) -> None:
    kept, path = Path(each.kept), Path(each.path)
    if print_of(kept) != each.known_by:
        return
    with recycle.in_words(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        bringing.clear_unfinished(path.parent)
        if bringing.bring(kept, path) is None:
            raise FilesError(f"{path} is another file by now; it was not touched; move it away")
        bringing.sync(path.parent)
        recycle.drop(kept)


def _delete(each: Kept, name: str) -> None:
    """Nothing but what was moved, into the folder that was made for it."""
    path = Path(each.kept)
    known = print_of(path)
    if known is None:
        return
    if known != each.known_by or name not in path.parent.parts:
        log.warning("%s is not what was moved there; it stays", path)
        return
    recycle.drop(path)


def _is_reachable(entry: Entry, name: str) -> bool:
    """False where its folder is not there, as without its drive."""
    return all(_folder_of(each, name).parent.is_dir() for each in entry.files)


def _clear(entry: Entry, name: str) -> None:
    """The folders that were made for a removal, as far as nothing is in them."""
    for each in entry.files:
        made = _folder_of(each, name)
        if made.name == name:
            recycle.remove_if_empty(made)


def _folder_of(each: Kept, name: str) -> Path:
    """The folder of its removal."""
    path = Path(each.kept)
    return next((above for above in path.parents if above.name == name), path)
