"""A whole history is taken over, once, by a person's wish: `start` writes it down, `run` does it.

    read    the source, part by part, into rows that wait      (how far: a checkpoint)
    store   film by film and series by series                  (how far: the rows that are left)

The one thing to know: an import that is written down goes on until it is done or cancelled, also
after the program was killed. What it does a second time changes nothing.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from movie_sync.errors import Blocked, Busy, MovieSyncError, NotAuthorised, Stopping, Unavailable
from movie_sync.history.import_models import IMPORT, Options, Reading
from movie_sync.history.import_rows import Bundle, ImportRows
from movie_sync.history.import_state import ImportState, Progress
from movie_sync.history.rows import SyncRow
from movie_sync.history.store import HistoryStore
from movie_sync.history.syncs_store import INTERRUPTED, RUNNING
from movie_sync.history.taking import Manner, Taking
from movie_sync.services.trakt_shapes import NAME as TRAKT

log = logging.getLogger(__name__)

TOTAL, STARTED_AGAIN = "total", "started_again"  # checkpoints
IMPORTED_AT, SYNCED_AT, COMPARED_AT = "imported_at", "synced_at", "compared_at"  # marks of Trakt
LATER = (Unavailable, Blocked, NotAuthorised, Stopping)  # the import stands still, and goes on


class _Cancelled(Exception):
    """A person wished it."""


class Importing:
    """For any number of threads; one of them imports at a time.

    Args:
        reading: opens what the options name. Raises FilesError, ConfigError.
        stop: is set when the program ends.
    """

    def __init__(
        self,
        store: HistoryStore,
        rows: ImportRows,
        taking: Taking,
        reading: Callable[[Options, datetime], Reading],
        *,
        stop: threading.Event | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._rows, self._taking, self._reading = store, rows, taking, reading
        self._stop, self._clock = stop or threading.Event(), clock
        self._progress = Progress()
        self._starting = threading.Lock()

    @property
    def state(self) -> ImportState:
        return self._progress.state

    def start(self, options: Options, now: datetime) -> int:
        """Write an import down, for `run` to do; says its number.

        Raises:
            Busy: one is going on, or waits to go on.
            FilesError: the file that it names cannot be read.
        """
        reading = self._reading(options, now)
        with self._starting:
            if (before := unended(self._store)) is not None:
                raise Busy(
                    f"import {before.id} is not at its end; nothing was begun; it goes on by "
                    "itself, or is cancelled"
                )
            told = msgspec.to_builtins(options)
            return self._store.begin_sync(IMPORT, now, provider=reading.source, options=told)

    def cancel(self, now: datetime) -> bool:
        """End the import that is going on, or stands still; False where there is none. What is
        stored stays, and can be undone as any sync can."""
        if self._progress.cancel():
            return True
        with self._starting:
            sync = unended(self._store)
            if sync is not None:
                self._end_cancelled(sync.id, now)
            return sync is not None

    def run(self, now: datetime) -> SyncRow | None:
        """Do the import that is written down, to its end; None where there is none.

        Raises:
            Busy: another thread does it.
            Unavailable, Blocked, NotAuthorised, Stopping: it stands still, and goes on by the
                next call.
            MovieSyncError: it ended without success; what is stored stays.
        """
        self._progress.claim()
        problem, cancelled = None, False
        try:
            if (sync := unended(self._store)) is None:
                return None
            self._progress.tell(sync_id=sync.id)
            cancelled = not self._import_or_fail(sync, now)
            return self._store.sync(sync.id)
        except MovieSyncError as error:
            problem = str(error)
            raise
        finally:
            self._progress.release(problem=problem, cancelled=cancelled)

    def _import_or_fail(self, sync: SyncRow, now: datetime) -> bool:
        """False: it was cancelled."""
        try:
            self._import(sync, now)
        except _Cancelled:
            self._end_cancelled(sync.id, self._clock())
            return False
        except LATER:
            raise
        except MovieSyncError as error:
            self._rows.drop(sync.id)
            self._store.end_sync(sync.id, "failed", self._clock(), str(error))
            raise
        return True

    def _import(self, sync: SyncRow, now: datetime) -> None:
        options = msgspec.convert(sync.options, Options)
        reading = self._reading(options, now)
        if sync.state == INTERRUPTED:
            self._store.resume_sync(sync.id)
        self._read(sync, reading)
        self._store_rows(sync, reading, options)
        whole = reading.source.endswith(TRAKT) and options.history
        marks = self._marks(sync, reading) if whole else ()
        self._store.end_sync(sync.id, "done", self._clock(), marks=marks)
        log.info("history: import %d is done", sync.id)

    def _read(self, sync: SyncRow, reading: Reading) -> None:
        """Until a checkpoint says that there is no more."""
        before = self._store.checkpoint(sync.id)
        if TOTAL in before:
            return
        again = {STARTED_AGAIN: "yes"} if before else {}
        read = self._rows.waiting(sync.id)
        self._progress.tell(step="reading", completed=read)
        for part in reading.parts(before):
            self._look_up()
            marked = replace(part, checkpoint={**part.checkpoint, **again})
            self._rows.stage(sync.id, reading.source, marked, self._clock())
            read += len(part.entries)
            if part.problems:
                self._progress.add_errors(part.problems)
            total = max(part.total or 0, read)
            self._progress.tell(current_item=part.sentence, completed=read, total=total)
        waits = self._rows.waiting(sync.id)
        self._store.note_sync(sync.id, checkpoint={TOTAL: str(waits)})

    def _store_rows(self, sync: SyncRow, reading: Reading, options: Options) -> None:
        total = int(self._store.checkpoint(sync.id)[TOTAL])
        left = self._rows.waiting(sync.id)
        manner = Manner(
            source=reading.source,
            full=True,
            needs_tmdb=reading.needs_tmdb,
            most_a_day=options.most_a_day,
            specials=options.specials,
            rate=options.rate,
        )
        while some := self._rows.next_bundles(sync.id):
            self._look_up()
            self._progress.tell(
                step="storing", current_item=_named(some), completed=total - left, total=total
            )
            entries = [entry for bundle in some for entry in bundle.entries]
            taken = self._taking.take(entries, manner, self._clock(), sync_id=sync.id)
            self._progress.add_errors(taken.problems)
            left -= len(entries)
        self._progress.tell(completed=total, total=total)

    def _marks(self, sync: SyncRow, reading: Reading) -> list[tuple[str, str, str | None]]:
        """From when on news have to be asked for: from when this began to read."""
        began = sync.began_at.isoformat()
        marks: list[tuple[str, str, str | None]] = [(TRAKT, IMPORTED_AT, began)]
        if reading.source == TRAKT:
            marks.append((TRAKT, SYNCED_AT, began))
            # What was taken away while a reading stood still may have been missed.
            whole = STARTED_AGAIN not in self._store.checkpoint(sync.id)
            marks.append((TRAKT, COMPARED_AT, began if whole else None))
        return marks

    def _look_up(self) -> None:
        """Whether it is to go on."""
        if self._stop.is_set():
            raise Stopping("the program is stopping; the import goes on when it runs again")
        if self._progress.state.cancellation_requested:
            raise _Cancelled

    def _end_cancelled(self, sync_id: int, now: datetime) -> None:
        self._rows.drop(sync_id)
        self._store.end_sync(sync_id, "cancelled", now, "a person cancelled it")
        log.info("history: import %d was cancelled; what it stored stays", sync_id)


def unended(store: HistoryStore) -> SyncRow | None:
    """The newest import, where it is not at its end."""
    newest = next(iter(store.syncs(kind=IMPORT, limit=1)), None)
    return newest if newest and newest.state in (RUNNING, INTERRUPTED) else None


def _named(bundles: list[Bundle]) -> str:
    first = bundles[0].entries[0].work
    return f"{first.title} ({first.year})" if first.year else first.title
