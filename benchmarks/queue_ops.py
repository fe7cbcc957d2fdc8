"""How many changes a second the queues promise, each synced to the disk before it is promised.

Run as `python -m benchmarks.queue_ops` from the top folder; takes some two minutes. A change is an
item put, or one taken and completed. Compared in the same minutes with the least that any program
could do, a bare append and fdatasync, with SQLite (WAL, synchronous=FULL), and with persist-queue's
SQLiteAckQueue, each at its best of three rounds, as other work on the machine only slows it down.
"""

import itertools
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from persistqueue import SQLiteAckQueue

from movie_sync.models import Item
from movie_sync.queues import QueueManager

DEPTHS = (100, 1_000, 10_000, 100_000)
ROUNDS = 3
ROUND_S = 0.8
ON_DISK = "/var/tmp"  # noqa: S108 (/tmp may be in memory, where a sync costs nothing)

Change = Callable[[], object]  # two changes in one call: one item in, one item out


def item(number: int) -> Item:
    return Item(
        id=f"film:letterboxd:{number}",
        kind="film",
        title=f"Film {number} (1999)",
        wanted_by=("letterboxd:alice",),
        added_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
        data={"year": 1999, "imdb_id": f"tt{number:07}", "slug": f"film-{number}"},
    )


@contextmanager
def bare(folder: Path, _: int) -> Iterator[Change]:
    descriptor = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    line = msgspec.json.encode(item(1))

    def change() -> None:
        for _ in range(2):
            os.write(descriptor, line)
            os.fdatasync(descriptor)

    yield change
    os.close(descriptor)


@contextmanager
def sqlite(folder: Path, depth: int) -> Iterator[Change]:
    path = folder / f"{depth}.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE IF NOT EXISTS items (id TEXT PRIMARY KEY, state TEXT, item BLOB)")
        db.execute("CREATE INDEX IF NOT EXISTS by_state ON items (state)")
        (count,) = db.execute("SELECT count(*) FROM items").fetchone()
        numbers = itertools.count(count)
        if count < depth:
            db.execute("BEGIN")
            db.executemany(INSERT, (_row(next(numbers)) for _ in range(depth)))
            db.execute("COMMIT")

        def change() -> None:
            db.execute(INSERT, _row(next(numbers)))
            (id_,) = db.execute("SELECT id FROM items WHERE state = 'pending' LIMIT 1").fetchone()
            db.execute("UPDATE items SET state = 'completed' WHERE id = ?", (id_,))

        yield change


INSERT = "INSERT INTO items VALUES (?, 'pending', ?)"


def _row(number: int) -> tuple[str, bytes]:
    one = item(number)
    return one.id, msgspec.json.encode(one)


@contextmanager
def persist(folder: Path, depth: int) -> Iterator[Change]:
    """Its taking is a write too, by which it knows after a crash what was in hand."""
    queue = SQLiteAckQueue(str(folder / f"persist-{depth}"))
    with closing(queue):
        numbers = itertools.count(queue.size)
        for _ in range(queue.size, depth):
            queue.put(item(next(numbers)))

        def change() -> None:
            queue.put(item(next(numbers)))
            queue.ack(queue.get())

        yield change


@contextmanager
def queues(folder: Path, depth: int) -> Iterator[Change]:
    home = folder / str(depth)
    home.mkdir(exist_ok=True)
    queue = QueueManager(home)
    numbers = itertools.count(sum(queue.counts().values()))
    if next(numbers) < depth:
        queue.put_many(item(next(numbers)) for _ in range(depth))

    def change() -> None:
        queue.put_many([item(next(numbers))])
        taken = queue.take("film")
        if taken:
            queue.complete(taken.id)

    yield change
    queue.close()


def changes_a_second(change: Change) -> float:
    begun = time.perf_counter()
    count = 0
    while time.perf_counter() - begun < ROUND_S:
        change()
        count += 2
    return count / (time.perf_counter() - begun)


def memory_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="movie_sync-bench-", dir=ON_DISK) as temporary:
        folder = Path(temporary)
        print(f"{'items':>9} {'bare append':>12} {'SQLite':>8} {'persist-queue':>15} {'queues':>8}")
        flat: list[float] = []
        for depth in DEPTHS:
            best = dict.fromkeys(("bare", "sqlite", "persist", "queues"), 0.0)
            for _ in range(ROUNDS):
                for rival in (bare, sqlite, persist, queues):
                    with rival(folder, depth) as change:
                        best[rival.__name__] = max(best[rival.__name__], changes_a_second(change))
            ours = best["queues"]
            flat.append(ours)
            print(
                f"{depth:>9,} {best['bare']:>10,.0f}/s {best['sqlite']:>6,.0f}/s "
                f"{best['persist']:>13,.0f}/s {ours:>6,.0f}/s = {ours / best['bare']:.2f}, "
                f"{ours / best['sqlite']:.2f}, {ours / best['persist']:.2f} x each"
            )
            sys.stdout.flush()
        print(f"queues: the fastest depth is {max(flat) / min(flat):.2f} x the slowest")
        _at_rest(folder)


def _at_rest(folder: Path) -> None:
    """What it costs to hold and to open them."""
    for depth in (1_000, 100_000):
        before = memory_bytes()
        begun = time.perf_counter()
        queue = QueueManager(folder / str(depth))
        opened_s = time.perf_counter() - begun
        count = sum(queue.counts().values())
        each = (memory_bytes() - before) / count
        begun = time.perf_counter()
        queue.close()
        closed_s = time.perf_counter() - begun
        print(f"{count:,} items: opened in {opened_s * 1000:.0f} ms, closed in "
              f"{closed_s * 1000:.0f} ms, {each:,.0f} bytes of memory each at most")  # fmt: skip


if __name__ == "__main__":
    main()
