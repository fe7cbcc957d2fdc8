"""The queues as a table for other programs: CSV for a spreadsheet, JSON for a script.

What `import` reads back. A cell that a spreadsheet would take for a formula gets a ' in front, and
loses it again when it is read here, so that a title may be "=IMPORTDATA(...)" and do no harm.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from movie_sync import atomic
from movie_sync.errors import FilesError
from movie_sync.films.items import KIND, film_of, version_of
from movie_sync.models import Item, State
from movie_sync.queue_load import in_order, load
from movie_sync.table_cells import safe

BETWEEN = "; "  # several wants in one cell
FORMATS = ("csv", "json")
Format = Literal["csv", "json"]


class Row(Struct, frozen=True, kw_only=True):
    """One film of the queues, flat."""

    id: str
    title: str
    year: int | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None
    state: str
    version: str = ""
    wanted_by: tuple[str, ...] = ()
    added_at: datetime
    attempts: int = 0
    retry_at: datetime | None = None
    permanent: bool = False
    last_error: str | None = None
    completed_at: datetime | None = None
    path: str | None = None
    release: str | None = None


COLUMNS = Row.__struct_fields__


def rows(home: Path, states: Collection[State] = tuple(State)) -> Iterator[Row]:
    """The films of the queues in these states, each state in its order. Raises QueueError."""
    items, _ = load(home, reader=True)
    for state in states:
        for item in in_order(state, items[state]):
            if item.kind == KIND:
                yield row(state, item)


def row(state: State, item: Item) -> Row:
    film, release, path = film_of(item), item.data.get("release"), item.data.get("path")
    name = release.get("name") if isinstance(release, dict) else None
    return Row(
        id=item.id,
        title=film.title,
        year=film.year,
        imdb_id=film.imdb_id,
        tmdb_id=film.tmdb_id,
        state=str(state),
        version=version_of(item),
        wanted_by=item.wanted_by,
        added_at=item.added_at,
        attempts=item.attempts,
        retry_at=item.retry_at,
        permanent=item.permanent,
        last_error=item.last_error,
        completed_at=item.completed_at,
        path=path if isinstance(path, str) else None,
        release=name if isinstance(name, str) else None,
    )


def as_json(films: Iterable[Row]) -> str:
    """An array with one film on a line."""
    lines = [msgspec.json.encode(film).decode() for film in films]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def as_csv(films: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for film in films:
        values = msgspec.to_builtins(film)
        writer.writerow([_cell(values[name]) for name in COLUMNS])
    return out.getvalue()


def text(films: Iterable[Row], form: Format) -> str:
    return as_json(films) if form == "json" else as_csv(films)


def format_of(name: str) -> Format | None:
    """By the end of a file's name."""
    suffix = name.rpartition(".")[2].lower()
    return "json" if suffix == "json" else "csv" if suffix == "csv" else None


def write(path: Path, content: str) -> None:
    """Write an export, in place of another one at most.

    Raises:
        FilesError: another file is there, or it cannot be written; that is as it was.
    """
    try:
        if path.exists() and not _is_ours(path):
            raise FilesError(f"{path} is there, and is no export; nothing was written")
        atomic.write(path, [content.encode(errors="backslashreplace")])
    except OSError as error:
        raise FilesError(f"{path} cannot be written ({error.strerror})") from error


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return safe(BETWEEN.join(map(str, value)))
    return "" if value is None else safe(str(value))


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        begin = file.read(64)
    return not begin or begin.startswith((b"id,title,", b'[\n{"id":', b"[]\n"))
