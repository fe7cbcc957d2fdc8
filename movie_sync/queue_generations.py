"""The generations of a queue file that are there, and the way back to one of them.

Beside `queue_pending.json` may stand the file as it was before the last writing (`~`), edits that
were not taken over (`.edited-...`, `.invalid-...`), what stood there before somebody went back
(`.damaged-...`), and copies that a person made. Nothing here deletes any of them. Only while no
program runs for this home: the caller holds its lock.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from movie_sync import atomic, queue_files, queue_load, queue_upgrade
from movie_sync.errors import QueueError
from movie_sync.models import State

DAMAGED = "damaged"


class Generation(Struct, frozen=True):
    """One file that could stand in a queue file's place."""

    path: Path
    saved_at: datetime
    items: int | None  # None where it cannot be read, and
    fault: str = ""  # why


def generations(folder: Path, state: State) -> list[Generation]:
    """Of one queue file, the newest first; the file itself is not among them."""
    real = Path(os.path.realpath(queue_files.path_of(folder, state)))
    beside = {*real.parent.glob(f"{real.name}?*"), *folder.glob(f"queue_{state}.json?*")}
    found = [_generation(path) for path in beside if path.is_file() and not _is_no_generation(path)]
    return sorted(found, key=lambda one: (one.saved_at, one.path.name), reverse=True)


def restore(folder: Path, state: State, name: str) -> tuple[int, Path | None]:
    """Put one generation in the place of the queue file, and add what the journal knows beyond
    it. Returns how many items there are now, and where the file as it was is kept.

    Raises:
        QueueError: there is no such generation, or it cannot be read; nothing was changed.
    """
    path = queue_files.path_of(folder, state)
    chosen = next((one for one in generations(folder, state) if one.path.name == name), None)
    if chosen is None:
        raise QueueError(f"there is no {name} of {path.name}; nothing was changed")
    if chosen.items is None:
        raise QueueError(f"{name}: {chosen.fault}; nothing was changed; mend it, or take another")
    try:
        text = chosen.path.read_bytes()
        kept = _put_aside(path)
        atomic.write(path, [text])
        now = _with_journal(folder, state)
    except OSError as error:
        raise QueueError(
            f"{path.name} cannot be written ({error.strerror}); look at the disk, and say it again"
        ) from error
    return chosen.items if now is None else now, kept


def _with_journal(folder: Path, state: State) -> int | None:
    """Add what the journal knows beyond the file; None while another file is damaged too, so that
    the next start adds it."""
    try:
        items, _ = queue_load.load(folder, reader=True)
    except QueueError:
        return None
    lines = map(queue_files.encode, queue_load.in_order(state, items[state]))
    atomic.write(queue_files.path_of(folder, state), queue_files.array(lines))
    return len(items[state])


def _is_no_generation(path: Path) -> bool:
    return path.suffix == ".tmp" or queue_upgrade.EARLIER in path.suffix


def _generation(path: Path) -> Generation:
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        return Generation(path, saved_at, len(queue_files.parse(queue_files.whole(path))))
    except OSError as error:
        return Generation(path, saved_at, None, f"cannot be read ({error.strerror})")
    except ValueError as error:
        fault = "it is of the earlier form" if queue_upgrade.is_earlier(path) else str(error)
        return Generation(path, saved_at, None, fault)


def _put_aside(path: Path) -> Path | None:
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return queue_files.put_aside(path, text, DAMAGED, stamp)
