"""A catalogue of shows, the queues, and Sonarrs on loopback, as a cycle finds them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

import pytest

from movie_sync.breaker import Breaker
from movie_sync.demo.sonarr_site import SonarrSite
from movie_sync.http import Pacer
from movie_sync.models import Show
from movie_sync.queues import QueueManager
from movie_sync.services.arr import headers
from movie_sync.services.sonarr import Sonarr
from movie_sync.shows.adding import Proposal, Reconciled, add_next, queue_candidates, reconcile
from movie_sync.shows.rows import StateRow
from movie_sync.shows.selection import judge, rules
from movie_sync.shows.sonarrs import Instance, Sonarrs
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Selection, Shows
from movie_sync.shows_settings import Sonarr as Section
from tests import make
from tests.services import arr_document
from tests.wire import Waiting

KEY = "k" * 32
HOUR = timedelta(hours=1)
SHOWS = Shows(enabled=True, dry_run=False, selections=(Selection(name="all"),))


def show(number: int = 1, **changes: Any) -> Show:
    """With an id that the Sonarr of these tests knows."""
    return make.show(number, **({"tvdb_id": 1000 + number} | changes))


@dataclass
class World:
    """A catalogue, the queues, and one Sonarr or more."""

    store: ShowStore
    queue: QueueManager
    sites: dict[str, SonarrSite]
    sonarrs: Sonarrs
    now: datetime = make.NOON
    clock: list[float] = field(default_factory=list)
    https: dict[str, Waiting] = field(default_factory=dict)

    def know(self, *shows: Show) -> None:
        verdicts = {each.tvmaze_id: judge(each, self.sonarrs.rules) for each in shows}
        self.store.save(shows, verdicts, self.now)

    def state(self, number: int = 1) -> ShowState:
        return self.row(number).state

    def row(self, number: int = 1) -> StateRow:
        known = self.store.get(number)
        assert known
        return known[1]

    def cycle(self) -> tuple[Reconciled, Proposal]:
        """What a cycle does when the catalogue was read, save the adding."""
        found = reconcile(self.store, self.sonarrs, self.now)
        return found, queue_candidates(self.store, self.queue, self.sonarrs, self.now)

    def add_all(self) -> None:
        while add_next(self.store, self.queue, self.sonarrs, self.now):
            pass

    def later(self, wait: timedelta) -> None:
        self.now += wait
        self.clock[0] += wait.total_seconds()

    @property
    def site(self) -> SonarrSite:
        return self.sites["main"]

    @property
    def added(self) -> list[int]:
        return [each["tvdbId"] for each in self.site.added]


class Worlds:
    """Makes them for one test, and ends their Sonarrs after it."""

    def __init__(self, queue: QueueManager, store: ShowStore, config: pytest.Config) -> None:
        self._queue, self._store, self._config = queue, store, config
        self._opened: list[Any] = []
        self._sites: list[SonarrSite] = []

    def make(self, shows: Shows = SHOWS, **sections: Section) -> World:
        """With these Sonarrs, by name; one called "main" by default."""
        clock = [1000.0]
        sites, instances, https = {}, {}, {}
        for name, section in (sections or {"main": Section(url="http://x")}).items():
            sites[name] = SonarrSite({1000 + n: f"Show {n}" for n in range(1, 100)}, key=KEY)
            sites[name].start()
            self._sites.append(sites[name])
            sites[name].qualities = {"Any": 1}
            https[name] = Waiting(
                f"sonarr.{name}", sites[name].url, pacer=Pacer(lambda s: None),
                headers=headers(KEY), tries=1,
            )  # fmt: skip
            breaker = Breaker(None, f"sonarr.{name}", clock=lambda: clock[0])
            instances[name] = Instance(section, Sonarr(https[name], name), breaker)
            self._opened.extend((https[name].close, sites[name].stop))
        sonarrs = Sonarrs(shows, rules(shows), instances)
        return World(self._store, self._queue, sites, sonarrs, clock=clock, https=https)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for close in self._opened:
            close()
        if arr_document.is_held(arr_document.SONARR, self._config):
            asked = [request for site in self._sites for request in site.asked]
            assert arr_document.problems(arr_document.SONARR, asked) == []


def settings(**changes: Any) -> Shows:
    facts: dict[str, Any] = {"enabled": True, "dry_run": False, "selections": SHOWS.selections}
    return Shows(**(facts | changes))
