"""TMDB as films ask it: ids, titles, language, running time and the dates on which it came out.

What it tells is kept for six hours. It must be named where it is used: docs/services.md.

The one thing to know: a film is found by id, else by its exact title and year, and by nothing else.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, TypeVar

from msgspec.structs import replace

from movie_sync import titles
from movie_sync.errors import NotFound, Refused
from movie_sync.http import Http
from movie_sync.models import Film
from movie_sync.services import tmdb_questions as questions
from movie_sync.services.tmdb_api import NAME, TmdbApi, headers
from movie_sync.services.tmdb_facts import day, language_of, spelt_as
from movie_sync.services.tmdb_shapes import Movie

__all__ = ["KEPT_S", "MOST_KEPT", "MOST_TITLES", "NAME", "PARTS", "Tmdb", "headers"]

PARTS = "release_dates,alternative_titles,translations,external_ids"
AT_HOME = {4, 5, 6}  # digital, disc, TV; 1 to 3 are cinemas
MOST_TITLES = 30
KEPT_S = 6 * 3600.0
MOST_KEPT = 200

T = TypeVar("T")


class Tmdb:
    """A `FilmFacts`. Its `Http` should have `headers(key)`."""

    name = NAME
    adds: tuple[str, ...] = ("original_language", "home_release_on")

    def __init__(
        self, http: Http, key: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._api, self._monotonic = TmdbApi(http, key), monotonic
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
            original_language=language_of(told.original_language) or film.original_language,
            alternative_titles=_titles(film, told),
            runtime_min=told.runtime or film.runtime_min,
            premiered_on=_premiere(told) or film.premiered_on,
            home_release_on=min(_dates(told, AT_HOME), default=film.home_release_on),
        )

    def check(self) -> str:
        return self._api.check()

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
        found = self._api.ask(questions.find("imdb", imdb_id))
        if found.tv_results and not found.movie_results:
            raise Refused(NAME, f"{film} is a series and not a film; it is not downloaded")
        return found.movie_results[0].id if len(found.movie_results) == 1 else None

    def _by_name(self, film: Film) -> int | None:
        """The one film of this title and very year; None where there are two, or none."""
        year = film.year or 0
        found = self._api.ask(questions.search_movies(film.title, year))
        known = {key for title in film.titles for key in titles.keys(title)}
        numbers = {
            hit.id
            for hit in found.results
            if (hit.release_date or "").startswith(f"{year}-")
            and not known.isdisjoint(
                {*titles.keys(hit.title or ""), *titles.keys(hit.original_title or "")}
            )
        }
        return numbers.pop() if len(numbers) == 1 else None

    def _details(self, number: int) -> Movie | None:
        try:
            return self._api.ask(questions.movie(number, PARTS.split(",")))
        except NotFound:
            return None

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


def _premiere(told: Movie) -> date | None:
    return min(_dates(told), default=day(told.release_date))


def _dates(told: Movie, types: Iterable[int] = range(1, 7)) -> Iterator[date]:
    for country in told.release_dates.results:
        for release in country.release_dates:
            on = day(release.release_date)
            if on and release.type in types:
                yield on


def _titles(film: Film, told: Movie) -> tuple[str, ...]:
    """Those known before, then its own."""
    translated = [each.data.title for each in told.translations.translations]
    others = [each.title for each in told.alternative_titles.titles]
    mine = (film.title, told.original_title)
    found = (*film.alternative_titles, told.title, *others, *translated)
    return spelt_as(told.original_title, mine, found)[:MOST_TITLES]
