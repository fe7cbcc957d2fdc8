"""Workers that are started, killed at any moment, and followed by the next on the same folder."""

import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from movie_sync.errors import QueueError
from movie_sync.journal import read
from tests.crash.promises import Book, Fault, found_by_the_program, found_in_files

TOP = Path(__file__).parent.parent.parent
ON_DISK = "/var/tmp"  # noqa: S108 (/tmp may be in memory, where nothing is synced)
LIVES_OF_A_FOLDER = 12
AT_START = 0.15  # the share of lives that are killed while they open the queues
STARTS_IN_S = 0.25
START_S = 120.0  # no worker takes longer to open its queues, or is judged to hang


@dataclass
class Tally:
    """What was done, and what was found wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def judge(self, faults: Sequence[Fault], where: str) -> None:
        self.faults += [Fault(fault.kind, f"{where}: {fault.sentence}") for fault in faults]

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.counts + other.counts, self.faults + other.faults)


class Life:
    """A worker, and all that it has said; `before` is put before its command."""

    def __init__(self, home: Path, seed: int, *options: object, before: Sequence[str] = ()) -> None:
        command = [*before, sys.executable, "-m", "tests.crash.worker", home, seed, *options]
        self.lines: list[str] = []
        self._heard = threading.Condition()
        self.process = subprocess.Popen(
            [str(word) for word in command], cwd=TOP, stdout=subprocess.PIPE
        )
        self._ear = threading.Thread(target=self._listen)
        self._ear.start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._heard:
                self.lines.append(line.decode())
                self._heard.notify()
        with self._heard:
            self.lines.append("")  # the end, of which nothing is made
            self._heard.notify()

    def until(self, lines: int) -> None:
        """Return when it has said so many lines, or has ended."""
        with self._heard:
            assert self._heard.wait_for(
                lambda: len(self.lines) >= lines or "" in self.lines[-1:], START_S + lines / 50
            ), "the worker says nothing any more"

    def end(self, how: signal.Signals | None = None) -> list[str]:
        """Wait for its end, or bring it about; returns all it said."""
        if how:
            self.process.send_signal(how)
        self.process.wait()
        self._ear.join()
        assert self.process.stdout
        self.process.stdout.close()
        return [line for line in self.lines if line.endswith("\n")]


def kill_often(
    *, seed: int, operations: int, threads: int = 1, most_lines: int = 2000, place: str = ON_DISK
) -> Tally:
    """Lives of random length, each killed, until so many operations were acknowledged."""
    tally, chance = Tally(), random.Random(seed)
    while tally.counts["acknowledged"] < operations and not tally.faults:
        with folder_in(place) as home:
            book = Book()
            for _ in range(LIVES_OF_A_FOLDER):
                seed += 1
                lines = 0 if chance.random() < AT_START else chance.randrange(2, most_lines)
                bulk = f"--bulk-bytes={chance.choice((500, 5000))}"
                tally += killed(home, book, seed, f"--threads={threads}", bulk, lines=lines)
                if tally.faults or tally.counts["acknowledged"] + book.acknowledged >= operations:
                    break
            tally += ended(home, book, seed + 1)
            tally.counts["acknowledged"] += book.acknowledged
    return tally


@contextmanager
def folder_in(place: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="movie_sync-crash-", dir=place) as folder:
        yield Path(folder)


def killed(home: Path, book: Book, seed: int, *options: object, lines: int) -> Tally:
    """One life until it has said so much; then what is left is held against what it said."""
    life = Life(home, seed, *options)
    try:
        life.until(lines)
        if not lines:
            time.sleep(random.Random(seed).uniform(0, STARTS_IN_S))
    finally:
        said = life.end(signal.SIGKILL)
    book.hear(said)
    tally = Tally(Counter(kills=1, lines=len(said)))
    tally.judge(look(home, book), f"killed in life {seed}")
    return tally


def ended(home: Path, book: Book, seed: int) -> Tally:
    """A life that only opens and closes the queues: everything is in the files then, once."""
    said = Life(home, seed, "--steps=0").end()
    tally = Tally(Counter(closed=1))
    if said[-1:] != ["closed\n"]:
        tally.judge([Fault("not started", str(said[-1:]))], f"ended after life {seed - 1}")
        return tally
    found, doubled = found_in_files(home)
    tally.judge([*book.faults(found), *doubled], f"at rest after life {seed - 1}")
    if read(home / "queue.journal")[1]:
        tally.judge([Fault("torn", "the journal is not empty at rest")], f"life {seed - 1}")
    return tally


def look(home: Path, book: Book) -> list[Fault]:
    """What is not as it was promised; the next life owes what is found now."""
    try:
        found = found_by_the_program(home)
        faults = book.faults(found)
        if found_by_the_program(home, reader=True) != found:
            faults.append(Fault("torn", "a reading command sees something else"))
    except QueueError as error:
        return [Fault("not started", str(error))]
    book.settle(found)
    return faults
