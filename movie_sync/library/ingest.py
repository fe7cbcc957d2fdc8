"""One look at a source: what it holds is stored, and what it holds no more is marked as gone.

What was found is stored a batch at a time, so a look that was broken off goes on where it was, for
what is stored is not read again. Gone is only what a look to the very end did not find: not what
lies in a part that could not be read, and not a great deal at once, which is more likely a drive
that is not there than a person who tidied up.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from movie_sync.errors import Away, MovieSyncError, Stopping
from movie_sync.library.importers import Importer, Parted
from movie_sync.library.rows import Saved
from movie_sync.library_models import Discovered, Found, Seen, Unread

log = logging.getLogger(__name__)

BATCH = 500  # files in one transaction
MANY, SHARE = 50, 0.5  # so many of a source, and so much of it, are not believed to be gone at once


class Keeps(Protocol):
    """What a look needs of the store."""

    def known(self, source: str) -> dict[str, str]: ...
    def save_found(self, source: str, batch: Collection[Found], now: datetime) -> Saved: ...
    def mark_gone(self, source: str, uris: Collection[str], now: datetime) -> Saved: ...
    def begin_scan(self, source: str, now: datetime, kind: str = "folder") -> int: ...
    def begin_part(self, source: str, now: datetime, kind: str = "folder") -> None: ...
    def end_scan(
        self,
        scan_id: int,
        now: datetime,
        counts: Mapping[str, int],
        problem: str | None = None,
        *,
        complete: bool,
        away: bool = False,
    ) -> None: ...


class Look(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a look at a source has come to, in files."""

    source: str
    discovered: int = 0
    saved: Saved = Saved()
    unread: tuple[Unread, ...] = ()  # parts of it
    held: int = 0  # not found, and not believed to be gone
    whole: bool = False  # it came to its end

    @property
    def counts(self) -> dict[str, int]:
        found = {"discovered": self.discovered, "unread": len(self.unread), "held": self.held}
        saved = {name: getattr(self.saved, name) for name in self.saved.__struct_fields__}
        return found | {name: count for name, count in saved.items() if name != "same"}

    @property
    def complete(self) -> bool:
        """Everything there was read, and believed."""
        return self.whole and not self.unread and not self.held

    @property
    def problem(self) -> str | None:
        """Why a person should look, as a sentence."""
        if self.held:
            return (
                f"{self.held} of its files are not there any more; nothing was marked as gone, for "
                f"a drive may be missing; if they are gone, run `library scan {self.source} "
                "--accept`"
            )
        if self.unread:
            more = f", and {len(self.unread) - 1} more parts" if len(self.unread) > 1 else ""
            return f"{self.unread[0].sentence}{more}; what is in there stays as it was"
        return None


def look(
    importer: Importer,
    store: Keeps,
    now: datetime,
    stop: threading.Event,
    *,
    kind: str = "folder",
    accept: bool = False,
    tell: Callable[[Look], object] = lambda _: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Look:
    """Read the source to its end, and store what changed.

    Args:
        accept: believe that everything that is not found is gone.
        tell: is told how far it is, after each batch.

    Raises:
        Away: it is not there; nothing was marked as gone.
        FilesError, ServiceError, Stopping: it was broken off; what was found is stored.
    """
    scan_id = store.begin_scan(importer.name, now, kind)
    done = Look(source=importer.name)
    try:
        known = store.known(importer.name)
        reading = _Reading(importer.discover(known, stop))
        for stored in _stored(reading, store, done, now):
            done = stored
            tell(done)
        done = replace(done, unread=tuple(reading.unread), whole=True)
        done = _mark_gone(done, store, reading.missing(known), len(known), now, accept=accept)
    except Stopping:
        raise  # without an end, it is taken up at the next start
    except MovieSyncError as error:
        away = isinstance(error, Away)
        store.end_scan(scan_id, clock(), done.counts, str(error), complete=False, away=away)
        raise
    store.end_scan(scan_id, clock(), done.counts, done.problem, complete=done.complete)
    tell(done)
    return done


def look_at(
    importer: Parted,
    folders: Collection[str],
    store: Keeps,
    now: datetime,
    stop: threading.Event,
) -> Look:
    """Read these folders alone, in which something changed. Nothing is said of any other, nor of
    the source as a whole. Raises as `look` does."""
    store.begin_part(importer.name, now)
    scope = importer.scope(folders)
    everything = store.known(importer.name)
    known = {uri: told for uri, told in everything.items() if uri.startswith(scope)}
    reading = _Reading(importer.discover(known, stop, folders))
    done = Look(source=importer.name)
    for stored in _stored(reading, store, done, now):
        done = stored
    done = replace(done, unread=tuple(reading.unread), whole=True)
    return _mark_gone(done, store, reading.missing(known), len(everything), now, accept=False)


def _stored(reading: "_Reading", store: Keeps, done: Look, now: datetime) -> Iterator[Look]:
    """How far it is, after each batch and in the end."""
    for batch in reading.batches():
        saved = store.save_found(done.source, batch, now)
        done = replace(done, discovered=reading.count, saved=done.saved + saved)
        yield done
    yield replace(done, discovered=reading.count)


class _Reading:
    """What an importer gives, parted into what is new and what is known."""

    def __init__(self, discovered: Iterator[Discovered]) -> None:
        self._discovered = discovered
        self._there: set[str] = set()
        self.unread: list[Unread] = []

    @property
    def count(self) -> int:
        return len(self._there)

    def batches(self) -> Iterator[list[Found]]:
        """What is new or changed."""
        batch: list[Found] = []
        for one in self._discovered:
            match one:
                case Unread():
                    self.unread.append(one)
                case Seen():
                    self._there.add(one.uri)
                case Found():
                    self._there.add(one.uri)
                    batch.append(one)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def missing(self, known: Collection[str]) -> list[str]:
        """What was there before, and is in no part that could not be read."""
        prefixes = tuple(one.prefix for one in self.unread)
        return [uri for uri in known if uri not in self._there and not uri.startswith(prefixes)]


def _mark_gone(
    done: Look, store: Keeps, missing: list[str], known: int, now: datetime, *, accept: bool
) -> Look:
    moved = min(len(missing), done.saved.new)  # as many may have another place now
    doubtful = len(missing) - moved
    if not accept and doubtful > MANY and doubtful > SHARE * known:
        log.warning("library %s: %d of %d files are not there", done.source, len(missing), known)
        return replace(done, held=len(missing))
    if not missing:
        return done
    return replace(done, saved=done.saved + store.mark_gone(done.source, missing, now))
