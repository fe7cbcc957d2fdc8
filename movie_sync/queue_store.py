"""What the queues hold, in memory and on disk: the journal at once, the files a second later.

The journal is the truth while the program runs; at rest the files are, and the journal holds
nothing that they do not. Only `QueueManager` uses this module, and decides what changes.
"""

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from movie_sync import queue_edits
from movie_sync.errors import QueueError
from movie_sync.journal import Change, Journal, Record, Syncs
from movie_sync.models import Item, State
from movie_sync.queue_folder import QueueFolder
from movie_sync.queue_items import QueueItems
from movie_sync.queue_load import BELIEVED, in_order, load

log = logging.getLogger(__name__)

IDLE_S = 1.0  # between two looks for edits, and between a change and its file
SHARE = 9  # of the time goes to other work while many changes to long files are written
LONGEST_PAUSE_S = 30.0

CUT_BYTES = 256 * 1024  # a journal longer than this is begun anew after a snapshot
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Store:
    """The items of all queues. `lock` is held around every look and every change.

    Raises:
        QueueError: a file is damaged or cannot be written; nothing was started.
    """

    def __init__(
        self,
        folder: Path,
        *,
        idle_s: float,
        on_edit: Callable[[State, Item], Item],
        sync: Callable[[int], object] = os.fdatasync,
    ) -> None:
        self.lock = threading.Lock()
        self.broken: str | None = None  # set while the disk cannot be trusted
        loaded, self.seq = load(folder)  # the number of the last change
        self.items = QueueItems(loaded)
        self._folder, self._idle_s, self._on_edit = folder, idle_s, on_edit
        self._files = QueueFolder(folder)
        self._journal = Journal(folder / "queue.journal", sync)
        self._tail: list[Record] = []  # what the files do not hold yet,
        self._held = self.seq  # and up to which number they hold everything
        self._closed = False
        self._closing = threading.Event()
        self._changed = threading.Event()
        try:
            # Replayed changes go to the files, and a torn journal never comes back.
            self.snapshot(cut=True)
        except OSError as error:
            raise QueueError(
                f"{folder} cannot be written ({_plainly(error)}); nothing was started"
            ) from error
        # A daemon, for a crash elsewhere must not be held up: what it would write, the journal has.
        self._thread = threading.Thread(target=self._keep_files, name="queue-files", daemon=True)

    def start(self) -> None:
        """Keep the files up to date from now on, until `close`."""
        self._thread.start()

    def apply(self, changes: Sequence[Change], *, finishing: bool = False) -> int:
        """Make these changes as one; returns a ticket to `wait` with. Needs the lock.

        Args:
            finishing: they end something under way, and may use the last of the disk.

        Raises:
            QueueError: nothing was changed.
        """
        if not changes:
            return 0
        if self._closed:
            raise QueueError("the queues are closed; nothing was changed")
        if self.broken:
            raise QueueError(self.broken)
        seq = self.seq + 1
        numbered = [self.items.numbered(change, seq) for change in changes]
        record = Record(seq, numbered)
        try:
            ticket = self._journal.append(record, finishing=finishing)
        except OSError as error:
            if error.errno in FULL:
                full = f"the disk of {self._folder} is full; nothing was changed"
                raise QueueError(full) from error
            self._distrust(error)
            raise QueueError(
                f"the queue journal failed ({_plainly(error)}); nothing was changed"
            ) from error
        self.seq = seq
        self._tail.append(record)
        for change in numbered:
            self.items.put(*change)
        self._changed.set()
        return ticket

    def show(self, item: Item) -> None:
        """Make a change that a crash may forget, as progress is. Needs the lock."""
        self.items.show(item)
        self._changed.set()

    def wait(self, ticket: int) -> None:
        """Return when these changes would outlive a power cut. Must not hold the lock.

        Raises:
            QueueError: they were made, and may or may not outlive it.
        """
        try:
            self._sync(ticket)
        except OSError as error:
            raise QueueError(
                f"the queue journal could not be synced ({_plainly(error)}); the last change was "
                "made, but a power cut may undo it"
            ) from error

    @property
    def syncs(self) -> Syncs:
        return self._journal.syncs

    def trouble(self) -> list[str]:
        """What a person should know of the files, as sentences."""
        return [*([self.broken] if self.broken else []), *self._files.notes()]

    def snapshot(self, *, cut: bool = False) -> bool:
        """Bring the files up to date, and the journal down. For one thread at a time.

        False if a person has saved a file meanwhile: it stays, and the journal holds the rest.

        Raises:
            OSError: some files are as they were; the journal holds the rest.
        """
        with self.lock:
            dirty = [state for state in BELIEVED if state in self.items.dirty]
            views = {state: self.items.view(state) for state in dirty}
            seq, ticket = self.seq, self._journal.ticket
            self.items.dirty.clear()
            self._changed.clear()
        left = set(dirty)
        try:
            self._sync(ticket)  # no file may hold half of a batch that the journal lacks
            for state in dirty:
                if self._files.write(state, in_order(state, views.pop(state))):
                    left.discard(state)
        finally:
            with self.lock:
                self.items.dirty |= left
        if left:
            return False
        with self.lock:
            ticket = self._shorten_journal(seq, cut=cut)
        self._sync(ticket)
        return True

    def close(self) -> None:
        """Leave everything in the files and nothing in the journal.

        Raises:
            QueueError: the files could not be written; the journal holds what they lack.
        """
        if self._closing.is_set():
            return
        self._closing.set()
        self._changed.set()
        self._thread.join()
        try:
            self._heal()
            try:
                self._merge_edits(patient=False)
            finally:
                with self.lock:
                    self._closed = True
                self.snapshot(cut=True)
        except OSError as error:
            raise QueueError(
                f"the queue files could not be written ({_plainly(error)}); the journal beside "
                "them holds the last changes"
            ) from error
        finally:
            with self.lock:
                self._closed = True
                self._journal.close()

    def _keep_files(self) -> None:
        """The thread that brings changes to the files, and edits of the files to us."""
        failed, pause_s = False, self._idle_s
        while not self._closing.is_set():
            if self._changed.wait(self._idle_s) and self._closing.wait(pause_s):
                return
            started = time.monotonic()
            try:
                self._keep_up()
            except (OSError, QueueError) as error:
                if not failed:
                    log.warning("queue files: %s; the journal holds what they lack", error)
                failed = True
            else:
                failed = False
            took_s = time.monotonic() - started
            pause_s = max(self._idle_s, min(SHARE * took_s, LONGEST_PAUSE_S))

    def _keep_up(self) -> None:
        if not self.broken and not self._journal.in_place:
            with self.lock:
                self._distrust(OSError("somebody took queue.journal away"))
        self._heal()
        self._merge_edits(patient=True)
        if self.items.dirty:
            self.snapshot()

    def _heal(self) -> None:
        """After a failure: a fresh journal with all that the files lack.

        Raises:
            OSError: the queues stay read-only.
        """
        with self.lock:
            if self.broken:
                self._journal.begin(self._held, self._tail)
                self.broken = None
                log.info("the queues can be written again")

    def _merge_edits(self, *, patient: bool) -> None:
        """Take over what a person changed in the files since we wrote them.

        Raises:
            OSError, QueueError: their files are as they are, and will be looked at again.
        """
        edits = self._files.edits(patient=patient)
        with self.lock:
            self.items.dirty |= self._files.lost()
            if not edits:
                return
            edited = {state: edit.items for state, edit in edits.items()}
            written, taken = self._files.written, self._files.taken
            merged = queue_edits.merge(edited, written, self.items.everything(), taken)
            if merged.changes:
                self.apply([self._edited(c) for c in merged.changes.values()], finishing=True)
            self.items.dirty |= set(edits)
            current = self.items.everything()
        for id_, becomes, _ in merged.changes.values():
            log.info("%s: edited by hand, now %s", id_, becomes or "gone")
        for state, edit in edits.items():
            self._files.settle(state, edit, current, merged)

    def _edited(self, change: Change) -> Change:
        id_, state, item = change
        return (id_, state, self._on_edit(state, item)) if state and item else change

    def _shorten_journal(self, seq: int, *, cut: bool) -> int:
        """Tell the journal that the files hold everything up to `seq`; returns its ticket."""
        self._tail = [record for record in self._tail if record.s > seq]
        self._held = seq
        if cut or self._journal.used_bytes > CUT_BYTES:
            self._journal.begin(seq, self._tail)
            return self._journal.ticket
        return self._journal.append(Record(self.seq, f=seq), finishing=False)

    def _sync(self, ticket: int) -> None:
        try:
            self._journal.wait(ticket)
        except OSError as error:
            with self.lock:
                self._distrust(error)
            raise

    def _distrust(self, error: OSError) -> None:
        """After a failed write the journal is believed no more until there is a fresh one.

        A failed sync leaves pages marked clean that never reached the disk, so asking again would
        be told a lie (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).
        """
        if not self.broken:
            self.broken = (
                f"{self._folder} cannot be written ({_plainly(error)}); the queues are read-only"
            )
            log.warning("%s until a fresh journal can be written", self.broken)
        self._changed.set()


def _plainly(error: OSError) -> str:
    return error.strerror or str(error)
