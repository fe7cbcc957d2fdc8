"""Whose turn it is: which source is looked at next, and whether in whole or in part. No I/O.

The one thing to know: what a look did not come to the end of is tried again much sooner than a
source is due, but never at once.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from movie_sync.errors import ConfigError, NotAuthorised
from movie_sync.library.importers import Importer
from movie_sync.library.rows import SourceRow
from movie_sync.library_settings import Source

AWAY_AGAIN = timedelta(minutes=10)  # what is not there may be there soon
PART_AGAIN = timedelta(hours=1)  # for what a whole look left out
LOGIN_AGAIN = timedelta(hours=6)  # nobody likes a wrong password again and again
WRITTEN_AGAIN = timedelta(seconds=10)  # for files that were being written
IDLE_S = 60.0  # the longest between two questions whose turn it is

Remembered = Mapping[str, int | str]


class Place(Struct, frozen=True):
    """A source, and how it is read.

    Args:
        importer: made anew for each look, with what the last one left to be remembered.
    """

    name: str
    kind: str  # "folder", "plex", "jellyfin"
    settings: Source
    importer: Callable[[Remembered], Importer]


class Turn(NamedTuple):
    place: Place
    only: frozenset[str] | None = None  # folders of it; None: all of it
    accept: bool = False  # what is not found is gone


class Rounds:
    """For any number of threads."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._places = places
        self._wished: dict[str, bool] = {}
        self._changed: dict[str, frozenset[str] | None] = {}
        self._written: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._again_at: dict[str, datetime] = {}  # of those that are tried again out of turn
        self._lock = threading.Lock()

    def wish(self, names: Collection[str], *, accept: bool = False) -> None:
        """Have them looked at before all others."""
        with self._lock:
            self._wished |= dict.fromkeys(names, accept)

    def note(self, name: str, folders: Collection[str] | None) -> None:
        """Something changed in these folders of a source; None: somewhere in it."""
        with self._lock:
            before = self._changed.get(name, frozenset())
            whole = folders is None or before is None
            self._changed[name] = None if whole else frozenset((*(before or ()), *(folders or ())))

    def next(self, rows: Mapping[str, SourceRow], now: datetime) -> Turn | None:
        """None: nothing is to be looked at now."""
        with self._lock:
            for name, accept in list(self._wished.items()):
                del self._wished[name]
                return self._whole(self._places[name], accept=accept)
            for name, place in self._places.items():
                if self._due_at(place, rows.get(name), now) <= now:
                    return self._whole(place)
            for name, (at, folders) in list(self._written.items()):
                if at <= now:
                    del self._written[name]
                    return Turn(self._places[name], folders)
            for name, changed in list(self._changed.items()):
                del self._changed[name]
                if name in self._places:
                    return Turn(self._places[name], changed)
        return None

    def idle_s(self, rows: Mapping[str, SourceRow], now: datetime) -> float:
        """Until it may be the turn of another."""
        with self._lock:
            due = [self._due_at(each, rows.get(name), now) for name, each in self._places.items()]
            due += [at for at, _ in self._written.values()]
        wait_s = min(((at - now).total_seconds() for at in due), default=IDLE_S)
        return min(max(wait_s, 0.1), IDLE_S)

    def failed(self, name: str, error: Exception, now: datetime) -> None:
        """A look was broken off, or could not begin."""
        wait = LOGIN_AGAIN if isinstance(error, NotAuthorised | ConfigError) else AWAY_AGAIN
        with self._lock:
            self._again_at[name] = now + wait

    def ended(self, name: str, now: datetime, *, complete: bool) -> None:
        """A whole look came to its end."""
        with self._lock:
            self._again_at.pop(name, None)
            if not complete:
                self._again_at[name] = now + PART_AGAIN

    def being_written(self, name: str, paths: Collection[str], now: datetime) -> None:
        folders = frozenset(str(Path(path).parent) for path in paths)
        with self._lock:
            if folders:
                self._written[name] = (now + WRITTEN_AGAIN, folders)

    def _whole(self, place: Place, *, accept: bool = False) -> Turn:
        self._changed.pop(place.name, None)
        self._written.pop(place.name, None)
        return Turn(place, accept=accept)

    def _due_at(self, place: Place, row: SourceRow | None, now: datetime) -> datetime:
        """When all of it is to be looked at; at once where the clock was put back since."""
        every = timedelta(hours=place.settings.hours)
        if again_at := self._again_at.get(place.name):
            return min(again_at, now + every)
        if row is None or row.last_scan_at is None or row.last_scan_at > now:
            return now
        if row.problem or row.last_complete_at is None:  # as the last run of the program left it
            return row.last_scan_at + min(every, AWAY_AGAIN)
        return row.last_complete_at + every
