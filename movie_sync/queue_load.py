"""Reading the queues from disk: the files, then what the journal knows beyond them."""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from movie_sync import queue_files, queue_upgrade
from movie_sync.errors import QueueError
from movie_sync.journal import Record, read
from movie_sync.models import FILM, Item, State

log = logging.getLogger(__name__)

# Should one item stand in two files under the same number, the state named first is believed.
BELIEVED = (State.COMPLETED, State.REMOVED, State.FAILED, State.ACTIVE, State.PENDING)

Items = dict[State, dict[str, Item]]


def load(folder: Path, *, reader: bool = False) -> tuple[Items, int]:
    """All items by state, and the number of the last change. Changes nothing on disk, save that
    the originals of files of the earlier form get another name for whoever will write.

    Args:
        reader: the program may be running and writing: read until both ends agree.

    Raises:
        QueueError: a file is damaged.
    """
    for _ in range(20):
        before = read(folder / "queue.journal")[0] if reader else None
        earlier: dict[State, int] = {}
        found = {item.id: (s, item) for s, item in _believed(folder, earlier)}
        header, records = read(folder / "queue.journal")
        if not reader or before == header:
            break
        time.sleep(0.02)  # the journal was begun anew meanwhile, and the files with it
    in_files = 0 if reader else max((record.f for record in records), default=0)
    seq = max((item.seq for _, item in found.values()), default=header.seq if header else 0)
    for record in records:
        seq = max(seq, record.s)
        if record.s > in_files:
            _replay(record, found)
    items: Items = {state: {} for state in State}
    for state, item in found.values():
        items[state][item.id] = item
    if earlier and not reader:
        from movie_sync.backup import backup_before  # which reads queues itself

        backup_before(folder, "the queue files of an earlier version are taken over")
        queue_upgrade.keep_originals(folder, earlier)
        log.warning("%s", queue_upgrade.told(folder, earlier, items))
    return items, max(seq, header.seq if header else 0)


def _believed(folder: Path, earlier: dict[State, int]) -> Iterator[tuple[State, Item]]:
    """Every item of the files once: where it stands under its highest number.

    Args:
        earlier: is told how many items each file of the earlier form had.
    """
    best: dict[str, tuple[State, Item]] = {}
    for file in BELIEVED:
        for state, item in _read(folder, file, earlier):
            if item.id not in best or item.seq > best[item.id][1].seq:
                best[item.id] = (state, item)
    return iter(best.values())


def _read(folder: Path, state: State, earlier: dict[State, int]) -> list[tuple[State, Item]]:
    try:
        return [(state, item) for item in queue_files.read(folder, state)]
    except QueueError:
        items = queue_upgrade.read(folder, state)
        if items is None:
            raise
    earlier[state] = len(items)
    return items


def _replay(record: Record, found: dict[str, tuple[State, Item]]) -> None:
    for id_, state, item in record.t:
        if id_ in found and found[id_][1].seq >= record.s:  # the file may show later progress
            continue
        if state is None or item is None:
            found.pop(id_, None)
        else:
            found[id_] = (state, item)


def statistics(of: Callable[[State], Collection[Item]]) -> dict[str, int]:
    """How many films are in each state, and how many of those that failed are given up. Errands
    and shows travel through the same queues, and are not counted."""
    films = {state: [item for item in of(state) if item.kind == FILM] for state in State}
    counts = {str(state): len(items) for state, items in films.items()}
    return {**counts, "permanent_failures": sum(item.permanent for item in films[State.FAILED])}


def in_order(state: State, items: Mapping[str, Item]) -> list[Item]:
    """As they stand in their file: what is pending as it will be taken, what is done as it came."""
    return sorted(items.values(), key=_ORDER[state])


_ORDER: dict[State, Callable[[Item], tuple[Any, ...]]] = {
    State.PENDING: lambda item: (-item.priority, item.pos),
    State.ACTIVE: lambda item: (item.pos,),
    State.FAILED: lambda item: (item.pos,),
    State.COMPLETED: lambda item: (item.completed_at or item.added_at, item.seq),
    State.REMOVED: lambda item: (item.removed_at or item.added_at, item.seq),
}
