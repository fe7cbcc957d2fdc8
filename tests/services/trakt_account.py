"""A Trakt with an account that somebody is logged in to, for tests of those who use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from movie_sync.demo.trakt_site import TraktSite
from movie_sync.errors import NotAuthorised
from movie_sync.services.trakt import Trakt
from movie_sync.services.trakt_api import connect

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Clock:
    """Unix seconds, and seconds slept, which pass at once."""

    def __init__(self) -> None:
        self.now = NOW.timestamp()
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


class HeldTokens:
    """Tokens in memory; `newer` are given in turn where one is refused."""

    def __init__(self, access: str, *newer: str) -> None:
        self._access, self._newer = access, list(newer)

    def access(self) -> str:
        return self._access

    def renewed(self, refused: str) -> str:
        if not self._newer:
            raise NotAuthorised("trakt", "log in again")
        self._access = self._newer.pop(0)
        return self._access


@contextmanager
def opened(site: TraktSite, clock: Clock, tokens=None, **options) -> Iterator[Trakt]:
    held = tokens or HeldTokens(site.gate.grant()["access_token"])
    paced = {"sleep": clock.sleep, "monotonic": clock, "tries": 1} | options
    api = connect(site.url, site.gate.client_id, held, **paced)
    trakt = Trakt(api, clock=lambda: clock.moment)
    try:
        yield trakt
    finally:
        trakt.close()


def fill(site: TraktSite, plays: int, *, every_s: float = 3600.0) -> None:
    """So many plays of one film, the newest an hour ago."""
    site.world.film(1, "Again and Again", 2020, imdb="tt0000001", tmdb=11)
    for number in range(plays, 0, -1):
        site.world.play(("movie", 1), site.world.clock() - number * every_s)
