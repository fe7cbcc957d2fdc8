"""The way back from a backup, on this machine or another one.

Everything is unpacked beside and checked before anything is changed; then the files change places
by renames that outlive a crash (`restore_swap.py`), and what was there stays in a dated folder.
A restore never locks its owner out: the login of the web page is this home's, unless asked for.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from movie_sync import (
    atomic,
    backup_archive,
    config,
    config_file,
    queue_files,
    queue_load,
    queue_upgrade,
    restore_swap,
)
from movie_sync.backup_archive import PARTS, Manifest
from movie_sync.credentials import Credentials
from movie_sync.errors import Busy, FilesError, MovieSyncError, QueueError
from movie_sync.films import watchlists
from movie_sync.films.recycled import Recycled
from movie_sync.instance import owned, owner
from movie_sync.models import State
from movie_sync.restore_swap import Plan

ACCESS = "web"  # the section of the settings that says who may open the page
ROOM_BYTES = 64 * 1024**2  # that must be left
FOLDERS = ("library_directory", "download_directory", "watchlist_folder", "recycle_directory")


class Restored(Struct, frozen=True):
    """What came back, or would."""

    manifest: Manifest
    parts: tuple[str, ...]
    files: int
    films: dict[str, int]  # state -> how many; empty where no queues were asked for
    changed: bool
    kept: Path | None  # the folder with what was there; None where nothing was
    notes: tuple[str, ...]  # what a person should look at, as sentences

    @property
    def sentence(self) -> str:
        told = self.manifest
        what = f"{', '.join(self.parts)} of {told.created_at:%Y-%m-%d %H:%M} UTC"
        films = f"{sum(self.films.values())} films, " if self.films else ""
        if not self.changed:
            return f"the backup is sound: {what}; {films}{self.files} files; nothing was changed"
        kept = f"what was there is in {self.kept}" if self.kept else "there was nothing before"
        return f"restored: {what}; {films}{self.files} files; {kept}"


def parts_of(manifest: Manifest, only: Collection[str] | None) -> tuple[str, ...]:
    """What is to come back.

    Args:
        only: names of parts; None is all but what has to be asked for.

    Raises:
        FilesError: a part is not known, or not in the backup.
    """
    if only is None:
        return tuple(part for part in manifest.parts if not PARTS[part].when_asked)
    for part in only:
        if part not in PARTS:
            raise FilesError(f'there is no part "{part}"; known are {", ".join(PARTS)}')
        if part not in manifest.parts:
            held = ", ".join(manifest.parts)
            raise FilesError(f'the backup holds no "{part}", but {held}; nothing was changed')
    return tuple(part for part in manifest.parts if part in only)


def check(
    home: Path, file: Path, environ: Mapping[str, str], *, only: Collection[str] | None = None
) -> Restored:
    """What `restore` would do, with every check that it makes; changes nothing."""
    with (
        backup_archive.opened(file) as archive,
        tempfile.TemporaryDirectory(prefix="movie_sync-check-") as folder,
    ):
        parts = parts_of(archive.manifest, only)
        new = Path(folder)
        _require_room(new, archive.size_bytes)
        names = archive.unpack(parts, new)
        films = _checked(file, new, parts)
        _keep_access(home, new, parts)
        notes = _notes(new, environ, parts)
        return Restored(archive.manifest, parts, len(names), films, False, None, tuple(notes))


def restore(
    home: Path,
    file: Path,
    now: datetime,
    environ: Mapping[str, str],
    *,
    only: Collection[str] | None = None,
) -> Restored:
    """Bring a backup, or parts of it, into this home.

    Args:
        environ: for the settings that are then in force.

    Raises:
        Busy: the program runs; nothing was changed.
        FilesError, QueueError: the backup is not sound, or the disk is full; nothing was changed.
    """
    if process := owner(home):
        raise Busy(
            f"Movie Sync runs (process {process}) and would write over it; nothing was restored; "
            "stop it first"
        )
    with owned(home), backup_archive.opened(file) as archive:
        parts = parts_of(archive.manifest, only)
        _require_room(home, archive.size_bytes)
        new = restore_swap.prepare(home)
        try:
            names = archive.unpack(parts, new)
            films = _checked(file, new, parts)
            _keep_access(home, new, parts)
            plan = _plan(home, new, parts, f"before-restore-{now:%Y%m%d-%H%M%S}")
            restore_swap.begin(home, plan)
        except OSError as error:
            restore_swap.abandon(home)
            raise FilesError(
                f"{home} cannot be written ({error.strerror}); nothing was restored"
            ) from error
        except BaseException:
            restore_swap.abandon(home)
            raise
        kept = restore_swap.finish(home)
        kept = kept if kept and kept.exists() else None
        notes = _notes(home, environ, parts)
        return Restored(archive.manifest, parts, len(names), films, True, kept, tuple(notes))


def _require_room(folder: Path, size_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if size_bytes + ROOM_BYTES > free_bytes:
        raise FilesError(
            f"{folder} has {free_bytes / 1e6:.0f} MB free, and the backup needs "
            f"{(size_bytes + ROOM_BYTES) / 1e6:.0f} MB; nothing was changed"
        )


def _checked(file: Path, new: Path, parts: Collection[str]) -> dict[str, int]:
    """Can the program work with these files? Returns how many films are in each state.

    Raises:
        FilesError: it cannot; the message names the file, and the part to leave out.
    """
    for part in parts:
        try:
            if part in _CHECKS:
                _CHECKS[part](new)
        except (MovieSyncError, ValueError, RecursionError) as error:
            others = ",".join(each for each in parts if each != part)
            leave_out = f'; leave that out by "--only {others}"' if others else ""
            raise FilesError(f"{file}: {error}; nothing was changed{leave_out}") from error
    if "queues" not in parts:
        return {}
    items, _ = queue_load.load(new, reader=True)
    return {str(state): len(items[state]) for state in State}


def _check_settings(new: Path) -> None:
    if broken := config_file.read(new / config_file.NAME).broken:
        raise ValueError(broken.partition("; it was left")[0].replace(f"{new}/", ""))


def _check_queues(new: Path) -> None:
    for state in State:
        path = queue_files.path_of(new, state)
        try:
            queue_files.parse(queue_files.whole(path))
        except FileNotFoundError:
            continue
        except ValueError as error:
            if not queue_upgrade.is_earlier(path):
                raise ValueError(f"{path.name}: {error}") from None
    try:
        queue_load.load(new, reader=True)
    except QueueError as error:
        raise ValueError(f"the queues do not load: {error}") from error


def _check_watchlists(new: Path) -> None:
    try:
        watchlists.read(new / "watchlist.json")
    except FilesError:
        raise ValueError("watchlist.json cannot be read") from None


def _check_secrets(new: Path) -> None:
    if Credentials(new, {}).damage():
        raise ValueError("credentials.enc does not open with its .key")


def _check_library(new: Path) -> None:
    try:
        Recycled(new / "recycled.json", new).entries()
    except FilesError:
        raise ValueError("recycled.json cannot be read") from None


_CHECKS = {
    "library": _check_library,
    "settings": _check_settings,
    "queues": _check_queues,
    "watchlists": _check_watchlists,
    "secrets": _check_secrets,
}


def _keep_access(home: Path, new: Path, parts: Collection[str]) -> None:
    """Who may open the page stays as it is in this home."""
    path = new / config_file.NAME
    if "access" in parts or not path.exists():
        return
    values, ours = config_file.read(path).values, config_file.read(home / config_file.NAME).values
    if ACCESS in values or ACCESS in ours:
        merged: dict[str, Any] = {key: value for key, value in values.items() if key != ACCESS}
        merged |= {ACCESS: ours[ACCESS]} if ACCESS in ours else {}
        text = json.dumps(merged, indent=2, ensure_ascii=False) + "\n"
        atomic.write(path, [text.encode(errors="backslashreplace")])


def _plan(home: Path, new: Path, parts: Sequence[str], kept: str) -> Plan:
    """What moves: whole folders, and single files of the home."""
    for part in parts:
        if PARTS[part].stays:
            for name, _ in backup_archive.files_of(home, part):
                (new / name).unlink(missing_ok=True)
    if (new / "libtorrent").is_dir():
        (new / "libtorrent" / "running").touch(mode=0o600)  # so that it looks what is on the disk
    away = dict.fromkeys(name for part in parts for name in _in_the_way(home, part))
    return Plan(_free(home, kept), tuple(away), tuple(sorted(path.name for path in new.iterdir())))


def _in_the_way(home: Path, part: str) -> Iterator[str]:
    if PARTS[part].stays:
        return
    for pattern in (*PARTS[part].names, *PARTS[part].beside):
        top = pattern.partition("/")[0]
        yield from (path.name for path in sorted(home.glob(top)))


def _free(home: Path, name: str) -> str:
    number, free = 1, name
    while os.path.lexists(home / free):
        number += 1
        free = f"{name}-{number}"
    return free


def _notes(home: Path, environ: Mapping[str, str], parts: Collection[str]) -> Iterable[str]:
    """What is otherwise here than where the backup was made."""
    if "settings" in parts:
        loaded = config.load(home, environ, {})
        yield from (problem.message for problem in loaded.problems)
        for key in FOLDERS:
            named = getattr(loaded.config, key)
            if named and not config.folder(named).is_dir():
                yield f"{key} is {named}, and there is no such folder here; make it, or set another"
    if "queues" in parts:
        items, _ = queue_load.load(home, reader=True)
        paths = [item.data.get("path") for item in items[State.COMPLETED].values()]
        named = [path for path in paths if isinstance(path, str)]
        if gone := sum(not os.path.exists(path) for path in named):
            yield f"{gone} of {len(named)} films that are done do not lie at their paths here"
