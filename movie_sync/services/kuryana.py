"""MyDramaList by way of kuryana, a program that reads its pages: other names of Asian shows.

Source: https://github.com/tbdsux/kuryana, as of 2026. MyDramaList has no API that is open to all.
Kuryana is run by whoever wants to, and asks for no login; there is no address of one here, and
without one nothing is asked. The one thing to know: it reads web pages, so whatever it tells may
be missing one day. A title and the name of the page are all that is counted on.
"""

from typing import TypeVar
from urllib.parse import quote

import msgspec
import requests
from msgspec import Struct, field

from movie_sync.errors import BadAnswer, Blocked, NotAuthorised, NotFound, Unavailable
from movie_sync.http import Http

NAME = "kuryana"

T = TypeVar("T")


class Drama(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A show or film of MyDramaList; only `drama` tells more than its title, type and year."""

    slug: str  # "687393-my-youth"
    title: str
    type: str | None = None  # "Korean Drama", "Chinese Movie"
    year: int | None = None
    native_title: str | None = None
    other_titles: tuple[str, ...] = ()
    country: str | None = None  # in words: "South Korea"
    episodes: int | None = None

    @property
    def mydramalist_id(self) -> str:
        return self.slug.partition("-")[0]

    @property
    def names(self) -> tuple[str, ...]:
        told = (self.title, self.native_title, *self.other_titles)
        return tuple(dict.fromkeys(filter(None, told)))


class _Hit(Struct):
    slug: str
    title: str
    type: str | None = None
    year: int | str | None = None


class _Hits(Struct):
    dramas: list[_Hit]


class _Search(Struct):
    results: _Hits


class _Details(Struct):
    country: str | None = None
    type: str | None = None
    episodes: int | str | None = None


class _Others(Struct):
    native_title: list[str] | str | None = None
    also_known_as: list[str] | str | None = None


class _Data(Struct):
    title: str
    year: int | str | None = None
    details: _Details = field(default_factory=_Details)
    others: _Others = field(default_factory=_Others)


class _Told(Struct):
    data: _Data


class _Failed(Struct):
    code: int
    error: bool = True


class Kuryana:
    name = NAME

    def __init__(self, http: Http) -> None:
        self._http = http

    def check(self) -> str:
        self.search("Kingdom")
        return "answers"

    def search(self, query: str) -> list[Drama]:
        """Shows and films that may be meant, the likeliest first."""
        path = f"/search/q/{quote(query, safe='')}"
        try:
            answer = self._get(path, "/search", "such title", _Search)
        except NotFound:
            return []
        return [
            Drama(slug=hit.slug, title=hit.title, type=hit.type, year=_number(hit.year))
            for hit in answer.results.dramas
        ]

    def drama(self, slug: str) -> Drama:
        """Raises NotFound: MyDramaList has no such page."""
        told = self._get(f"/id/{quote(slug, safe='')}", "/id", f"page {slug}", _Told).data
        return Drama(
            slug=slug,
            title=told.title,
            type=told.details.type,
            year=_number(told.year),
            native_title=next(iter(_listed(told.others.native_title)), None),
            other_titles=_listed(told.others.also_known_as),
            country=told.details.country,
            episodes=_number(told.details.episodes),
        )

    def close(self) -> None:
        self._http.close()

    def _get(self, path: str, shown: str, what: str, form: type[T]) -> T:
        try:
            response = self._http.get(path, accept=(404,))
        except NotAuthorised:  # it knows no login, so something before it refuses
            raise Blocked(NAME, f"{shown} is closed to us") from None
        _require_success(response, shown, what)
        try:
            return msgspec.json.decode(response.content, type=form)
        except msgspec.ValidationError as error:
            message = f"{shown} has an unknown form, and none of it was used: {error}"
            raise BadAnswer(NAME, message) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadAnswer(NAME, f"{shown} answered something that is not JSON") from error


def _require_success(response: requests.Response, shown: str, what: str) -> None:
    """What MyDramaList refused is told as a number in the answer, whatever the status."""
    try:
        failed = msgspec.json.decode(response.content, type=_Failed)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        if response.status_code == 404:
            message = f"{shown} answered 404 in a form that is not its own"
            raise BadAnswer(NAME, message) from None
        return
    if failed.code == 404:
        raise NotFound(NAME, f"there is no {what}")
    if failed.error and failed.code >= 400:
        raise Unavailable(NAME, f"MyDramaList answered it {failed.code}")


def _listed(told: list[str] | str | None) -> tuple[str, ...]:
    parts = told.split(",") if isinstance(told, str) else told or ()
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in parts))))


def _number(told: int | str | None) -> int | None:
    text = str(told if told is not None else "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
