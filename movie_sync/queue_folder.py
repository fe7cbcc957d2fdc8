"""The queue files as the program last left them, and what a person did to them since.

A person may save a file at any moment, also while we write it. So no file is replaced that is not
as we left it, and one that was saved in the very moment of replacing is put back.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from movie_sync import queue_files
from movie_sync.models import Item, State
from movie_sync.queue_edits import Known, Merge, Written, mark_of
from movie_sync.queue_files import Stamp

log = logging.getLogger(__name__)

TOLD = 3  # reasons in one note; the rest is counted


@dataclass(frozen=True, slots=True)
class Edit:
    """A file that a person saved."""

    text: bytes
    stamp: Stamp
    items: list[Item]


class QueueFolder:
    """For one thread at a time, save `notes`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamps: dict[State, Stamp | None] = {}  # of the files as we know them
        self._broken_off: dict[State, Stamp] = {}  # seen once, and perhaps not saved to the end
        self._unreadable: set[State] = set()
        self._asides: dict[Path, str] = {}
        self._unread: dict[State, str] = {}  # files that cannot even be opened, and why
        self.taken: dict[tuple[str, int], int] = {}  # as in `queue_edits.merge`
        self.written: dict[State, dict[str, Written]] = {state: {} for state in State}

    def write(self, state: State, items: Iterable[Item]) -> bool:
        """Replace one file; False if a person has saved it meanwhile, which is to be merged first.

        Raises:
            OSError: the file is as it was.
        """
        path, known = self._path(state), self._stamps.get(state)
        found = queue_files.stamp_of(path)
        if known and found not in (known, None):
            return False
        marks: dict[str, Written] = {}
        try:
            stamp = queue_files.write(self._folder, state, _lines(items, marks))
        except OSError:
            if queue_files.stamp_of(path) != found and self._holds(path, items):
                self._stamps[state] = queue_files.stamp_of(path)  # it was put in its place
            raise
        previous = queue_files.previous_of(path)
        if known and found and queue_files.stamp_of(previous) not in (found, None):
            previous.replace(path.resolve())
            return False
        self._stamps[state], self.written[state] = stamp, marks
        self._unreadable.discard(state)
        return True

    @staticmethod
    def _holds(path: Path, items: Iterable[Item]) -> bool:
        """Whether the file is ours, and none that a person saved while we failed."""
        with suppress(OSError):
            return path.read_bytes() == b"".join(queue_files.array(_lines(items, {})))
        return False

    def lost(self) -> set[State]:
        """Files that somebody took away or made unreadable, and that we have to write again."""
        gone = {s for s in self._stamps if queue_files.stamp_of(self._path(s)) is None}
        return gone | self._unreadable

    def edits(self, *, patient: bool) -> dict[State, Edit]:
        """What a person saved since we wrote. What cannot be read is put aside.

        Args:
            patient: look twice at what cannot be read, because it may be half saved.
        """
        found: dict[State, Edit] = {}
        for state, known in self._stamps.items():
            settled = self._saved(state, known)
            if settled is None:
                continue
            text, stamp = settled
            try:
                found[state] = Edit(text, stamp, queue_files.parse(text))
            except ValueError as error:
                if patient and self._broken_off.get(state) != stamp:
                    self._broken_off[state] = stamp
                else:
                    self._set_aside(state, text, "invalid", f"was not taken over: {error}")
                    self._stamps[state] = stamp
                    self._unreadable.add(state)
        return found

    def _saved(self, state: State, known: Stamp | None) -> tuple[bytes, Stamp] | None:
        """What stands there since somebody saved it, if it can be read. One that cannot does not
        hold up the others: the journal holds what it lacks."""
        path = self._path(state)
        try:
            settled = None
            if queue_files.stamp_of(path) not in (known, None):
                settled = queue_files.read_settled(path)
        except OSError as error:
            note = (
                f"{path.name} cannot be read ({error.strerror}) and is left as it is; "
                "queue.journal holds its changes meanwhile; take away what stands there"
            )
            if self._unread.get(state) != note:
                self._unread[state] = note
                log.warning("%s", note)
            return None
        self._unread.pop(state, None)
        return settled

    def settle(
        self,
        state: State,
        edit: Edit,
        current: Mapping[str, Known],
        merged: Merge,
    ) -> None:
        """The edit was merged into `current`, save what was refused, and may be written over.

        If the person saves again before that, only what is new in it counts.
        """
        if refused := merged.refused.get(state, ()):
            more = f"; and {len(refused) - TOLD} more" if len(refused) > TOLD else ""
            ids = {item.id for item in edit.items} | self.written[state].keys()
            partly = not ids.isdisjoint(merged.changes)
            told = "was taken over but for this" if partly else "was not taken over"
            self._set_aside(
                state, edit.text, "edited", f"{told}: {'; '.join(refused[:TOLD])}{more}"
            )
        for item in edit.items:
            now = current[item.id][1].seq if item.id in current else 0
            if item.id in merged.changes and now > item.seq:  # a typed number may be any
                self.taken[item.id, item.seq] = now
        self._stamps[state] = edit.stamp
        self.written[state] = {
            item.id: Written(current[item.id][1].seq, mark_of(item).mark)
            for item in edit.items
            if item.id in current
        }

    def notes(self) -> list[str]:
        """Files in the way, and edits that were not taken over for as long as they are kept."""
        asides = [note for aside, note in self._asides.copy().items() if aside.exists()]
        return [*self._unread.copy().values(), *asides]

    def _set_aside(self, state: State, text: bytes, why: str, sentence: str) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        path = self._path(state)
        aside = queue_files.put_aside(path, text, why, stamp)
        note = f"your edit of {path.name} {sentence}; it is kept as {aside.name}"
        self._asides[aside] = note
        log.warning("%s", note)

    def _path(self, state: State) -> Path:
        return queue_files.path_of(self._folder, state)


def _lines(items: Iterable[Item], marks: dict[str, Written]) -> Iterator[bytes]:
    for item in items:
        line = queue_files.encode(item)
        marks[item.id] = Written(item.seq, hash(line))
        yield line
