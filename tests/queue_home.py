"""Queues for tests: what is where, what a crash leaves, and what a person saves."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from movie_sync.models import Item, State
from movie_sync.queue_load import load
from movie_sync.queues import QueueManager

NEVER_S = 3600.0  # for `idle_s`: the files are written at the end only


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: a sync costs nothing there, and holds as much."""
    memory = "/dev/shm"  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


def states(queue: QueueManager) -> dict[str, State]:
    return {item.id: state for state in State for item in queue.iter(state)}


def on_disk(folder: Path, *, reader: bool = False) -> dict[str, State]:
    """What the program would find there if it started now."""
    items, _ = load(folder, reader=reader)
    return {id_: state for state in State for id_ in items[state]}


def in_files(folder: Path) -> dict[str, State | None]:
    """What jq sees, whatever the journal says; None for what it sees twice for a moment."""
    found: dict[str, State | None] = {}
    for state in State:
        for item in json.loads((folder / f"queue_{state}.json").read_bytes()):
            found[item["id"]] = None if item["id"] in found else state
    return found


def as_crashed(folder: Path, to: Path) -> Path:
    """A copy of the folder as it is at this moment: what a process that dies now leaves.

    Copying takes longer than a moment, so it is repeated until nothing was written meanwhile.
    """
    journal = folder / "queue.journal"
    while True:
        before = journal.read_bytes()
        shutil.copytree(folder, to, symlinks=True, ignore=shutil.ignore_patterns("*.tmp"))
        if before == journal.read_bytes() == (to / "queue.journal").read_bytes():
            return to
        shutil.rmtree(to)


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()[1:-1]


def save(path: Path, text: bytes) -> None:
    """As editors do: written beside it, then renamed into its place."""
    beside = path.with_name("4913")
    beside.write_bytes(text)
    beside.replace(path)


def until(condition: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


def ids(items: list[Item]) -> list[str]:
    return [item.id for item in items]
