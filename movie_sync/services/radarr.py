"""Radarr: which films it knows, which of them it has, and where it keeps them.

Source: Radarr's own API description, version 3 of it, as of Radarr 5. Needs the key that Radarr
shows under Settings, General. It sets no limit. A film that it has is told by `hasFile`, one that
it should not look for by `monitored`. Files with the same form, as `GET /api/v3/movie` gives, are
read by `read_listed`. How films are given to it is in `radarr_adding.py`.

The one thing to know: all films come in one answer of some kilobytes each. Where that is more
than is taken in at once, only those that are missing are asked for, page by page.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from movie_sync.errors import BadAnswer, NotAuthorised, NotFound
from movie_sync.http import Http
from movie_sync.models import Film
from movie_sync.services.entries import Entry, Malformed, read_entry

NAME = "radarr"
T = TypeVar("T")

PAGE = 200  # films
MOST_PAGES = 1000

FLAGS = ("hasFile", "monitored")
_ON = {"true", "yes", "on", "1"}


class Listed(NamedTuple):
    """A film as Radarr has it."""

    film: Film
    has_file: bool
    monitored: bool


class Collection(Struct, frozen=True):
    """What was read, and what of it was not understood, as sentences."""

    films: tuple[Listed, ...]
    bad: tuple[str, ...] = ()
    whole: bool = True  # else only what is missing there was asked for


class _Page(Struct):
    records: list[dict[str, Any]]
    totalRecords: int = 0  # noqa: N815 - as it is named there


class _Folder(Struct):
    path: str


class Radarr:
    """One Radarr. Its `Http` should have `headers(key)`."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def movies(self) -> Collection:
        """Raises BadAnswer: not one of its films can be read, or its form is unknown."""
        whole = True
        try:
            values = self._ask("/api/v3/movie", list[dict[str, Any]], excludeLocalCovers="true")
        except BadAnswer as error:
            whole = False
            try:
                values = list(self._missing())
            except NotFound:  # an older Radarr cannot be asked so
                raise error from None
        read = read_listed(Entry(f"film {number}", value) for number, value in enumerate(values, 1))
        if read.bad and not read.films:
            raise BadAnswer(NAME, f"not one of its films can be read; {read.bad[0]}")
        return msgspec.structs.replace(read, whole=whole)

    def folders(self) -> tuple[str, ...]:
        """The folders that its films are in, as it names them."""
        return tuple(each.path for each in self._ask("/api/v3/rootfolder", list[_Folder]))

    def close(self) -> None:
        self._http.close()

    def _missing(self) -> Iterator[dict[str, Any]]:
        for number in range(1, MOST_PAGES + 1):
            page = self._ask("/api/v3/wanted/missing", _Page, page=number, pageSize=PAGE)
            yield from page.records
            if not page.records or number * PAGE >= page.totalRecords:
                return

    def _ask(self, path: str, form: type[T], **params: str | int) -> T:
        try:
            return msgspec.convert(self._http.get_json(path, **params), form)
        except NotAuthorised as error:
            message = "the API key was refused; set it by `credentials set radarr.api_key`"
            raise NotAuthorised(NAME, message) from error
        except msgspec.ValidationError as error:
            message = f"{path} has an unknown form, and none of it was used: {error}"
            raise BadAnswer(NAME, message) from error


def headers(key: str) -> dict[str, str]:
    return {"X-Api-Key": key}


def read_listed(entries: Iterable[Entry]) -> Collection:
    """The films of these entries, with what is said of their files."""
    films, bad = [], []
    for entry in entries:
        try:
            film = read_entry(entry)
        except Malformed as error:
            bad.append(f"{entry.place} {error}")
            continue
        if film:
            plain = {str(name).casefold(): value for name, value in entry.values.items()}
            films.append(
                Listed(film, _is_on(plain, "hasfile", False), _is_on(plain, "monitored", True))
            )
    return Collection(tuple(films), tuple(bad))


def _is_on(values: Mapping[str, Any], name: str, otherwise: bool) -> bool:
    value = values.get(name)
    return otherwise if value is None or value == "" else str(value).strip().casefold() in _ON
