"""Faults put into the queues on purpose, one at a time: the crash checks must find each.

Every fault is one exact piece of text and what stands there instead, put into a copy of the
program. A piece that is not there exactly once any more stops everything: the fault is to be put
in where that step is taken now.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.crash.lives import TOP

LONGEST_S = 300.0


@dataclass(frozen=True)
class Mutant:
    """`found_by`: the checks that are run, as `python -m tests.crash --only` names them. `quick`:
    they find it in a second or two."""

    name: str
    file: str
    text: str
    becomes: str
    found_by: str = "one"
    quick: bool = False


MUTANTS = (
    Mutant(
        "the journal is not synced",
        "journal.py",
        "                self._sync(self._fd)\n",
        "                pass\n",
        quick=True,
    ),
    Mutant(
        "a file is not synced before it gets its name",
        "atomic.py",
        "            os.fsync(out.fileno())\n            written",
        "            written",
        quick=True,
    ),
    Mutant(
        "the folder is not synced after a file got its name",
        "atomic.py",
        "    sync_folder(real.parent)\n    return written\n",
        "    return written\n",
        quick=True,
    ),
    Mutant(
        "what is put aside is not synced",
        "queue_files.py",
        "        os.fsync(out.fileno())\n    atomic",
        "    atomic",
        "asides",
        quick=True,
    ),
    Mutant(
        "the folder is not synced after something was put aside",
        "queue_files.py",
        "    atomic.sync_folder(path.parent)\n    return aside\n",
        "    return aside\n",
        "asides",
        quick=True,
    ),
    Mutant(
        "a move is not waited for",
        "queues.py",
        "            _, moved = self._find(id_)\n        self._store.wait(ticket)\n",
        "            _, moved = self._find(id_)\n",
        quick=True,
    ),
    Mutant(
        "an addition is not waited for",
        "queues.py",
        "            ticket = self._store.apply(list(changes.values()))\n"
        "        self._store.wait(ticket)\n",
        "            ticket = self._store.apply(list(changes.values()))\n",
        quick=True,
    ),
    Mutant(
        "checksums are not looked at",
        "journal.py",
        '    return payload if checksum == b"%08x" % zlib.crc32(payload, seed) else None\n',
        "    return payload if len(checksum) == 8 else None\n",
        quick=True,
    ),
    Mutant(
        "every journal has the same epoch",
        "journal.py",
        "        epoch = os.urandom(8).hex()\n",
        '        epoch = "0" * 16\n',
        "old-blocks",
        quick=True,
    ),
    Mutant(
        "the journal is cut before the files are written",
        "queue_store.py",
        "        left = set(dirty)\n        try:\n",
        "        left = set(dirty)\n        with self.lock:\n"
        "            self._shorten_journal(seq, cut=cut)\n        try:\n",
        quick=True,
    ),
    Mutant(
        "what changed while the files were written is cut off",
        "queue_store.py",
        "        self._tail = [record for record in self._tail if record.s > seq]\n",
        "        self._tail = []\n",
        "kill,kill-threads",
    ),
    Mutant(
        "what changed while the files were written is said to be in them",
        "queue_store.py",
        "Record(self.seq, f=seq)",
        "Record(self.seq, f=self.seq)",
        "slow",
    ),
    Mutant(
        "files are written of what the journal does not hold yet",
        "queue_store.py",
        "            self._sync(ticket)  # no file may hold",
        "            # no file may hold",
        "slow",
    ),
    Mutant(
        "a sync also serves those who came during it",
        "journal.py",
        "            self._synced = reached\n",
        "            self._synced = self.ticket\n",
        "slow",
    ),
    Mutant(
        "what the journal knew is not written to the files at the start",
        "queue_items.py",
        "        self.dirty = set(State)",
        "        self.dirty: set[State] = set()",
        "kill",
        quick=True,
    ),
    Mutant(
        "the previous file is kept by taking its name away",
        "atomic.py",
        "        _link(file, previous)\n",
        "        file.rename(previous)\n",
        quick=True,
    ),
    Mutant(
        "a failed sync is asked for again and believed",
        "journal.py",
        "                self._failure = error\n                raise\n",
        "                raise\n",
        "journal-fails-threads",
    ),
    Mutant(
        "a fresh journal lacks what the files lack",
        "queue_store.py",
        "                self._journal.begin(self._held, self._tail)\n",
        "                self._journal.begin(self._held, [])\n",
        "journal-fails",
    ),
    Mutant(
        "a line that did not fit is left standing before the next",
        "journal.py",
        "        self._write(line, self.used_bytes)\n        self.used_bytes += len(line)\n",
        "        self.used_bytes += len(line)\n"
        "        self._write(line, self.used_bytes - len(line))\n",
        "failing",
    ),
    Mutant(
        "a journal is believed although its file lost its name",
        "journal.py",
        "        if lost:\n            self._failure = error\n",
        "",
        "failing",
    ),
)


def caught(mutant: Mutant, folder: Path, *, seed: int) -> str | None:
    """The first fault that the checks find in a program with this one; None if they find none."""
    copy = folder / "copy"
    copied(copy)
    edit(copy / "movie_sync" / mutant.file, mutant.text, mutant.becomes)
    try:
        return checked(copy, mutant.found_by, seed=seed)
    finally:
        shutil.rmtree(copy)


def copied(to: Path) -> None:
    for part in ("movie_sync", "tests"):
        shutil.copytree(TOP / part, to / part, ignore=shutil.ignore_patterns("__pycache__"))


def edit(file: Path, text: str, becomes: str) -> None:
    whole = file.read_text(encoding="utf-8")
    count = whole.count(text)
    assert count == 1, f"{file.name} holds {text!r} {count} times: this fault cannot be put in"
    file.write_text(whole.replace(text, becomes), encoding="utf-8")


def checked(copy: Path, checks: str, *, seed: int) -> str | None:
    """What the checks find in a copy of the program."""
    command = [sys.executable, "-m", "tests.crash", "--short", f"--only={checks}", f"--seed={seed}"]
    ended = subprocess.run(
        command, cwd=copy, capture_output=True, text=True, check=False, timeout=LONGEST_S
    )
    faults = [line for line in ended.stdout.splitlines() if line.startswith("fault: ")]
    assert (ended.returncode, bool(faults)) in ((0, False), (1, True)), ended.stderr[-2000:]
    return faults[0].removeprefix("fault: ") if faults else None


def survivors(mutants: Sequence[Mutant], folder: Path, *, seed: int) -> list[str]:
    return [mutant.name for mutant in mutants if caught(mutant, folder, seed=seed) is None]
