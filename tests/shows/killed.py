"""A process that adds one show to a Sonarr and is killed at a given moment: HOME URL MOMENT."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from movie_sync.breaker import Breaker
from movie_sync.db import Database
from movie_sync.http import Http, Pacer
from movie_sync.queues import QueueManager
from movie_sync.services.arr import headers
from movie_sync.services.sonarr import Sonarr
from movie_sync.shows.adding import add_next, queue_candidates, reconcile
from movie_sync.shows.selection import judge, rules
from movie_sync.shows.sonarrs import Instance, Sonarrs
from movie_sync.shows.store import ShowStore
from movie_sync.shows_settings import Sonarr as Section
from tests import make
from tests.shows.world import KEY, SHOWS, show

MOMENTS = ("add", "set_state", "complete")


class Killed:
    """The same until this is asked of it; an adding is done before the end."""

    def __init__(self, of: Any, name: str) -> None:
        self._of, self._name = of, name

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._of, name)
        if name != self._name:
            return found

        def last(*arguments: Any, **named: Any) -> None:
            if name == "add":
                found(*arguments, **named)
            os.kill(os.getpid(), signal.SIGKILL)

        return last


def sonarrs(url: str, moment: str = "") -> Sonarrs:
    http = Http("sonarr.main", url, pacer=Pacer(lambda s: None), headers=headers(KEY), tries=1)
    service: Any = Killed(Sonarr(http, "main"), moment) if moment else Sonarr(http, "main")
    one = Instance(Section(url=url), service, Breaker(None, "sonarr.main"))
    return Sonarrs(SHOWS, rules(SHOWS), {"main": one})


def main(home: Path, url: str, moment: str) -> None:
    store, queue = ShowStore(Database(home / "library.db", backup=None)), QueueManager(home)
    there = sonarrs(url, moment)
    store.save([show()], {1: judge(show(), there.rules)}, make.NOON)
    reconcile(store, there, make.NOON)
    queue_candidates(store, queue, there, make.NOON)
    dying: Any = Killed(store, moment), Killed(queue, moment)
    add_next(*dying, there, make.NOON)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
