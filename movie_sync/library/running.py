"""The library of a running program: what its workers repeat, and what a person may wish.

    library   looks at the sources: those that are due, changed, or wished for
    assets    one thing after the other that files and titles lack; several of these work at once

What a door asks for is safe from any thread: it is stored at once, or noted for the worker, which
is then woken.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from movie_sync.errors import (
    ConfigError,
    FilesError,
    MovieSyncError,
    NotQueued,
    QueueError,
    ServiceError,
)
from movie_sync.library.enriching import Enriching
from movie_sync.library.importers import Importer, Parted
from movie_sync.library.ingest import Look, look, look_at
from movie_sync.library.metadata import Metadata
from movie_sync.library.pictures import Pictures
from movie_sync.library.recognising import Recognising
from movie_sync.library.review import Review
from movie_sync.library.rounds import IDLE_S, Place, Rounds, Turn
from movie_sync.library.rows import Saved
from movie_sync.library.store import LibraryStore

log = logging.getLogger(__name__)

TIDY_EVERY = timedelta(days=1)


class Watches(Protocol):
    """What is needed of `watching.Watching`."""

    problems: dict[str, str]

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def take(self) -> Mapping[str, Collection[str] | None]: ...


class Library:
    """All that belongs to the library, for one run of the program.

    Args:
        closing: is called by `close`, in this order.
    """

    def __init__(
        self,
        store: LibraryStore,
        places: Sequence[Place],
        *,
        recognising: Recognising,
        enriching: Enriching,
        metadata: Metadata | None,
        pictures: Pictures | None,
        stop: threading.Event,
        watching: Callable[[Callable[[], None]], Watches] | None = None,
        closing: Sequence[Callable[[], object]] = (),
    ) -> None:
        self.store, self.review = store, Review(store)
        self.metadata, self.pictures, self.enriching = metadata, pictures, enriching
        self.places = {place.name: place for place in places}
        self.problems: dict[str, str] = {}  # of sources that the last look could not read
        self.wake: Callable[[], object] = lambda: None  # the worker of the looks
        self.wake_assets: Callable[[], object] = lambda: None
        self._recognising, self._stop, self._closing = recognising, stop, closing
        enriching.wake = self._wake_assets
        self._rounds = Rounds(self.places)
        self.changes = 0  # one more as often as lists may tell something else
        self._now: dict[str, Look] = {}
        self._undecided = threading.Event()  # a person's word may say what some files are
        self._undecided.set()  # as may be what a kill left
        self._tidied_at: datetime | None = None
        self._begun = False
        self._watching = watching(self._something_changed) if watching else None

    # The passes

    def look_pass(self, now: datetime) -> float:
        """Look at one source whose turn it is. Returns the seconds until there may be more to do.

        Raises:
            FilesError, ServiceError: the database's. What is wrong with a source is in `problems`.
        """
        self.begin()
        rows = {row.name: row for row in self.store.sources()}
        turn = self._rounds.next(rows, now)
        if turn is None:
            if self._undecided.is_set():
                self.recognise(now)
            self._tidy(now)
            return self._rounds.idle_s(rows, now)
        if self.look_at(turn, now):
            self.recognise(now)
        return 0.0

    def asset_pass(self, now: datetime) -> float:
        """Tell one thing that is lacking. Returns the seconds until there may be more to do."""
        if self.enriching.run(now):
            return 0.0
        return IDLE_S

    def recognise(self, now: datetime) -> Counter[str]:
        """Say of every file that waits what it is, as far as that is known here."""
        self._undecided.clear()
        try:
            counts = self._recognising.run(now, self._stop)
        except MovieSyncError:
            self._undecided.set()
            raise
        if counts:
            self.changes += 1
            log.info("library: %s", ", ".join(f"{n} {what}" for what, n in counts.items()))
        self.expect()
        return counts

    def close(self) -> None:
        """Let go of the database, of every child and connection. What is asked later raises."""
        if self._watching and self._begun:
            self._watching.stop()
        for close in self._closing:
            close()

    # A person's wishes, and news

    def scan(self, name: str | None = None, *, accept: bool = False) -> list[str]:
        """Have a source looked at now, or all; which ones. Raises NotQueued as `named` does."""
        names = self.named(name)
        self._rounds.wish(names, accept=accept)
        self.wake()
        return names

    def named(self, name: str | None) -> list[str]:
        """The source of this name, or all.

        Raises:
            NotQueued: there is no such source.
        """
        if name is None or name in self.places:
            return list(self.places) if name is None else [name]
        known = ", ".join(sorted(self.places)) or "none"
        raise NotQueued(f"there is no source {name}; those that are: {known}")

    def forget(self, name: str, now: datetime) -> Saved:
        """Forget a source that no setting names any more; what it alone showed is gone.

        Raises:
            NotQueued: there is none.
            QueueError: it is still looked at.
        """
        if name in self.places:
            raise QueueError(f"{name} is still a source; nothing was changed")
        if name not in {row.name for row in self.store.sources()}:
            raise NotQueued(f"there is no source {name}; nothing was changed")
        self.problems.pop(name, None)
        return self.store.remove_source(name, now)

    def changed(self, name: str, folder: Path) -> None:
        """Something came or went in this folder of a source."""
        self._rounds.note(name, [str(folder)])
        self.wake()

    def decide(self) -> None:
        """A person has said something: what waits may be known now."""
        self._undecided.set()
        self.wake()
        self.expect()

    def expect(self) -> None:
        """Something may be lacking that was not."""
        self.enriching.expect()
        self._wake_assets()

    def looking(self) -> list[Look]:
        """The looks in hand, as far as they are."""
        return list(self._now.values())

    def troubles(self) -> list[str]:
        """What a person should know and ends no pass, as sentences."""
        watched = self._watching.problems if self._watching else {}
        said = [f"library {name}: {why}" for name, why in {**watched, **self.problems}.items()]
        too_many = self.enriching.problem()
        return [*said, *([too_many] if too_many else [])]

    # Within

    def begin(self) -> None:
        """Know the sources as they are set; once, before the first look."""
        if self._begun:
            return
        rows = {row.name: row for row in self.store.sources()}
        for place in self.places.values():
            self.store.put_source(place.name, place.kind)
            if any(scan.ended_at is None for scan in self.store.scans(place.name, 1)):
                self._rounds.wish([place.name])  # a kill broke it off
        self.problems = {
            name: row.problem for name, row in rows.items() if name in self.places and row.problem
        }
        self._begun = True
        if self._watching:
            self._watching.start()

    def _wake_assets(self) -> None:
        self.wake_assets()

    def _something_changed(self) -> None:
        if self._watching:
            for name, folders in self._watching.take().items():
                self._rounds.note(name, folders)
        self.wake()

    def look_at(self, turn: Turn, now: datetime) -> Look | None:
        """None where it came to nothing: why is in `problems`.

        Raises:
            Stopping: the program ends; what was found is stored.
        """
        place = turn.place
        try:
            importer = self._importer(turn, now)
            if turn.only is not None:
                done = look_at(_parted(importer), turn.only, self.store, now, self._stop)
            else:
                done = look(
                    importer, self.store, now, self._stop,
                    kind=place.kind, accept=turn.accept, tell=self._tell,
                )  # fmt: skip
        except (FilesError, ServiceError, ConfigError) as error:
            self.problems[place.name] = str(error)
            self._rounds.failed(place.name, error, now)
            log.warning("library %s: %s", place.name, error)
            return None
        finally:
            self._now.pop(place.name, None)
            self.changes += 1
        self._after(place, importer, done, now, whole=turn.only is None)
        return done

    def _importer(self, turn: Turn, now: datetime) -> Importer:
        place = turn.place
        try:
            return place.importer({} if turn.accept else self.store.remembered(place.name))
        except (ConfigError, ServiceError) as error:  # it lacks a login
            scan = self.store.begin_scan(place.name, now, place.kind)
            self.store.end_scan(scan, now, {}, str(error), complete=False)
            raise

    def _after(
        self, place: Place, importer: Importer, done: Look, now: datetime, *, whole: bool
    ) -> None:
        if whole:
            self._rounds.ended(place.name, now, complete=done.complete)
            self.store.remember(place.name, importer.remembers)
            if done.problem:
                self.problems[place.name] = done.problem
                log.warning("library %s: %s", place.name, done.problem)
            else:
                self.problems.pop(place.name, None)
        self._rounds.being_written(place.name, getattr(importer, "unsettled", ()), now)
        told = {name: count for name, count in done.counts.items() if count}
        if done.saved != type(done.saved)(same=done.saved.same) or whole:
            log.info("library %s: %s", place.name, told)

    def _tell(self, done: Look) -> None:
        self._now[done.source] = done

    def _tidy(self, now: datetime) -> None:
        if self._tidied_at and now - self._tidied_at < TIDY_EVERY:
            return
        self._tidied_at = now
        if self.metadata:
            self.metadata.tidy(now)


def _parted(importer: Importer) -> Parted:
    if not hasattr(importer, "scope"):
        raise MovieSyncError(f"{importer.name} cannot be looked at in part")
    return importer  # type: ignore[return-value]
