"""A person's edit of a queue file while the program runs, merged item by item. Pure.

What a person changed is what differs from what we last wrote there. Where the program changed the
same item since, the program's newer change wins, and the person is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from movie_sync import queue_files
from movie_sync.journal import Change
from movie_sync.models import Item, State

Known = tuple[State, Item]

MEANWHILE = "the program changed it in the meantime"


@dataclass(frozen=True, slots=True)
class Written:
    """One item as we last wrote it to a file: its number, and a mark of its text."""

    seq: int
    mark: int


def mark_of(item: Item) -> Written:
    return Written(item.seq, hash(queue_files.encode(item)))


@dataclass(slots=True)
class Merge:
    """Changes to make, and what could not be taken over, as sentences for each file."""

    changes: dict[str, Change] = field(default_factory=dict)
    refused: dict[State, list[str]] = field(default_factory=dict)
    outdated: set[State] = field(default_factory=set)  # files edited from an older text than ours

    def refuse(self, state: State, item: Item, why: str) -> None:
        self.refused.setdefault(state, []).append(f"{item.title}: {why}")
        if why == MEANWHILE:
            self.outdated.add(state)


def merge(
    edited: Mapping[State, Sequence[Item]],
    written: Mapping[State, Mapping[str, Written]],
    current: Mapping[str, Known],
) -> Merge:
    """What a person wants, judged over all edited files at once, so that a line that was moved
    from one file to another is a move and not a deletion."""
    result = Merge()
    for state, items in edited.items():
        before = written[state]
        for item in items:
            if before.get(item.id) != mark_of(item):
                _take_over(item, state, before.get(item.id), current.get(item.id), result)
    for state, items in edited.items():
        here = {item.id for item in items}
        newest = max((item.seq for item in items), default=0)
        for id_, base in written[state].items():
            known = current.get(id_)
            if id_ in here or id_ in result.changes or known is None or known[0] is not state:
                continue
            unseen = state in result.outdated and base.seq > newest
            _delete(known[1], state, base, result, unseen=unseen)
    return result


def _take_over(
    item: Item, state: State, base: Written | None, known: Known | None, result: Merge
) -> None:
    """A line that is new here, or not as we wrote it."""
    was, ours = known or (None, None)
    touched = ours is not None and ours.seq != (base.seq if base else item.seq)
    if touched or (base and was is not state):
        result.refuse(state, item, MEANWHILE)
    elif State.ACTIVE in (state, was):
        result.refuse(state, item, "it cannot be changed while it is worked on")
    else:
        result.changes[item.id] = (item.id, state, item)


def _delete(ours: Item, state: State, base: Written, result: Merge, *, unseen: bool) -> None:
    """A line that we wrote and that is gone.

    Args:
        unseen: it came into the file after the person had opened it, so far as one can tell.
    """
    if ours.seq != base.seq:
        result.refuse(state, ours, MEANWHILE)
    elif unseen:
        result.refuse(state, ours, "the program added it in the meantime")
    elif state is State.ACTIVE:
        result.refuse(state, ours, "it cannot be deleted while it is worked on")
    else:
        result.changes[ours.id] = (ours.id, None, None)
