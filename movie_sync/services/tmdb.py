"""TMDB: a film's ids, titles, language, running time and the dates on which it came out.

Source: https://developer.themoviedb.org/reference, as of 2026. Needs a key of the person's own:
either the short one (32 hexadecimal digits) or the long "read access token". Asks only that 429
is heeded; what it tells is kept for six hours. It must be named where it is used: docs/services.md.

The one thing to know: a film is found by id, else by its exact title and year, and by nothing else.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar
from unicodedata import name
from urllib.parse import quote

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from movie_sync import titles
from movie_sync.errors import BadAnswer, NotAuthorised, NotFound, Refused
from movie_sync.http import Http
from movie_sync.models import Film

NAME = "tmdb"
PARTS = "release_dates,alternative_titles,translations,external_ids"
AT_HOME = {4, 5, 6}  # digital, disc, TV; 1 to 3 are cinemas
MOST_TITLES = 30
KEPT_S = 6 * 3600.0
MOST_KEPT = 200
LANGUAGES = {"cn": "zh", "xx": None}  # its own code for Cantonese, and for a film without words

_SHORT_KEY = re.compile(r"[0-9a-fA-F]{32}")

T = TypeVar("T")


class Hit(Struct, frozen=True):
    id: int
    title: str = ""
    original_title: str = ""
    release_date: str | None = None


class Hits(Struct, frozen=True):
    results: list[Hit]


class FoundById(Struct, frozen=True):
    movie_results: list[Hit]
    tv_results: list[Any] = []


class Release(Struct, frozen=True):
    release_date: str = ""
    type: int = 0


class Country(Struct, frozen=True):
    release_dates: list[Release] = []


class Countries(Struct, frozen=True):
    results: list[Country] = []


class Titled(Struct, frozen=True):
    title: str | None = None


class OtherTitles(Struct, frozen=True):
    titles: list[Titled] = []


class Translation(Struct, frozen=True):
    iso_639_1: str = ""
    data: Titled = Titled()


class Translations(Struct, frozen=True):
    translations: list[Translation] = []


class ExternalIds(Struct, frozen=True):
    imdb_id: str | None = None


class Details(Struct, frozen=True):
    """A film as TMDB tells it; an empty text stands for what it does not know."""

    id: int
    title: str
    original_title: str = ""
    original_language: str = ""
    imdb_id: str | None = None
    runtime: int | None = None
    release_date: str | None = None
    poster_path: str | None = None
    release_dates: Countries = Countries()
    alternative_titles: OtherTitles = OtherTitles()
    translations: Translations = Translations()
    external_ids: ExternalIds = ExternalIds()


class Tmdb:
    """A `FilmFacts`. Its `Http` should have `headers(key)`."""

    name = NAME
    adds: tuple[str, ...] = ("original_language", "home_release_on")

    def __init__(
        self, http: Http, key: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._http, self._monotonic = http, monotonic
        self._login = {"api_key": key} if _SHORT_KEY.fullmatch(key) else {}
        self._refused = False
        self._kept: dict[tuple[Any, ...], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def facts(self, film: Film) -> Film | None:
        """Key, title, year and what a person calls it stay as they are.

        Raises:
            Refused: its IMDb id is that of a series.
            NotFound: TMDB has no film of this number any more.
        """
        number = film.tmdb_id or self._number(film)
        if number is None:
            return None
        told = self._remembered(("film", number), lambda: self._details(number))
        if told is None:
            raise NotFound(NAME, f"there is no film {number}; {film} keeps the facts it has")
        imdb_id = told.imdb_id or told.external_ids.imdb_id or None
        if film.tmdb_id is None and film.imdb_id and imdb_id not in (None, film.imdb_id):
            return None
        return replace(
            film,
            imdb_id=film.imdb_id or imdb_id,
            tmdb_id=number,
            original_title=told.original_title or film.original_title,
            poster=told.poster_path or film.poster,
            original_language=_language(told.original_language) or film.original_language,
            alternative_titles=_titles(film, told),
            runtime_min=told.runtime or film.runtime_min,
            premiered_on=_premiere(told) or film.premiered_on,
            home_release_on=min(_dates(told, AT_HOME), default=film.home_release_on),
        )

    def check(self) -> str:
        self._ask("/authentication", dict)
        return "the key is accepted"

    def _number(self, film: Film) -> int | None:
        """TMDB's own for the film, if it can be told which one it is."""
        if film.imdb_id:
            imdb_id = film.imdb_id
            number: int | None = self._remembered(
                ("imdb", imdb_id), lambda: self._by_imdb_id(imdb_id, film)
            )
            if number:
                return number
        if film.year is None:
            return None
        named = ("name", film.titles, film.year)
        return self._remembered(named, lambda: self._by_name(film))

    def _by_imdb_id(self, imdb_id: str, film: Film) -> int | None:
        path = f"/find/{quote(imdb_id, safe='')}"
        found = self._ask(path, FoundById, external_source="imdb_id")
        if found.tv_results and not found.movie_results:
            raise Refused(NAME, f"{film} is a series and not a film; it is not downloaded")
        return found.movie_results[0].id if len(found.movie_results) == 1 else None

    def _by_name(self, film: Film) -> int | None:
        """The one film of this title and very year; None where there are two, or none."""
        year = film.year or 0
        found = self._ask("/search/movie", Hits, query=film.title, primary_release_year=year)
        known = {key for title in film.titles for key in titles.keys(title)}
        numbers = {
            hit.id
            for hit in found.results
            if (hit.release_date or "").startswith(f"{year}-")
            and not known.isdisjoint({*titles.keys(hit.title), *titles.keys(hit.original_title)})
        }
        return numbers.pop() if len(numbers) == 1 else None

    def _details(self, number: int) -> Details | None:
        try:
            return self._ask(f"/movie/{number}", Details, append_to_response=PARTS)
        except NotFound:
            return None

    def _ask(self, path: str, form: type[T], **params: str | int) -> T:
        """The answer in this form. A key that was refused is not shown again."""
        wrong = "the key was refused; set another by `credentials set tmdb.api_key`"
        if self._refused:
            raise NotAuthorised(NAME, wrong)
        try:
            answer = self._http.get_json(path, **params, **self._login)
            return msgspec.convert(answer, form)
        except NotAuthorised as error:
            self._refused = True
            raise NotAuthorised(NAME, wrong) from error
        except msgspec.ValidationError as error:
            message = f"{path} has an unknown form, and none of it was used: {error}"
            raise BadAnswer(NAME, message) from error

    def _remembered(self, what: tuple[Any, ...], ask: Callable[[], T]) -> T:
        """What it told in the last six hours; else asked, without holding up other threads."""
        with self._lock:
            until, answer = self._kept.get(what, (0.0, None))
        if self._monotonic() < until:
            return answer  # type: ignore[no-any-return]
        told = ask()
        with self._lock:
            self._kept[what] = self._monotonic() + KEPT_S, told
            while len(self._kept) > MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
        return told


def headers(key: str) -> dict[str, str]:
    """What each call carries: the long key. The short one goes into the query."""
    return {} if _SHORT_KEY.fullmatch(key) else {"Authorization": f"Bearer {key}"}


def _language(code: str) -> str | None:
    return LANGUAGES.get(code, code) or None


def _premiere(told: Details) -> date | None:
    return min(_dates(told), default=_day(told.release_date))


def _dates(told: Details, types: Iterable[int] = range(1, 7)) -> Iterator[date]:
    for country in told.release_dates.results:
        for release in country.release_dates:
            day = _day(release.release_date)
            if day and release.type in types:
                yield day


def _day(text: str | None) -> date | None:
    """From "1999-11-04", or "1999-11-04T00:00:00.000Z", which is a day too."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _titles(film: Film, told: Details) -> tuple[str, ...]:
    """Those known before, then its own; in Latin letters or the letters of the original, as no
    release is named otherwise. None stands for another way of writing one before it."""
    translated = [each.data.title for each in told.translations.translations]
    others = [each.title for each in told.alternative_titles.titles]
    readable = {"LATIN", *_scripts(told.original_title)}
    known = {titles.key(title) for title in (film.title, told.original_title) if title}
    found = []
    for title in (*film.alternative_titles, told.title, *others, *translated):
        if title and titles.key(title) not in known and _scripts(title) <= readable:
            known.add(titles.key(title))
            found.append(title)
    return tuple(found[:MOST_TITLES])


def _scripts(text: str) -> set[str]:
    """Of its letters, as Unicode names them: LATIN, CYRILLIC, HANGUL, CJK ..."""
    return {name(char, "").partition(" ")[0] for char in text if char.isalpha()}
