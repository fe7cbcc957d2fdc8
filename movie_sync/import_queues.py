"""Films from a file or from Radarr into the queues: only ever added, never twice, none taken away.

A film that is known already, by key, id, or title and year, only gets one more want. Every import
can be rehearsed on a copy of the queues.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from movie_sync import config, queue_files, wiring_imports
from movie_sync.actions import ask
from movie_sync.credentials import Credentials
from movie_sync.films.sync import same_ids
from movie_sync.films.wanted import want_films
from movie_sync.import_files import Reading, Wanted, of_collection
from movie_sync.models import Film, State
from movie_sync.queue_load import in_order, load
from movie_sync.queues import QueueManager
from movie_sync.titles import key

AT_ONCE = 5000  # films of one request, which is answered in a second or two


class Outcome(Struct, frozen=True):
    """What became of a reading."""

    name: str
    added: int
    known: int
    skipped: dict[str, int]
    bad: tuple[str, ...]
    notes: tuple[str, ...]
    titles: tuple[str, ...]  # of those that a rehearsal would add
    rehearsed: bool

    @property
    def sentence(self) -> str:
        would = " would be" if self.rehearsed else ""
        told = [f"{self.name}: {self.added}{would} added, {self.known} known already"]
        if count := sum(self.skipped.values()):
            reasons = ", ".join(f"{n} {why}" for why, n in sorted(self.skipped.items()))
            told.append(f"{count} skipped: {reasons}")
        if self.bad:
            told.append(f"{len(self.bad)} cannot be read, the first: {self.bad[0]}")
        return "; ".join(told)


def from_radarr(url: str, credentials: Credentials, library_directory: str) -> Reading:
    """What a running Radarr looks for. Raises ConfigError, ServiceError."""
    radarr = wiring_imports.radarr(url, credentials)
    try:
        found, folders = radarr.movies(), radarr.folders()
    finally:
        radarr.close()
    reading = of_collection("radarr", found)
    if not found.whole:
        reading.notes.append("its list is too long to be read at once, so only what it misses was")
    library = config.folder(library_directory)
    for folder in folders:
        if Path(folder) != library:
            there = "set library_directory to it" if Path(folder).is_dir() else "it is not here"
            reading.notes.append(f"Radarr keeps films in {folder}, not in {library}: {there}")
    return reading


def take(home: Path, reading: Reading) -> Outcome:
    """Want these films; through the running program, or right here when none runs.

    Raises:
        QueueError: the queues cannot be written; films that were added before that stay.
    """
    films = _once(reading.films)
    added = 0
    for source, wanted in _by_source(films):
        for first in range(0, len(wanted), AT_ONCE):
            some = msgspec.to_builtins(wanted[first : first + AT_ONCE])
            added += ask(home, do="want", films=some, source=source)["new"]
    return _outcome(reading, films, added)


def rehearse(home: Path, reading: Reading) -> Outcome:
    """What `take` would do, tried on a copy of the queues."""
    films, now = _once(reading.films), datetime.now(UTC)
    items, _ = load(home, reader=True)
    with tempfile.TemporaryDirectory(prefix="movie_sync-import-") as folder:
        copy = Path(folder)
        for state in State:
            queue_files.write(copy, state, map(queue_files.encode, in_order(state, items[state])))
        queue = QueueManager(copy)
        try:
            before = {item.id for state in State for item in queue.iter(state)}
            added = sum(want_films(queue, some, source, now) for source, some in _by_source(films))
            new = [i.title for i in queue.iter(State.PENDING) if i.id not in before]
        finally:
            queue.close()
    return replace(_outcome(reading, films, added), titles=tuple(new), rehearsed=True)


def _outcome(reading: Reading, films: list[Wanted], added: int) -> Outcome:
    skipped = dict(reading.skipped)
    if twice := len(reading.films) - len(films):
        skipped["named twice"] = twice
    known, bad, notes = len(films) - added, tuple(reading.bad), tuple(reading.notes)
    return Outcome(reading.name, added, known, skipped, bad, notes, (), rehearsed=False)


def _once(films: Iterable[Wanted]) -> list[Wanted]:
    """Each film once, with all its wants, though a file may name it by its title here and by an
    id there."""
    found: list[Wanted] = []
    place: dict[object, int] = {}
    for film, wants in films:
        at = next((place[name] for name in _ids(film) if name in place), None)
        if at is None and (same := place.get(_name(film))) is not None:
            at = None if same_ids(found[same][0], film) is False else same
        if at is None:
            at = len(found)
            found.append((film, wants))
        else:
            first, before = found[at]
            found[at] = (_more(first, film), tuple(dict.fromkeys((*before, *wants))))
        for name in (*_ids(film), _name(film)):
            place.setdefault(name, at)
    return found


def _ids(film: Film) -> list[object]:
    return [name for name in (film.key, film.imdb_id, film.tmdb_id) if name]


def _name(film: Film) -> object:
    """Title and year; one without a year is like no other."""
    return (key(film.title), film.year) if film.year else film.key


def _more(film: Film, other: Film) -> Film:
    return replace(
        film,
        year=film.year or other.year,
        imdb_id=film.imdb_id or other.imdb_id,
        tmdb_id=film.tmdb_id or other.tmdb_id,
    )


def _by_source(films: Iterable[Wanted]) -> Iterator[tuple[str, list[Film]]]:
    by_source: dict[str, list[Film]] = {}
    for film, wants in films:
        for source in wants:
            by_source.setdefault(source, []).append(film)
    yield from by_source.items()
