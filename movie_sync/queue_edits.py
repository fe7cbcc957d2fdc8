"""A person's edit of a queue file while the program runs, merged item by item. Pure.

What a person changed is what differs from what we last wrote there. An editor may have been open
for long, though, and its text older than our file. Two rules keep that from doing harm:

- A line is changed by the person only where it carries the number of the item as it is now. With
  an older number the program's newer change wins, and the person is told.
- A line that is missing is deleted only where the text proves that it was there to be seen: some
  other line, of the same number or a newer one, that we wrote to that file and that was kept.
  Whatever is newer than every line of the text may have come after the editor was opened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from msgspec import Struct

from movie_sync import queue_files
from movie_sync.journal import Change
from movie_sync.models import Item, State

Known = tuple[State, Item]

Taken = Mapping[tuple[str, int], int]  # id, number in an edit -> number that its taking over got

MEANWHILE = "the program changed it in the meantime"
IN_HAND = "it cannot be {} while it is worked on"
UNSEEN = (
    "it is newer than every line that was left, and may have come after your editor read the file; "
    'if it should go, say "queue remove {}"'
)


class Written(Struct, frozen=True, gc=False):
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

    def refuse(self, state: State, item: Item, why: str) -> None:
        self.refused.setdefault(state, []).append(f"{item.title}: {why}")


def merge(
    edited: Mapping[State, Sequence[Item]],
    written: Mapping[State, Mapping[str, Written]],
    current: Mapping[str, Known],
    taken: Taken = MappingProxyType({}),
) -> Merge:
    """What a person wants, judged over all edited files at once, so that a line that was moved
    from one file to another is a move and not a deletion.

    Args:
        taken: edits that were taken over before. An editor that saves twice still has the numbers
            from before its first edit.
    """
    result = Merge()
    for state, items in edited.items():
        before = written[state]
        for item in items:
            if before.get(item.id) != mark_of(item):
                base, known = before.get(item.id), current.get(item.id)
                if why := _why_not(state, _number_now(item, taken), base, known):
                    result.refuse(state, item, why)
                else:
                    result.changes[item.id] = (item.id, state, item)
    mentioned = {item.id for items in edited.values() for item in items}
    for state, items in edited.items():
        before = written[state]
        seen = max(
            (i.seq for i in items if i.id in before and before[i.id].seq == i.seq), default=0
        )
        for id_, base in before.items():
            known = current.get(id_)
            if id_ not in mentioned and known is not None and known[0] is state:
                _delete(known[1], state, base, result, seen=seen)
    return result


def _number_now(item: Item, taken: Taken) -> int:
    """The number of the state of the item that this line was made from; 0 if it names none."""
    seq = item.seq
    while (item.id, seq) in taken:
        seq = taken[item.id, seq]
    return seq


def _why_not(state: State, seq: int, base: Written | None, known: Known | None) -> str | None:
    """Why a line that is new here, or not as we wrote it, is not taken over."""
    was, ours = known or (None, None)
    if ours is not None and not seq and not base:
        return f"it is in queue_{was}.json; move its line from there"
    newer = ours is not None and ours.seq != (seq or (base.seq if base else 0))
    if newer or (base and was is not state):
        return MEANWHILE
    return IN_HAND.format("changed") if State.ACTIVE in (state, was) else None


def _delete(ours: Item, state: State, base: Written, result: Merge, *, seen: int) -> None:
    """A line that we wrote and that is gone.

    Args:
        seen: the highest number that the person has surely seen in this file.
    """
    if ours.seq != base.seq:
        result.refuse(state, ours, MEANWHILE)
    elif state is State.ACTIVE:
        result.refuse(state, ours, IN_HAND.format("deleted"))
    elif base.seq > seen:
        result.refuse(state, ours, UNSEEN.format(ours.id))
    else:
        result.changes[ours.id] = (ours.id, None, None)
