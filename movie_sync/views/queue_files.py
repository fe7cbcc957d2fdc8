"""The queue files of a home: how large they are, whether they are sound, and what came before."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from movie_sync import queue_files
from movie_sync.films.items import KIND
from movie_sync.messages import is_errand
from movie_sync.models import SHOW, State
from movie_sync.queue_generations import Generation, generations
from movie_sync.queue_load import Items, load, statistics

JOURNAL = "queue.journal"


class QueueFile(Struct, frozen=True):
    """One of them as it lies there; the journal is one too."""

    name: str
    size_bytes: int
    saved_at: datetime


def files(home: Path) -> list[QueueFile]:
    """Those that there are."""
    found = []
    for path in (*(queue_files.path_of(home, state) for state in State), home / JOURNAL):
        try:
            status = path.stat()
        except OSError:
            continue
        saved_at = datetime.fromtimestamp(status.st_mtime, UTC)
        found.append(QueueFile(path.name, status.st_size, saved_at))
    return found


def earlier(home: Path) -> dict[State, list[Generation]]:
    """What each could go back to, the newest first. Reads all of it, which takes its time."""
    return {state: found for state in State if (found := generations(home, state))}


def check(home: Path) -> list[str]:
    """Read every queue file and the journal; what there is to say of them, as sentences.

    Raises:
        QueueError: one is damaged; the message says where.
    """
    items, seq = load(home, reader=True)
    everything = [item for state in State for item in items[state].values()]
    known = statistics(lambda state: items[state].values())
    counts = ", ".join(f"{known[state]} {state}" for state in State)
    errands = sum(map(is_errand, everything))
    told = f"; {errands} notices and library refreshes" if errands else ""
    shows = sum(item.kind == SHOW for item in everything)
    told += f"; {shows} shows" if shows else ""
    sound = f"the queue files are sound: {counts}{told}; {seq} changes so far"
    return [sound, *_not_worked_on(home, items)]


def _not_worked_on(home: Path, items: Items) -> Iterator[str]:
    """What can be read, but waits for ever, as after a slip of the pen or of a newer version."""
    for state, found in items.items():
        for item in found.values():
            if item.kind not in {KIND, SHOW} and not is_errand(item):
                yield (
                    f"queue_{state}.json: {item.id} is of the kind {item.kind!r}, which this "
                    f"version does not know; it stays as it is; films are of the kind {KIND!r}"
                )
    ours = {queue_files.path_of(home, state).name for state in State}
    for path in sorted(home.glob("queue_*.json")):
        if path.name not in ours:
            yield f"{path.name} is no queue of this version; it was not read"
