"""CSV as entries: our own shape, and the tables of others that are known by their columns.

Known are Letterboxd's export and import, IMDb's ratings and watchlist, what Trakt imports, and any
other with a column for a title or an id and one that says what was done with it.
"""

from collections.abc import Iterable, Iterator

from movie_sync.history.reading import cells, generic_rows, letterboxd
from movie_sync.history.reading.csv_tables import Rows, table
from movie_sync.history.reading.entries import Contents, Entry, Problem, Reader
from movie_sync.history.reading.generic_rows import Shape
from movie_sync.table_cells import Malformed

FORM, SOURCE = "a CSV file", "file:csv"

_NAMED = {"title", "imdb", "tmdb", "tvdb", "trakt", "const", "ids"}
_SAYING = {"watched_at", "rating", "tenths", "listed_at", "what"}
_OF_LETTERBOXD = {"letterboxduri", "rating10"}


def read(lines: Iterable[str], name: str, reader: Reader) -> Contents:
    """What a CSV file holds, whoever wrote it. Raises Malformed where it is not understood."""
    found = table(lines, name)
    columns = set(found.columns)
    if found.columns[:4] == letterboxd.COLUMNS:
        part = letterboxd.part_of(name, found.columns)
        entries = letterboxd.of_part(part, found.rows, reader)
        return Contents(letterboxd.FORM, letterboxd.SOURCE, entries)
    by_letterboxd = bool(columns & _OF_LETTERBOXD)
    otherwise = "wish" if "watchlist" in name.casefold() else "play" if by_letterboxd else ""
    if missing := _missing(columns, otherwise):
        raise Malformed(f"has the columns {_shown(found.header)}, and none for {missing}")
    shape = Shape(SOURCE, stars=by_letterboxd, otherwise=otherwise)
    return Contents(FORM, SOURCE, _entries(found.rows, reader, shape))


def _entries(rows: Rows, reader: Reader, shape: Shape) -> Iterator[Entry]:
    for place, row in rows:
        if isinstance(row, str):
            yield Problem(place, row)
            continue
        try:
            yield from generic_rows.entries(row, reader, shape)
        except Malformed as error:
            yield Problem(place, f"{error}; it was left out")


def _missing(columns: set[str], otherwise: str) -> str:
    """What a table needs and this one has no column for, or nothing."""
    known = {ours for ours, names in cells.NAMES.items() if columns & set(names)}
    missing = [] if known & _NAMED else ["a title or an id"]
    if not known & _SAYING and not otherwise:
        missing.append("watched_at, rating or listed_at")
    return " and none for ".join(missing)


def _shown(columns: tuple[str, ...]) -> str:
    shown = ", ".join(columns[:8])
    return f"{shown[:120]} ..." if len(columns) > 8 or len(shown) > 120 else shown
