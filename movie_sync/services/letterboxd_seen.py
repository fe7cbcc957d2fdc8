"""Whether a member of Letterboxd has seen a film: a watchlist drops a film once it is logged.

Two things tell: the diary's feed, which names the newest, and the member's own page of a film,
which is there for what was seen and answers 404 for the rest. That 404 is believed only while the
same kind of page is there for a film of the feed, so that a change of the site is no answer.
Source: https://letterboxd.com/<member>/rss/ and /<member>/film/<slug>/ as of 2026.
"""

import threading
import time
from collections.abc import Callable
from http import HTTPStatus

from movie_sync.errors import BadAnswer, Blocked
from movie_sync.models import Film
from movie_sync.services.entries import Malformed, collect
from movie_sync.services.feeds import read_feed

NAME = "letterboxd"
DIARY_FOR_S = 3600.0


class SeenFilms:
    """Asks through `visit`, which answers a path with a status and a text, or raises as
    `Letterboxd.text` does."""

    def __init__(
        self,
        visit: Callable[[str], tuple[int, str]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._visit, self._monotonic = visit, monotonic
        self._diaries: dict[str, tuple[float, list[Film], bool]] = {}
        self._lock = threading.Lock()

    def has_seen(self, user: str, film: Film) -> bool:
        """Raises ServiceError: that cannot be told."""
        with self._lock:
            diary, believed = self._diary(user)
            if any(_same(film, each) for each in diary):
                return True
            if not film.slug:
                raise BadAnswer(NAME, f"the address of {film} is not known")
            if not believed:
                raise BadAnswer(NAME, f"the diary of {user} names no film to compare with")
            return self._has_page(user, film.slug)

    def _diary(self, user: str) -> tuple[list[Film], bool]:
        """The newest films of the diary, and whether a missing page tells anything."""
        at, diary, believed = self._diaries.get(user, (0.0, [], False))
        if user not in self._diaries or self._monotonic() - at >= DIARY_FOR_S:
            diary = self._read_diary(user)
            known = next((film.slug for film in diary if film.slug), None)
            believed = known is not None and self._has_page(user, known)
            self._diaries[user] = (self._monotonic(), diary, believed)
        return diary, believed

    def _read_diary(self, user: str) -> list[Film]:
        path = f"/{user}/rss/"
        status, text = self._visit(path)
        if status != HTTPStatus.OK:
            raise BadAnswer(NAME, f"{path} answered {status}")
        try:
            collected = collect(read_feed(text))
        except Malformed as error:
            raise BadAnswer(NAME, f"{path} is no diary: {error}") from error
        return list(collected.films.values())

    def _has_page(self, user: str, slug: str) -> bool:
        path = f"/{user}/film/{slug}/"
        status, _ = self._visit(path)
        if status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            raise Blocked(NAME, f"{path} answered {status}")
        return status == HTTPStatus.OK


def _same(film: Film, logged: Film) -> bool:
    if film.slug and logged.slug:
        return film.slug == logged.slug
    return film.tmdb_id is not None and film.tmdb_id == logged.tmdb_id
