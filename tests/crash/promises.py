"""What a process was promised, and whether a disk still holds it. Pure but for reading.

A worker says before each operation which items it may change, and after it what came of that:

    ? 3.17 film:8 film:16              operation 17 of thread 3 begins; it changes both or none
    ! 3.17 film:8=pending:40:1f3c9a02  it was acknowledged: state, number and mark of each item,
                                       and ":claim" of what is taken and has no outcome yet
    - 3.17                             it was refused, and nothing was changed
    ~ 3.17                             it was made, and may or may not outlive a power cut

What was acknowledged last must be there to the letter. Something newer may be there only where an
operation had begun, or where a claim was made or undone, which is never promised.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from movie_sync.models import Item, State
from movie_sync.queue_load import load

GONE = "gone"
SOMEWHERE = "somewhere"  # in some state, as another thread has changed it by now
# What may become of an item with nobody told: it is claimed, put back, or given up; and a claim
# that nobody wants any more comes to rest.
UNPROMISED = {
    State.PENDING: {State.PENDING, State.ACTIVE, State.FAILED},
    State.ACTIVE: set(State),
    SOMEWHERE: set(State),
}


class Standing(NamedTuple):
    """Where an item is, and as what."""

    state: str
    seq: int
    mark: str = ""  # of everything that is kept of it
    claim: bool = False  # taken, and with no outcome yet

    def __str__(self) -> str:
        return f"{self.state}:{self.seq}:{self.mark}" + (":claim" if self.claim else "")


class Fault(NamedTuple):
    kind: str  # "lost", "doubled", "misplaced", "torn", "not started"
    sentence: str


def standing(state: State, item: Item) -> Standing:
    kept = msgspec.json.encode(replace(item, progress=None, step=None))
    claim = state is State.ACTIVE and item.handle is None
    return Standing(str(state), item.seq, f"{zlib.crc32(kept):08x}", claim)


def found_by_the_program(folder: Path, *, reader: bool = False) -> dict[str, Standing]:
    """What it would begin with if it started now."""
    items, _ = load(folder, reader=reader)
    return {id_: standing(s, item) for s in State for id_, item in items[s].items()}


def found_in_files(folder: Path) -> tuple[dict[str, Standing], list[Fault]]:
    """What jq sees, with what it sees twice. None of the program's own reading is used."""
    found: dict[str, Standing] = {}
    doubled = []
    for state in State:
        for entry in json.loads((folder / f"queue_{state}.json").read_text(encoding="utf-8")):
            item = msgspec.convert(entry, Item)
            if item.id in found:
                doubled.append(Fault("doubled", f"{item.id} is in two files"))
            found[item.id] = standing(state, item)
    return found, doubled


class Book:
    """What the queues of one folder owe, from one life of a worker to the next."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self.refused = 0
        self.unsure = 0
        self.promised: dict[str, Standing] = {}
        self._begun: dict[str, dict[str, Standing | None]] = {}  # and what was promised before
        self._unsure: set[str] = set()

    def hear(self, lines: Iterable[str]) -> None:
        for line in lines:
            sign, _, rest = line.partition(" ")
            operation, _, what = rest.strip().partition(" ")
            match sign:
                case "?":
                    self._begun[operation] = {id_: self.promised.get(id_) for id_ in what.split()}
                case "!":
                    self._begun.pop(operation)
                    self.acknowledged += 1
                    for entry in what.split():
                        self._promise(*entry.split("="))
                case "-":
                    self._begun.pop(operation)
                    self.refused += 1
                case "~":
                    self._unsure.update(self._begun.pop(operation))
                    self.unsure += 1

    def settle(self, found: Mapping[str, Standing]) -> None:
        """From now on what was found is what is owed: a new life begins with it."""
        self.promised = dict(found)
        self._begun.clear()
        self._unsure.clear()

    def faults(self, found: Mapping[str, Standing]) -> list[Fault]:
        """What is not as it was promised."""
        return [*self._of_each(found), *self._of_batches(found)]

    def _promise(self, id_: str, what: str) -> None:
        state, seq, *mark = what.split(":")
        promise = Standing(state, int(seq), *mark[:1], claim="claim" in mark)
        if id_ not in self.promised or self.promised[id_].seq <= promise.seq:
            self.promised[id_] = promise

    def _of_each(self, found: Mapping[str, Standing]) -> Iterator[Fault]:
        may_change = self._unsure.union(*self._begun.values())
        for id_, promise in self.promised.items():
            if id_ not in may_change or id_ in found:
                yield from _faults_of(id_, promise, found.get(id_), may=id_ in may_change)
        for id_ in found.keys() - self.promised.keys() - may_change:
            yield Fault("misplaced", f"{id_} is {found[id_]}, and nobody has put it there")

    def _of_batches(self, found: Mapping[str, Standing]) -> Iterator[Fault]:
        for operation, ids in self._begun.items():
            sure = [id_ for id_ in ids if id_ not in self._unsure and not _is_claim(found.get(id_))]
            changed = [id_ for id_ in sure if _is_changed(ids[id_], found.get(id_))]
            if 0 < len(changed) < len(sure):
                yield Fault("torn", f"{operation} was to change {sure}, and changed {changed} only")


def _is_claim(now: Standing | None) -> bool:
    """Then there is no telling whether it was changed by more than that."""
    return now is not None and now.claim


def _is_changed(before: Standing | None, now: Standing | None) -> bool:
    if now is None:
        return before is not None and before.state != GONE
    return before is None or now.seq > before.seq


def _faults_of(id_: str, promise: Standing, now: Standing | None, *, may: bool) -> Iterator[Fault]:
    if now is None:
        if promise.state != GONE:
            yield Fault("lost", f"{id_} was {promise}, and is not there")
    elif promise.state == GONE:
        yield Fault("doubled", f"{id_} was merged into another, and is {now} again")
    elif now.seq < promise.seq:
        yield Fault("lost", f"{id_} was {promise}, and is {now} again")
    elif now.seq == promise.seq:
        if now.mark != promise.mark or promise.state not in (now.state, SOMEWHERE):
            yield Fault("misplaced", f"{id_} was {promise}, and is {now}")
    elif not may and not _may_be_unpromised(promise, now):
        yield Fault("misplaced", f"{id_} was {promise}, and is {now}, which nobody began")


def _may_be_unpromised(promise: Standing, now: Standing) -> bool:
    if promise.state == State.ACTIVE and not promise.claim:
        return False
    may_be = UNPROMISED.get(promise.state, set())
    return now.state in may_be and (now.claim or now.state != State.ACTIVE)
