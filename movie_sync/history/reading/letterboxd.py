"""The export of a Letterboxd account: its zip, or one CSV file of it.

Source: https://letterboxd.com/data/export/ as of 2026. All parts begin with the columns Date,
Name, Year, Letterboxd URI:

    diary.csv       plays, each with its day and an address of its own
    watched.csv     every film that was seen, also those of the diary; Date is when that was
                    marked, so a film that the diary lacks is a play of a day that is not known
    ratings.csv     the rating that each film has now, 0.5 to 5
    watchlist.csv   films to see

A day is noon where the reader lives, and the play says that it is only a day.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from movie_sync import zip_members
from movie_sync.history.reading.csv_tables import Row, Rows, table
from movie_sync.history.reading.entries import Entry, Problem, Reader
from movie_sync.history.reading.moments import UNKNOWN, When, when
from movie_sync.history.scores import tenths_of_stars
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.table_cells import LONGEST_SHOWN, Malformed, year_of

FORM, SOURCE = "a Letterboxd export", "file:letterboxd"
COLUMNS = ("date", "name", "year", "letterboxduri")
PARTS = ("watched", "diary", "ratings", "watchlist")

_LEFT_OUT = {"deleted", "orphaned", "lists", "likes"}
_ADDRESS = re.compile(r"boxd\.it/(\w+)")

Named = tuple[str, str]  # a film by its name and year, as all parts write them


def is_one(names: list[str]) -> bool:
    return any(_part(name) for name in names)


def part_of(name: str, columns: tuple[str, ...]) -> str:
    """Which part of the export a CSV file is, by its columns and its name. Raises Malformed."""
    if "watcheddate" in columns:
        return "diary"
    if "rating" in columns:
        return "ratings"
    named = [part for part in ("watchlist", "watched") if part in name.casefold()]
    if not named:
        raise Malformed(
            "may hold films to see or films seen, for the columns are the same; a file of it "
            'has "watchlist" or "watched" in its name'
        )
    return named[0]


def of_part(part: str, rows: Rows, reader: Reader) -> Iterator[Entry]:
    """The entries of one part that stands alone."""
    if part == "diary":
        return _diary(rows, {}, Counter(), reader)
    if part == "watched":
        return _entries(rows, lambda row: _seen(row, Counter()))
    return _entries(rows, _made(part, reader))


def read(archive: zipfile.ZipFile, reader: Reader) -> Iterator[Entry]:
    """All parts of the zip. What is in it of deleted films, lists and likes is left."""
    parts = {_part(info.filename): info for info in archive.infolist()}
    films: dict[Named, str] = {}
    in_diary: Counter[Named] = Counter()
    for _, row in _rows(archive, parts.get("watched")):
        if isinstance(row, dict) and (code := _code(row)):
            films.setdefault(_named(row), code)
    if "diary" not in parts:
        yield Problem(
            "diary.csv", "is not in this export; on which days films were seen is not known"
        )
    yield from _diary(_rows(archive, parts.get("diary")), films, in_diary, reader)
    yield from _entries(_rows(archive, parts.get("watched")), lambda row: _seen(row, in_diary))
    for part in ("ratings", "watchlist"):
        yield from _entries(_rows(archive, parts.get(part)), _made(part, reader))


def _rows(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo | None
) -> Iterator[tuple[str, Row | str]]:
    if member is None:
        return
    name = PurePosixPath(member.filename).name
    try:
        with archive.open(member) as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
            found = table(text, name)
            if found.columns[:4] == COLUMNS:
                yield from found.rows
            else:
                yield name, f"has the columns {', '.join(found.header)[:200]}; it was not read"
    except Malformed as error:
        yield name, f"{error}; it was not read"
    except zip_members.BROKEN as error:
        yield name, f"is damaged ({error}); the rest of it was not read"


def _entries(rows: Rows, made: Callable[[Row], Entry | None]) -> Iterator[Entry]:
    for place, row in rows:
        if isinstance(row, str):
            yield Problem(place, row)
            continue
        try:
            entry = made(row)
        except Malformed as error:
            entry = Problem(place, f"{error}; it was left out")
        if entry:
            yield entry


def _diary(
    rows: Rows, films: dict[Named, str], in_diary: Counter[Named], reader: Reader
) -> Iterator[Entry]:
    """Its plays; which films it has is written down in `in_diary`."""
    keys: set[str] = set()

    def made(row: Row) -> Entry:
        told = _day(row["watcheddate"] or row["date"], reader)
        if reader.is_ahead(told.at):
            raise Malformed(f"was watched {row['watcheddate']}, which is still to come")
        key = f"letterboxd:{_code(row) or ':'.join((*_named(row), row['watcheddate']))}"
        # Older exports give the film's address in place of the entry's.
        if key in keys:
            key = f"{key}:{row['watcheddate']}"
        keys.add(key)
        play = _play(row, films.get(_named(row)), key, told)
        in_diary[_named(row)] += 1  # not of a row that cannot be read
        return play

    return _entries(rows, made)


def _seen(row: Row, in_diary: Counter[Named]) -> Entry | None:
    if in_diary.get(_named(row)):
        in_diary[_named(row)] = 0  # a second film of that name and year is another one
        return None
    code = _code(row)
    key = f"letterboxd:watched:{code or ':'.join(_named(row))}"
    return _play(row, code, key, UNKNOWN)


def _play(row: Row, film_code: str | None, key: str, told: When) -> Play:
    return Play(
        key=key,
        source=SOURCE,
        work=_film(row, film_code),
        watched_at=told.at,
        day_only=told.day_only,
    )


def _rating(row: Row, reader: Reader) -> Rating:
    said = row.get("rating", "")
    try:
        tenths = tenths_of_stars(float(said))
    except ValueError:
        tenths = None
    if tenths is None:
        raise Malformed(f'has the rating "{said[:LONGEST_SHOWN]}", which is none of 0.5 to 5')
    work = _film(row, _code(row))
    return Rating(work=work, source=SOURCE, tenths=tenths, rated_at=_day(row["date"], reader).at)


def _wish(row: Row, reader: Reader) -> Wish:
    return Wish(work=_film(row, _code(row)), source=SOURCE, listed_at=_day(row["date"], reader).at)


def _made(part: str, reader: Reader) -> Callable[[Row], Entry]:
    made = _rating if part == "ratings" else _wish
    return lambda row: made(row, reader)


def _film(row: Row, code: str | None) -> Work:
    """Letterboxd tells no id that others know; its own short address is kept as "boxd"."""
    if not row["name"]:
        raise Malformed("has no title")
    ids = {"boxd": code} if code else {}
    return Work(kind=Kind.FILM, title=row["name"], year=year_of(row["year"]), ids=ids)


def _named(row: Row) -> Named:
    return row["name"], row["year"]


def _code(row: Row) -> str | None:
    found = _ADDRESS.search(row["letterboxduri"])
    return found[1] if found else None


def _day(text: str, reader: Reader) -> When:
    return when(text, reader.zone) if text else UNKNOWN


def _part(name: str) -> str:
    """Which part a member of the zip is, or nothing."""
    *folders, base = PurePosixPath(name).parts or ("",)
    part = base.removesuffix(".csv")
    is_part = base.endswith(".csv") and part in PARTS
    return part if is_part and len(folders) <= 1 and not _LEFT_OUT & set(folders) else ""
