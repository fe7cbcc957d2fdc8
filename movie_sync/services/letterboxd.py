"""Letterboxd: whose watchlist holds which films, and what else a film is called.

Public pages, read as a visitor; no login is used. Its terms forbid automated reading and its
host often answers 403 to programs, so this asks calmly under its own name, obeys robots.txt,
solves no challenge, and takes a closed door for an answer. The export (`letterboxd_export.py`)
and plain lists (`lists.py`) are equal sources.
Source: pages of https://letterboxd.com as of 2026: 28 films a page, newest first; a page past
the end answers 403, or 200 without films; a rate limit answers 429 without a Retry-After.

A film's key is "letterboxd:<number>", the number being Letterboxd's own, which has outlived all
changes of its pages and of a film's slug. Where a page gives none the key is "slug:<slug>": a
prefix of its own, for there is a film whose slug is 1984 and another whose number is.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from movie_sync.errors import BadAnswer, Blocked, ConfigError, NotFound, Refused, ServiceError
from movie_sync.http import USER_AGENT, Http
from movie_sync.models import Film, Watchlist
from movie_sync.robots import Robots
from movie_sync.services.letterboxd_pages import (
    Grid,
    is_own_error,
    parse,
    read_film,
    read_grid,
    wall,
)

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

NAME = "letterboxd"
ROBOTS_FOR_S = 24 * 3600.0
MOST_PAGES = 1000
INSTEAD = "what was read before stays; an export can be imported instead"

_USER = re.compile(r"\w+", re.ASCII)
_LISTING = re.compile(r"/(\w+)/(watchlist|list/[^/]+(?:/share/[^/]+)?)(?:/.*)?", re.ASCII)
# Read by us and not by `Http`, for any of them may carry a challenge.
_STATUSES = (401, 403, 404, 410, 426, 429, 451, 503)


class Letterboxd:
    """The site as its visitors see it; all sources and film pages share its pace and robots.txt.

    Args:
        user_agent: the one that `http` sends, for robots.txt may name it.
        monotonic: seconds, to forget robots.txt after a day.
    """

    name = NAME

    adds: tuple[str, ...] = ("imdb_id",)

    def __init__(
        self,
        http: Http,
        *,
        user_agent: str = USER_AGENT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http, self._agent, self._monotonic = http, user_agent, monotonic
        self._robots: Robots | None = None
        self._robots_until = 0.0
        self._lock = threading.Lock()

    def watchlist(self, user: str) -> Listing:
        """Raises ConfigError where no member could have this name."""
        if not _USER.fullmatch(user):
            raise ConfigError(f'"{user}" is no Letterboxd name: those are letters, digits and "_"')
        return Listing(self, f"/{user.lower()}/watchlist/")

    def list(self, url: str) -> Listing:
        """A list by the address a browser shows for it, whatever its page or order.

        Raises:
            ConfigError: it is not the address of a list or watchlist.
        """
        found = _LISTING.fullmatch(urlsplit(url).path)
        if not found:
            raise ConfigError(
                f'"{url}" is no address of a Letterboxd list; '
                "one looks like https://letterboxd.com/alice/list/heist-films/"
            )
        return Listing(self, f"/{found[1].lower()}/{found[2]}/")

    def check(self, user: str) -> str:
        """One sentence on a watchlist, by its first page alone. Raises as reading it does."""
        listing = self.watchlist(user)
        first = listing.page_of_films(1)
        count = len(first.films) if first.announced is None else first.announced
        return f"{count} films are on the watchlist of {user}"

    def facts(self, film: Film) -> Film | None:
        """What the film's page tells; None for a film whose page is not known by a slug.

        What the page leaves out stays as it was, and may be there another day.

        Raises:
            Refused: it is a series, or its page is gone.
            Blocked: the page is closed to programs.
        """
        if not film.slug:
            return None
        path = f"/film/{film.slug}/"
        status, page = self.page(path)
        if status == HTTPStatus.NOT_FOUND:
            raise NotFound(NAME, f"{film} has no page any more; it is not downloaded")
        if status == HTTPStatus.FORBIDDEN:
            raise Blocked(NAME, f"{path} is closed to visitors; {film} keeps the ids it has")
        told = read_film(page)
        if told is None:
            raise BadAnswer(NAME, f"{path} has an unknown form; {film} keeps the ids it has")
        if told.series:
            raise Refused(NAME, f"{film} is a series and not a film; it is not downloaded")
        return replace(
            film,
            year=film.year or told.year,
            imdb_id=told.imdb_id or film.imdb_id,
            tmdb_id=told.tmdb_id or film.tmdb_id,
            original_title=told.original_title or film.original_title,
            alternative_titles=told.alternative_titles or film.alternative_titles,
            runtime_min=told.runtime_min or film.runtime_min,
        )

    def page(self, path: str) -> tuple[int, BeautifulSoup]:
        """A page with its status: 200, 404, or 403 where Letterboxd itself says no.

        Raises:
            Blocked: robots.txt forbids it, or something in front of the site does.
            Unavailable: no answer, a 5xx, or a rate limit.
        """
        answer = self._visit(path)
        return answer.status, answer.page

    def text(self, path: str) -> tuple[int, str]:
        """As `page`, for what is no web page."""
        answer = self._visit(path)
        return answer.status, answer.text

    def _visit(self, path: str) -> _Answer:
        if not self._rules().allows(path):
            raise Blocked(NAME, f"robots.txt closes {path} to programs; {INSTEAD}")
        return self._fetch(path)

    def _rules(self) -> Robots:
        with self._lock:
            if self._robots is None or self._monotonic() >= self._robots_until:
                answer = self._fetch("/robots.txt")
                text = answer.text if answer.status == HTTPStatus.OK else ""
                self._robots = Robots(text, self._agent)
                self._robots_until = self._monotonic() + ROBOTS_FOR_S
            return self._robots

    def _fetch(self, path: str) -> _Answer:
        try:
            response = self._http.get(path, accept=_STATUSES)
        except (Blocked, Refused) as error:  # led to another host, as by a hotel's login page
            raise Blocked(NAME, f"{error.message}; {INSTEAD}") from error
        text = response.content.decode("utf-8", errors="replace")
        is_feed = text.lstrip().startswith("<?xml")  # which is no page, nor a wall before one
        status, page = response.status_code, parse("" if is_feed else text)
        if reason := wall(page):
            raise Blocked(NAME, f"answers with {reason}; {INSTEAD}")
        if "cf-mitigated" in response.headers:
            raise Blocked(NAME, f"answers with a challenge; {INSTEAD}")
        if status in {429, 503}:
            raise self._http.failure(response, path)
        if status in {401, 426, 451} or (status == HTTPStatus.FORBIDDEN and not is_own_error(page)):
            raise Blocked(NAME, f"answered {status} and does not say why; {INSTEAD}")
        return _Answer(HTTPStatus.NOT_FOUND if status == HTTPStatus.GONE else status, text, page)


class _Answer(NamedTuple):
    status: int  # 200, 403 or 404
    text: str
    page: BeautifulSoup


class Listing:
    """A watchlist or a list, to be read: both are pages of films under one path."""

    def __init__(self, site: Letterboxd, path: str) -> None:
        self._site, self._path = site, path
        shown = path.strip("/").removesuffix("/watchlist").partition("/share/")[0]
        self.name = f"{NAME}:{shown}"

    def read(self) -> Watchlist:
        """All pages, the first of which says how many there are.

        Raises:
            Refused: it is private.
            NotFound: there is no such member or list.
            Blocked, Unavailable, BadAnswer: the first page could not be read.
        """
        pages, problem = [self.page_of_films(1)], None
        last_page = min(pages[0].last_page, MOST_PAGES)
        for number in range(2, last_page + 1):
            try:
                pages.append(self.page_of_films(number))
            except ServiceError as error:
                kept = "was not read and its films stay as they are"
                problem = f"page {number} of {last_page} {kept}: {error.message}"
                break
        films = tuple({film.key: film for page in pages for film in page.films}.values())
        problem = problem or _doubt(pages, len(films))
        return Watchlist(
            source=self.name,
            films=films,
            complete=problem is None,
            announced=pages[0].announced,
            problem=problem,
        )

    def page_of_films(self, number: int) -> Grid:
        """One page, whose count may differ from that of the others. Raises as `read` does."""
        path = self._path if number == 1 else f"{self._path}page/{number}/"
        status, page = self._site.page(path)
        if status != HTTPStatus.OK:
            raise self._closed(number, status)
        found = read_grid(page)
        if found is None:
            raise BadAnswer(NAME, f"{path} has an unknown form; no film was read from it")
        if not found.films and number > 1:
            raise self._closed(number, status)
        if not found.films and found.announced:
            raise BadAnswer(
                NAME,
                f"{path} announces {found.announced} films in an unknown form; none was read",
            )
        return found

    def _closed(self, number: int, status: int) -> Refused:
        if number > 1:
            return Refused(NAME, "it is past the end; the list became shorter while it was read")
        if status == HTTPStatus.NOT_FOUND:
            return NotFound(NAME, f"there is no {self._path}; check the name")
        return Refused(NAME, f"{self._path} is private; make it public there, or import its export")


def _doubt(pages: Sequence[Grid], different: int) -> str | None:
    """Why the films of these pages may not be the whole list, though every page answered."""
    announced, read = pages[0].announced, sum(len(page.films) for page in pages)
    if announced is None:
        return f"it does not say how many films it holds, so the {different} read may not be all"
    if different != read or any(page.announced != announced for page in pages):
        return f"it changed while it was read, so some of its {announced} films may be missing"
    if different != announced:
        return f"it announces {announced} films, but {different} could be read"
    return None
