"""A film as anybody's list may write it down: one entry in, a `Film` out. Pure.

Shared by the files Letterboxd exports and by plain lists. Columns and keys are known by many
names, whatever their case, spaces and underscores. The key of a film is the first of these that
its entry gives, so that it stays while the list stays as it is: "imdb:tt6751668", "tmdb:496243",
"slug:parasite-2019", "boxd:hTha", "title:parasite:2019".
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from movie_sync.models import Film
from movie_sync.table_cells import (
    LONGEST_SHOWN,
    NOTHING,
    Malformed,
    imdb_id_in,
    imdb_id_of,
    plain,
    rows,
    squeezed,
    year_of,
)
from movie_sync.titles import key

__all__ = ["Collected", "Entry", "Malformed", "collect", "read_csv", "read_entry"]

_NAMES = {
    "title": ("filmtitle", "title", "name", "movietitle", "film", "movie"),
    "original_title": ("originaltitle", "originalname"),
    "year": ("filmyear", "year", "releaseyear"),
    "released": ("releasedate", "released", "firstreleased"),
    "imdb": ("imdb", "imdbid", "const", "tconst", "imdburl"),
    "tmdb": ("tmdb", "tmdbid", "themoviedbid"),
    "address": ("letterboxduri", "letterboxdurl", "url", "uri", "link", "guid"),
    "kind": ("titletype", "mediatype", "type"),
    "seen": ("watcheddate",),
}
_IDENTIFYING = {"title", "imdb", "tmdb", "address"}
_NO_FILM = re.compile(
    r"(tv)?(show|series|miniseries|season|episode|pilot)|tv|videogame|musicvideo|podcast\w*"
)
_TMDB = re.compile(r"themoviedb\.org/(movie|tv)/([0-9]{1,9})(?![0-9])")
_TMDB_ID = re.compile(r"[0-9]{1,9}")
_SLUG = re.compile(r"letterboxd\.com/(?:\w+/)?film/([^/?#]+)")
_BOXD = re.compile(r"boxd\.it/(\w+)")
_TITLE_YEAR = re.compile(r"(.*\S)\s*\((\d{4})\)")


@dataclass(frozen=True)
class Entry:
    place: str  # "line 7"
    values: Mapping[str, Any]
    fault: str = ""  # why its values cannot be trusted


@dataclass
class Collected:
    """What a list's entries came to."""

    films: dict[str, Film] = field(default_factory=dict)
    entries: int = 0
    bad: list[str] = field(default_factory=list)  # sentences, in the order of the list

    @property
    def problem(self) -> str | None:
        if not self.bad:
            return None
        return f"{len(self.bad)} of {self.entries} entries cannot be read; the first: {self.bad[0]}"


def collect(entries: Iterable[Entry]) -> Collected:
    """The films of these entries, each once; what is no film (a series) is left out."""
    collected = Collected()
    for entry in entries:
        collected.entries += 1
        try:
            film = read_entry(entry)
        except Malformed as error:
            collected.bad.append(f"{entry.place} {error}")
            continue
        if film:
            collected.films.setdefault(film.key, film)
    return collected


def read_entry(entry: Entry) -> Film | None:
    """The film, or None for what plainly is not one or was seen already.

    A film of which only an id is told has that id for its title.

    Raises:
        Malformed: no title and no id, or a value that cannot be one.
    """
    if entry.fault:
        raise Malformed(entry.fault)
    values = _known(_unwrapped(entry.values))
    if _NO_FILM.fullmatch(plain(values["kind"])) or values["seen"]:
        return None
    address = values["address"]
    on_tmdb = _TMDB.search(address)
    if on_tmdb and on_tmdb[1] == "tv":
        return None
    imdb_id = imdb_id_of(values["imdb"]) or imdb_id_in(address)
    tmdb_id = _tmdb_id(values["tmdb"]) or (int(on_tmdb[2]) if on_tmdb else None)
    title, year = _title_and_year(values)
    slug, boxd = _SLUG.search(address), _BOXD.search(address)
    named = (
        (imdb_id and f"imdb:{imdb_id}")
        or (tmdb_id and f"tmdb:{tmdb_id}")
        or (slug and f"slug:{slug[1]}")
        or (title and boxd and f"boxd:{boxd[1]}")
        or (title and f"title:{key(title)}:{year or ''}")
    )
    if not named:
        raise Malformed("has no title and no id")
    return Film(
        key=named,
        title=title or named.partition(":")[2],
        year=year,
        imdb_id=imdb_id,
        tmdb_id=tmdb_id,
        original_title=values["original_title"] or None,
        slug=slug[1] if slug else None,
    )


def read_csv(text: str) -> Iterator[Entry]:
    """The rows under the header, whichever character divides the columns.

    A Letterboxd list is two tables in one file: the list itself, then "Position,Name,...".

    Raises:
        Malformed: no header with a title or an id, or the text breaks off within quotes.
    """
    table = _rows(text)
    films = (at for at, (_, row) in enumerate(table) if plain(row[0]) == "position")
    start = next(films, 0)
    header = table[start][1] if table else []
    if not _IDENTIFYING & {
        name for name, value in _known(dict.fromkeys(header, "x")).items() if value
    }:
        raise Malformed("its first line names no column for a title or an id")
    for line, row in table[start + 1 :]:
        fault = f"has {len(row)} of {len(header)} columns" if len(row) != len(header) else ""
        yield Entry(f"line {line}", dict(zip(header, row, strict=False)), fault)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    found = []
    for line, row in rows(io.StringIO(text, newline="")):
        if isinstance(row, str):
            raise Malformed(f"line {line} {row}")
        found.append((line, row))
    return found


def _unwrapped(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Trakt's lists hold {"type": "movie", "movie": {..., "ids": {...}}}."""
    inner = values.get("movie")
    if isinstance(inner, Mapping):
        values = {**values, "movie": None, **inner}
    ids = values.get("ids")
    return {**values, **ids} if isinstance(ids, Mapping) else values


def _known(values: Mapping[str, Any]) -> dict[str, str]:
    """Our field names to what stands under the first of their names that holds anything."""
    told = {plain(name): squeezed(value) for name, value in values.items()}
    known = {
        ours: next((told[name] for name in names if told.get(name)), "")
        for ours, names in _NAMES.items()
    }
    known["imdb"] = known["imdb"] or (told.get("id", "") if imdb_id_in(told.get("id", "")) else "")
    return known


def _title_and_year(values: Mapping[str, str]) -> tuple[str, int | None]:
    title, year = values["title"], year_of(values["year"])
    if year is None and (dated := re.search(r"\b(1[89]|20)\d\d\b", values["released"])):
        year = int(dated[0])
    if year is None and (both := _TITLE_YEAR.fullmatch(title)):
        return both[1], int(both[2])
    return title, year


def _tmdb_id(text: str) -> int | None:
    if text.casefold() in NOTHING:
        return None
    if not _TMDB_ID.fullmatch(text):
        raise Malformed(f'has the TMDB id "{text[:LONGEST_SHOWN]}"')
    return int(text)
