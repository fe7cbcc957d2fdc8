"""What a file wants, whoever wrote it; known by its content, never believed.

Read are: what `export` wrote, a queue file, one of the earlier program's, what Radarr's API gives,
a Letterboxd export, and any list of films. What is done elsewhere is not wanted again.
"""

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, field

from movie_sync import queue_files, queue_upgrade, wiring_imports
from movie_sync.errors import BadAnswer, FilesError, QueueError
from movie_sync.export_queues import BETWEEN, Format, format_of
from movie_sync.films.items import KIND, film_of
from movie_sync.models import Film, State
from movie_sync.queue_moves import BY_HAND
from movie_sync.table_cells import unsafe
from movie_sync.titles import key

if TYPE_CHECKING:
    from movie_sync.wiring_imports import Collection

LARGEST_BYTES = 256 * 1024**2
LONGEST_TITLE, LONGEST_KEY, MOST_WANTS = 300, 200, 20
SKIPPED_BY_HAND = "skipped by hand"

_KEY = re.compile(rf"{KIND}:((?:letterboxd|imdb|tmdb|slug|boxd|title):[^\s@]+)(@\S+)?")
_IMDB_ID = re.compile(r"tt\d{7,10}")
_STATE_IN_NAME = re.compile(r"queue_([a-z]+)\.json")
_YEARS = range(1870, 2101)

Wanted = tuple[Film, tuple[str, ...]]  # and by whom


class Reading(Struct):
    """What a file or a program wants, and what of it not, with why."""

    name: str  # "films.csv", "radarr"
    films: list[Wanted] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)  # entries that cannot be read, as sentences
    notes: list[str] = field(default_factory=list)

    def add(self, film: Film, wants: Iterable[str] = ()) -> None:
        self.films.append((film, tuple(wants) or (BY_HAND,)))


def read_file(path: Path, form: Format | None = None) -> Reading:
    """What a file wants.

    Args:
        form: in place of the one that the file's name tells.

    Raises:
        FilesError: it cannot be read, is of no known form, or has nothing in it that can be read.
    """
    if path.suffix.lower() == ".zip":
        return _of_list(path)
    text = _text(path)
    if (form or format_of(path.name)) == "csv" or text.lstrip()[:1] not in ("[", "{"):
        return _of_csv(path, text)
    return _of_json(path, text)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise FilesError(f"{path} is larger than {LARGEST_BYTES >> 20} MiB; it was not read")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FilesError(f"{path} cannot be read ({error.strerror}); nothing was added") from error
    except UnicodeDecodeError as error:
        raise FilesError(f"{path} is not UTF-8 text; nothing was added") from error


def _of_csv(path: Path, text: str) -> Reading:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    columns = {column.strip(' "\r').casefold() for column in first.split(delimiter)}
    if {"id", "title", "state"} <= columns:
        try:
            reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
            entries = [(f"line {reader.line_num}", _cells(values)) for values in reader]
        except csv.Error as error:
            raise FilesError(f"{path} cannot be read ({error}); nothing was added") from error
        return _of_rows(path.name, entries)
    if wiring_imports.is_of_radarr(columns):
        return of_collection(path.name, _said_of(path, text))
    return _of_list(path)


def _of_json(path: Path, text: str) -> Reading:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise FilesError(f"{path} is no sound JSON ({error}); nothing was added") from error
    entries = document if isinstance(document, list) else []
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if objects and all(str(each.get("id", "")).startswith(f"{KIND}:") for each in objects):
        state = _state_of(path)
        named = [
            (f"entry {number}", {"state": str(state), **entry} if isinstance(entry, dict) else {})
            for number, entry in enumerate(entries, 1)
        ]
        return _of_rows(path.name, named)
    if queue_upgrade.is_earlier(path):
        return _of_earlier(path)
    if any(wiring_imports.is_of_radarr(set(each)) for each in objects):
        return of_collection(path.name, _said_of(path, text))
    return _of_list(path)


def _said_of(path: Path, text: str) -> "Collection":
    try:
        return wiring_imports.read_radarr(text)
    except FilesError as error:
        raise FilesError(f"{path}: {error}") from error


def _of_list(path: Path) -> Reading:
    try:
        seen = wiring_imports.read_list(path)
    except BadAnswer as error:
        why = error.message.partition("; its films stay")[0]
        raise FilesError(f"{path}: {why}; nothing was added") from error
    reading = Reading(path.name)
    for film in seen.films:
        reading.add(film)
    if seen.problem:
        reading.notes.append(seen.problem)
    return reading


def of_collection(name: str, found: "Collection") -> Reading:
    reading = Reading(name, bad=list(found.bad))
    for each in found.films:
        if each.has_file:
            reading.skipped["there already"] += 1
        elif not each.monitored:
            reading.skipped["not monitored"] += 1
        else:
            reading.add(each.film)
    return reading


def _of_earlier(path: Path) -> Reading:
    """A queue file of the earlier program, under whatever name it lies now."""
    state = _state_of(path)
    with tempfile.TemporaryDirectory(prefix="movie_sync-import-") as folder:
        queue_files.path_of(Path(folder), state).write_bytes(path.read_bytes())
        try:
            items = queue_upgrade.read(Path(folder), state) or []
        except QueueError as error:
            raise FilesError(f"{path}: {error}") from error
    reading = Reading(path.name)
    for state_now, item in items:
        _sort_in(reading, film_of(item), state_now, item.last_error, ())
    return reading


def _state_of(path: Path) -> State:
    """By the name of a queue file, as `queue_completed.json`."""
    found = _STATE_IN_NAME.match(path.name)
    return State(found[1]) if found and found[1] in set(State) else State.PENDING


def _of_rows(name: str, entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Reading:
    reading = Reading(name)
    for place, values in entries:
        try:
            if str(values.get("kind", KIND)) == KIND:
                state = State(str(values.get("state", "")).strip().casefold())
                why = str(values.get("last_error") or "")
                _sort_in(reading, _film(values), state, why, _wants(values.get("wanted_by")))
        except ValueError as error:
            reading.bad.append(f"{place}: {error}"[:200])
    return reading


def _sort_in(
    reading: Reading, film: Film, state: State, why: str | None, wants: Iterable[str]
) -> None:
    match state:
        case State.COMPLETED:
            reading.skipped["there already"] += 1
        case State.REMOVED:
            reading.skipped["removed"] += 1
        case State.FAILED if why == SKIPPED_BY_HAND:
            reading.skipped[SKIPPED_BY_HAND] += 1
        case _:
            reading.add(film, wants)


def _film(values: Mapping[str, Any]) -> Film:
    """Raises ValueError: it can be no film; the message says why."""
    data = values.get("data")
    facts = {**data, **values} if isinstance(data, dict) else values
    year, tmdb_id = _number(facts, "year"), _number(facts, "tmdb_id")
    imdb_id = str(facts.get("imdb_id") or "").strip() or None
    title = "".join(c for c in " ".join(str(facts.get("title") or "").split()) if c.isprintable())
    title = title.removesuffix(f" ({year})")[:LONGEST_TITLE]
    if year is not None and year not in _YEARS:
        raise ValueError(f"{year} is no year of a film")
    if imdb_id and not _IMDB_ID.fullmatch(imdb_id):
        raise ValueError(f'"{imdb_id}" is no IMDb id')
    if not title:
        raise ValueError("it has no title")
    named = _KEY.fullmatch(str(facts.get("id") or "").strip()[:LONGEST_KEY])
    by_id = f"imdb:{imdb_id}" if imdb_id else f"tmdb:{tmdb_id}" if tmdb_id else None
    film_key = named[1] if named else by_id or f"title:{key(title)}:{year or ''}"
    return Film(key=film_key, title=title, year=year, imdb_id=imdb_id, tmdb_id=tmdb_id)


def _number(facts: Mapping[str, Any], name: str) -> int | None:
    text = str(facts.get(name) or "").strip().removesuffix(".0")  # as some spreadsheets save it
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f'"{text}" cannot be its {name}')
    return int(text) or None


def _wants(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else str(value or "").split(BETWEEN.strip())
    named = (str(each).strip() for each in listed)
    return tuple(each for each in named if each.isprintable() and 0 < len(each) <= LONGEST_KEY)[
        :MOST_WANTS
    ]


def _cells(values: Mapping[str | None, Any]) -> dict[str, str]:
    """Of a row of CSV; cells without a column are of no use."""
    return {
        name.strip().casefold(): unsafe(cell)
        for name, cell in values.items()
        if name is not None and isinstance(cell, str)
    }
