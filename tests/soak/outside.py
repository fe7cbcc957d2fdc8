"""Everything outside the program in a soak: lists, indexers, a torrent client and a site of facts
that answer from memory, and go wrong as they do in life.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    FilesError,
    NotAuthorised,
    NotFound,
    Refused,
    Unavailable,
)
from movie_sync.films.space import DownloadSpace
from movie_sync.models import (
    Film,
    MediaFacts,
    Release,
    Watchlist,
)
from tests import make
from tests.soak.films import INDEXERS, LISTS, RUNTIME_MIN, Fate, Movie

CLIENT, FACTS, DISK = "client", "facts", "disk"
NO_PLACES = 0.25  # share of a list that a wrong reading lacks
_TROUBLES: tuple[Callable[[str], Exception], ...] = (
    lambda name: Unavailable(name, "answered 503"),
    lambda name: Unavailable(name, "asks us to slow down", 7200.0),
    lambda name: Blocked(name, "shows a challenge page"),
    lambda name: NotAuthorised(name, "refused our login; renew it"),
    lambda name: BadAnswer(name, "sent something else"),
)


class Killed(BaseException):
    """The process is no more: nothing of it may run on."""


class Broken(AssertionError):
    """An invariant does not hold; the message says which and for what."""


class World:
    """All that is outside. `point` is called wherever a process may be killed.

    Args:
        now: the time by the simulated clock.
    """

    def __init__(
        self,
        movies: list[Movie],
        downloads: Path,
        chance: random.Random,
        now: Callable[[], datetime],
    ) -> None:
        self.movies, self.chance, self.now = movies, chance, now
        self.by_number = {movie.number: movie for movie in movies}
        self.offers = {o.release.id: o for movie in movies for o in movie.offers}
        self.by_handle = {offer.handle: offer for offer in self.offers.values()}
        self.down: dict[str, tuple[datetime, Exception]] = {}
        self.faults: Counter[str] = Counter()
        self.loads: dict[str, Any] = {}  # what the torrent client has
        self.named: dict[str, list[Movie]] = {}  # in the last reading of each list
        self.downloads = downloads
        self.calm = False
        self.points_left: int | None = None
        self.on_kill: Callable[[], object] = lambda: None
        self._dead = False

    def point(self) -> None:
        """The process may be killed here."""
        if threading.current_thread().name == "queue-files":
            return
        if self._dead:
            raise Killed
        if self.points_left is not None:
            self.points_left -= 1
            if self.points_left <= 0:
                self._dead = True
                self.on_kill()
                raise Killed

    def bury(self) -> None:
        self._dead, self.points_left = False, None

    def ask(self, service: str) -> None:
        """Raises what is wrong with this service now."""
        self.point()
        until, error = self.down.get(service, (self.now(), None))
        if error and until > self.now():
            self.faults[f"{service} {type(error).__name__}"] += 1
            raise error

    def break_something(self) -> None:
        """One service is out of order for hours or days."""
        name = self.chance.choice((*INDEXERS, *LISTS, CLIENT, FACTS, DISK))
        hours = self.chance.choice((1, 5, 12, 24, 72, 168))
        error: Exception = self.chance.choice(_TROUBLES)(name)
        if name == CLIENT and not isinstance(error, Unavailable | NotAuthorised):
            error = Unavailable(name, "could not be reached")
        if name == DISK:
            error = FilesError("the disk is too full; the film waits; make room there")
        self.down[name] = (self.now() + timedelta(hours=hours), error)


class Source:
    """A list, which at times is short, empty or out of order."""

    def __init__(self, world: World, name: str) -> None:
        self.name, self._world = name, world

    def read(self) -> Watchlist:
        world = self._world
        world.ask(self.name)
        listed = [movie for movie in world.movies if self.name in movie.lists]
        named, complete = self._wrongly(listed)
        world.named[self.name] = named
        return make.watchlist(*(movie.film for movie in named), source=self.name, complete=complete)

    def _wrongly(self, listed: list[Movie]) -> tuple[list[Movie], bool]:
        world, wrong = self._world, self._world.chance.random()
        if world.calm or wrong >= 0.12:
            return listed, True
        fewer = listed[: int(len(listed) * (1 - NO_PLACES))]
        if wrong < 0.03:
            world.faults["list empty"] += 1
            return [], True
        if wrong < 0.06 or len(listed) - len(fewer) <= 10:  # so few could truly have gone
            world.faults["list broken off"] += 1
            return fewer, False
        world.faults["list short"] += 1
        return fewer, True


class Facts:
    name = FACTS
    adds = ("imdb_id",)

    def __init__(self, world: World) -> None:
        self._world = world

    def facts(self, film: Film) -> Film | None:
        self._world.ask(FACTS)
        return self._world.by_number[int(film.key.partition(":")[2])].facts


class Indexer:
    def __init__(self, world: World, name: str) -> None:
        self.name, self._world = name, world

    def search(self, film: Film) -> list[Release]:
        self._world.ask(self.name)
        movie = self._world.by_number[int(film.key.partition(":")[2])]
        seat = make.release(indexer=self.name, id="cam", name=f"{film.title}.{film.year}.HDCAM-X")
        other = make.release(indexer=self.name, id="other", name="Some.Thing.1991.1080p.BluRay-X")
        return [*self._of([movie]), seat, other]

    def latest(self) -> list[Release]:
        self._world.ask(self.name)
        return self._of(self._world.chance.sample(self._world.movies, 20))

    def fetch(self, release: Release) -> bytes:
        self._world.ask(self.name)
        offer = self._world.offers[release.id]
        if offer.fate in (Fate.NO_TORRENT, Fate.GONE, Fate.FAKE):
            self._world.by_number[offer.number].blame += 1
            self._world.faults[offer.fate] += 1
        if offer.fate is Fate.NO_TORRENT:
            return b"<!DOCTYPE html><title>Login</title>"
        if offer.fate is Fate.GONE:
            raise NotFound(self.name, "download is not there")
        return offer.torrent

    def check(self) -> str:
        return "well"

    def _of(self, movies: list[Movie]) -> list[Release]:
        now = self._world.now()
        return [
            offer.release
            for movie in movies
            for offer in movie.offers
            if offer.release.indexer == self.name and offer.since <= now
        ]


class Space(DownloadSpace):
    """The room of a small disk that fills up now and then."""

    def __init__(self, world: World) -> None:
        super().__init__(world.downloads, keep_free_bytes=0)
        self._world = world

    def room_for(self, size_bytes: int, still_loading_bytes: int) -> None:
        self._world.ask(DISK)


def probe(world: World, path: Path) -> MediaFacts:
    """What a file says of itself."""
    world.point()
    said, minutes, *_ = path.read_text().splitlines()
    if said == "noise":
        raise Refused("download", "it is no video; nothing was placed")
    if int(minutes) == RUNTIME_MIN and world.chance.random() < 0.02:
        raise Unavailable("media", "the file could not be looked into in time")
    return MediaFacts(duration_s=int(minutes) * 60.0)
