"""A backup of a home as one file, also while the program runs.

The queues are taken as they are at one moment, from files and journal together; every other file
is replaced whole whenever it changes, so a copy of it is of some moment too. Sockets, locks,
logs and what can be made anew are left out. `restore.py` is the way back.
"""

import logging
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from movie_sync import backup_archive, queue_files
from movie_sync.backup_archive import PARTS, Manifest, Writing
from movie_sync.errors import FilesError
from movie_sync.instance import owned
from movie_sync.models import State
from movie_sync.queue_load import Items, in_order, load
from movie_sync.restore_swap import is_unfinished

log = logging.getLogger(__name__)

FOLDER = "backups"  # in the home: those that the program makes by itself
KEPT = 5


class Backup(Struct, frozen=True):
    """What was written."""

    path: Path
    size_bytes: int
    manifest: Manifest

    @property
    def sentence(self) -> str:
        told = self.manifest
        films, parts = sum(told.films.values()), ", ".join(told.parts)
        secrets = "with" if any(PARTS[part].secret for part in told.parts) else "without"
        return (
            f"{self.path}: {films} films, {len(told.files)} files, {self.size_bytes / 1e6:.1f} MB; "
            f"{secrets} secrets ({parts})"
        )


def backup(home: Path, to: Path, now: datetime, *, with_secrets: bool = True) -> Backup:
    """Write everything of a home that a person needs elsewhere into one file.

    Args:
        to: a file, or a folder in which it gets a name with its date.
        with_secrets: passwords and passkeys, with the key that opens them; and the torrents of
            running downloads, for they hold passkeys too.

    Raises:
        FilesError: it cannot be written; what was there is as it was.
        QueueError: a queue file is damaged, and there would be nothing to go back to.
    """
    parts = [name for name, part in PARTS.items() if with_secrets or not part.secret]
    if is_unfinished(home):
        with owned(home):
            pass  # it is finished by whoever owns the home
    path = to / f"movie_sync-{_stamp(now)}.zip" if to.is_dir() else to
    with backup_archive.written(path) as out:
        for part in parts:
            if part != "queues":
                _add(out, home, part)
        items, _ = load(home, reader=True)
        _add_queues(out, items)
        if "downloads" in parts:
            _add(out, home, "downloads")  # those that the queues have learnt of meanwhile
        manifest = out.finish(_manifest(home, now, parts, items))
    return Backup(path, path.stat().st_size, manifest)


def backup_before(home: Path, why: str, now: datetime | None = None) -> Path:
    """Keep the home's state as it stands, before this program changes its form. Only for the
    home's owner: files are taken byte by byte, readable or not.

    Without secrets, which no such change touches; the last few are kept.

    Raises:
        FilesError: it cannot be written, so that nothing may be changed.
    """
    now = now or datetime.now(UTC)
    parts = [name for name, part in PARTS.items() if not part.secret]
    folder = home / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise FilesError(f"{folder} cannot be made ({error.strerror})") from error
    path = folder / f"before-{_stamp(now)}.zip"
    with backup_archive.written(path) as out:
        for part in parts:
            _add(out, home, part)
        out.finish(_manifest(home, now, parts, None, why))
    for old in sorted(folder.glob("before-*.zip"))[:-KEPT]:
        old.unlink(missing_ok=True)
    log.info("%s: a backup is in %s", why, path)
    return path


def automatic(home: Path) -> list[Path]:
    """Those that the program made by itself, the newest first."""
    return sorted((home / FOLDER).glob("before-*.zip"), reverse=True)


def _add(out: Writing, home: Path, part: str) -> None:
    for name, path in backup_archive.files_of(home, part):
        if name not in out.files:
            out.add_file(part, name, path)


def _add_queues(out: Writing, items: Items) -> None:
    for state in State:
        lines = map(queue_files.encode, in_order(state, items[state]))
        out.add("queues", queue_files.path_of(Path(), state).name, queue_files.array(lines))


def _manifest(
    home: Path, now: datetime, parts: Collection[str], items: Items | None, why: str = ""
) -> Manifest:
    counts = {str(state): len(items[state]) for state in State} if items else {}
    return Manifest(created_at=now, home=str(home), why=why, parts=tuple(parts), films=counts)


def _stamp(now: datetime) -> str:
    return f"{now:%Y%m%d-%H%M%S}"
