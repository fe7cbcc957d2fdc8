"""The films of the history as Letterboxd imports them.

Source: https://letterboxd.com/about/importing-data/ as of 2026: a row with a WatchedDate goes into
the diary, one without marks the film as watched; Rating10 is 1 to 10; a file may have 1 MB, so that
more films take several files. Letterboxd knows no shows: those are left out, and counted.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, tzinfo

from msgspec import Struct

from movie_sync.history.days import day_of
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.table_cells import safe

LARGEST_BYTES = 1_000_000
COLUMNS = (
    "LetterboxdURI", "tmdbID", "imdbID", "Title", "Year", "Directors", "Rating", "Rating10",
    "WatchedDate", "Rewatch", "Tags", "Review",
)  # fmt: skip


class LetterboxdFiles(Struct, frozen=True):
    texts: tuple[str, ...]  # CSV, each short enough; none where there is no film
    films: int
    rows: int
    left_out: int  # plays, ratings or wishes of shows

    def __str__(self) -> str:
        films, files = _counted(self.films, "film"), _counted(len(self.texts), "file")
        left = f"; {self.left_out} entries of shows are left out, as Letterboxd knows none"
        return f"{films} in {_counted(self.rows, 'row')}, {files}{left if self.left_out else ''}"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


class _Film:
    def __init__(self, work: Work) -> None:
        self.work = work
        self.days: set[date] = set()
        self.tenths: int | None = None


def seen(
    plays: Iterable[Play],
    ratings: Iterable[Rating],
    zone: tzinfo | None,
    *,
    largest_bytes: int = LARGEST_BYTES,
) -> LetterboxdFiles:
    """Films seen and rated, oldest first: one row a day on which a film was seen."""
    films: dict[str, _Film] = {}
    left_out = 0
    for play in plays:
        if play.work.kind != Kind.FILM:
            left_out += 1
            continue
        film = films.setdefault(_named(play.work), _Film(play.work))
        if day := day_of(play, zone):
            film.days.add(day)
    for rating in ratings:
        if rating.work.kind != Kind.FILM:
            left_out += 1
            continue
        films.setdefault(_named(rating.work), _Film(rating.work)).tenths = rating.tenths
    rows = [row for film in films.values() for row in _rows(film)]
    rows.sort(key=lambda row: row[COLUMNS.index("WatchedDate")])
    return LetterboxdFiles(tuple(_files(rows, largest_bytes)), len(films), len(rows), left_out)


def to_see(wishes: Iterable[Wish], *, largest_bytes: int = LARGEST_BYTES) -> LetterboxdFiles:
    """Films to see, for the import of a watchlist there."""
    told = list(wishes)
    films = {_named(wish.work): wish.work for wish in told if wish.work.kind == Kind.FILM}
    rows = [_row(work) for work in films.values()]
    left_out = sum(wish.work.kind != Kind.FILM for wish in told)
    return LetterboxdFiles(tuple(_files(rows, largest_bytes)), len(films), len(rows), left_out)


def _named(work: Work) -> str:
    known = next((f"{name}:{work.ids[name]}" for name in ("tmdb", "imdb") if name in work.ids), "")
    return known or f"{work.title.casefold()}:{work.year}"


def _rows(film: _Film) -> Iterator[tuple[str, ...]]:
    if not film.days:
        yield _row(film.work, tenths=film.tenths)
    for number, day in enumerate(sorted(film.days)):
        yield _row(film.work, tenths=film.tenths, day=day, again=number > 0)


def _row(
    work: Work, *, tenths: int | None = None, day: date | None = None, again: bool = False
) -> tuple[str, ...]:
    code = work.ids.get("boxd")
    cells = {
        "LetterboxdURI": f"https://boxd.it/{code}" if code else "",
        "tmdbID": work.ids.get("tmdb", ""),
        "imdbID": work.ids.get("imdb", ""),
        "Title": work.title,
        "Year": str(work.year or ""),
        "Rating10": str(tenths or ""),
        "WatchedDate": day.isoformat() if day else "",
        "Rewatch": "true" if again else "",
    }
    return tuple(cells.get(name, "") for name in COLUMNS)


def _files(rows: Iterable[tuple[str, ...]], largest_bytes: int) -> Iterator[str]:
    """The rows in texts of at most so many bytes, each with the header."""
    header = _line(COLUMNS)
    text, size = [header], len(header)
    for row in rows:
        line = _line(row)
        length = len(line.encode(errors="replace"))
        if size + length > largest_bytes and len(text) > 1:
            yield "".join(text)
            text, size = [header], len(header)
        text.append(line)
        size += length
    if len(text) > 1:
        yield "".join(text)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return out.getvalue()
