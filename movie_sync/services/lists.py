"""Any list of films at an address or in a file: CSV, JSON, RSS or Atom, known by its content.

No login; what such a site allows is its own affair, so each reading is one request. An entry
needs a title, or the film's id at IMDb or TMDB; series among them are left out.
JSON is an array of objects or of texts ("Parasite (2019)", "tt6751668"), or an object that
holds one such array, as Radarr's, StevenLu's, MDBList's, TMDB's and Trakt's lists do.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from movie_sync.errors import BadAnswer, ConfigError, FilesError
from movie_sync.http import Http
from movie_sync.models import Watchlist
from movie_sync.services.entries import Entry, Malformed, collect, read_csv
from movie_sync.services.feeds import read_feed

LARGEST_FILE_BYTES = 32 * 1024**2
ROLLING = "a feed tells only its newest films, so none is taken for gone"

_LETTERBOXD = ("list:letterboxd.com", "list:www.letterboxd.com")
_ARRAYS = ("movies", "films", "items", "results")  # where there are several
_ID = re.compile(r"tt\d+")
_TOTALS = ("total", "total_items", "total_results", "totalItems", "totalResults", "item_count")


class PlainList:
    """One list.

    Args:
        address: http or https address, or the path of a file; `~` is the home folder.
        http: may be shared by all lists; only its pace and its name for itself are used.

    Raises:
        ConfigError: it is a page of Letterboxd, which has a source of its own.
    """

    def __init__(self, address: str, http: Http) -> None:
        self._address, self._http = address, http
        self._is_file = urlsplit(address).scheme not in {"http", "https"}
        self.name = f"list:{address}" if self._is_file else _name(address)
        if self.name.startswith(_LETTERBOXD) and not self.name.endswith("/rss/"):
            raise ConfigError(f'"{address}" is a page of Letterboxd; name it in letterboxd.lists')

    def read(self) -> Watchlist:
        """One request, or one file.

        Raises:
            BadAnswer: it is no list of a known form, or not one entry can be read.
            FilesError: the file cannot be read.
        """
        raw = self._file() if self._is_file else self._http.get(self._address).content
        try:
            text = raw.decode("utf-8-sig").strip()
            entries, partial = _entries(text)
            collected = collect(entries)
        except UnicodeDecodeError as error:
            raise BadAnswer(
                self.name, "it is not UTF-8 text; its films stay as they are"
            ) from error
        except Malformed as error:
            raise BadAnswer(self.name, f"{error}; its films stay as they are") from error
        if collected.bad and not collected.films:
            raise BadAnswer(self.name, f"{collected.problem}; its films stay as they are")
        problem = collected.problem or partial
        return Watchlist(
            source=self.name,
            films=tuple(collected.films.values()),
            complete=problem is None,
            problem=problem,
        )

    def _file(self) -> bytes:
        path = Path(self._address).expanduser()
        try:
            if path.stat().st_size > LARGEST_FILE_BYTES:
                limit_mib = LARGEST_FILE_BYTES >> 20
                raise FilesError(f"{path} is larger than {limit_mib} MiB; it was not read")
            return path.read_bytes()
        except OSError as error:
            raise FilesError(f"the list {path} cannot be read: {error.strerror}") from error


def _name(address: str) -> str:
    """Without the query, which may hold a key; a few digits of its hash keep two lists apart."""
    parts = urlsplit(address)
    query = f"#{hashlib.sha256(parts.query.encode()).hexdigest()[:6]}" if parts.query else ""
    return f"list:{parts.hostname}{parts.path}{query}"


def _entries(text: str) -> tuple[Iterator[Entry], str | None]:
    """The entries, and why they may be only a part of the list."""
    if not text:
        raise Malformed("it is empty, without even a header")
    if text[0] in "[{":
        return _from_json(text)
    if text[0] == "<":
        if text[:200].lower().lstrip("<! ").startswith(("doctype html", "html")):
            raise Malformed("it is a web page and no list")
        return read_feed(text), ROLLING
    return read_csv(text), None


def _from_json(text: str) -> tuple[Iterator[Entry], str | None]:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"it is no sound JSON ({error})") from error
    array = document if isinstance(document, list) else _only_array(document)
    total = _total(document)
    short = (
        f"it holds {total} films, but gives {len(array)} at once" if total > len(array) else None
    )
    return (_entry(number, value) for number, value in enumerate(array, 1)), short


def _only_array(document: dict[str, Any]) -> list[Any]:
    arrays = {name: value for name, value in document.items() if isinstance(value, list)}
    if len(arrays) > 1:
        arrays = {name: value for name, value in arrays.items() if name in _ARRAYS}
    if len(arrays) != 1:
        raise Malformed("it is a JSON object, but not one with one list of films in it")
    return next(iter(arrays.values()))


def _total(document: Any) -> int:
    if not isinstance(document, dict):
        return 0
    return max((n for name in _TOTALS if isinstance(n := document.get(name), int)), default=0)


def _entry(number: int, value: Any) -> Entry:
    place = f"entry {number}"
    if isinstance(value, dict):
        return Entry(place, value)
    if isinstance(value, str):
        return Entry(place, {"imdb" if _ID.fullmatch(value) else "title": value})
    return Entry(place, {}, "is neither an object nor a text")
