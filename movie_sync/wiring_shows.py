"""From settings and credentials to the shows. Everything large is loaded in here, once they are on.

Nothing that shows lack stops films: neither a Sonarr that is set up wrongly, nor a library that is
not installed, nor a database that cannot be opened. A worker of the shows tells of it, and tries
again.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_sync import settings, wiring
from movie_sync.credentials import Credentials
from movie_sync.errors import (
    ConfigError,
    FilesError,
    MovieSyncError,
    NotAuthorised,
    QueueError,
    Stopping,
    Unavailable,
)
from movie_sync.http import Http, Pacer
from movie_sync.instance import owned
from movie_sync.queues import QueueManager
from movie_sync.wiring_targets import sonarrs
from movie_sync.worker import Worker

if TYPE_CHECKING:
    from movie_sync.services.tvmaze import TvMaze
    from movie_sync.shows.running import Shows
    from movie_sync.shows.store import ShowStore

CYCLES, ADDING = "shows", "adding"  # names of the workers
PASSWORD = "database.password"  # noqa: S105 - the name of the credential
EVERY_S = 30.0
UNFIT = (ConfigError, FilesError, Unavailable, NotAuthorised)  # for which shows cannot be opened
OFF = 'shows are off; nothing was done; set "enabled": true in the section "shows" of config.json'
UNREAD = "no show was read yet; start the program, or run `shows sync`"


def shows(  # noqa: PLR0917 - each is of another part
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    pace: Pacer,
    stop: threading.Event,
    queue: QueueManager,
) -> "Shows | None":
    """None where shows are off.

    Raises:
        FilesError: the database cannot be opened, or is of a newer version.
        ConfigError: database_url names none.
        Unavailable, NotAuthorised: the database server does not answer, or refuses the login.
    """
    if not config.shows.enabled:
        return None
    require_installed()
    from movie_sync.breaker import Breaker
    from movie_sync.db import open_database
    from movie_sync.shows.running import Catalogue, Shows
    from movie_sync.shows.selection import rules
    from movie_sync.shows.store import ShowStore

    of_person = rules(config.shows)
    db = open_database(home, config, credentials.get(PASSWORD))
    there = sonarrs(config, home, credentials, pace, of_person)
    source, close = tvmaze(config, stop)
    return Shows(
        config.shows,
        ShowStore(db),
        of_person,
        there,
        queue=queue,
        catalogue=Catalogue(source, Breaker(home, source.name)),
        home=home,
        stop=stop,
        closing=(close, *(one.service.close for one in there.instances.values()), db.close),
    )


def require_installed() -> None:
    """Raises ConfigError: a library that shows need is not there."""
    for name in ("sqlalchemy", "alembic"):
        if find_spec(name) is None:
            raise ConfigError(
                f'shows need {name}, which is not installed; install "movie-sync[shows]", or set '
                "shows.enabled to false"
            )


def tvmaze(config: settings.Config, stop: threading.Event) -> tuple["TvMaze", Callable[[], None]]:
    """The catalogue, and what ends its connection. Whoever waits for a turn at `stop` is let go."""
    from movie_sync.rates import Rate
    from movie_sync.services.tvmaze import NAME, PER_S, TvMaze

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping("the program is stopping; what was read of the catalogue is stored")

    section = config.shows
    rate = Rate(section.rate_limit, PER_S, sleep=pause)
    http = Http(NAME, section.base_url, pacer=rate, gap_s=0)
    return TvMaze(http, rate), http.close


@contextmanager
def alone(
    config: settings.Config, home: Path, credentials: Credentials, stop: threading.Event
) -> Iterator["Shows"]:
    """The shows, for a command while no program runs in this home.

    Raises:
        Busy: one does.
        ConfigError: shows are off.
        QueueError, FilesError: a file in the home is damaged.
    """
    if not config.shows.enabled:
        raise ConfigError(OFF)
    with owned(home), ExitStack() as opened:
        queue = QueueManager(home)
        opened.callback(queue.close)
        made = shows(config, home, credentials, wiring.pacer(stop), stop, queue)
        assert made
        opened.callback(made.close)
        yield made


@contextmanager
def catalogue(
    config: settings.Config, home: Path, credentials: Credentials
) -> Iterator["ShowStore"]:
    """What is stored of shows, to look at, whether or not a program runs.

    Raises:
        ConfigError: shows are off.
        QueueError: nothing was read yet.
    """
    require_installed()
    from movie_sync.db import FILE, open_database
    from movie_sync.shows.store import ShowStore

    if not (config.database_url or (home / FILE).exists()):
        if not config.shows.enabled:
            raise ConfigError(OFF)
        raise QueueError(UNREAD)
    db = open_database(home, config, credentials.get(PASSWORD))
    try:
        yield ShowStore(db)
    finally:
        db.close()


class ShowWork:
    """The two workers of the shows, also while their database cannot be opened yet."""

    called = "shows are"  # the beginning of a sentence

    def __init__(
        self,
        config: settings.Config,
        home: Path,
        credentials: Credentials,
        stop: threading.Event,
        queue: QueueManager,
    ) -> None:
        self.shows: Shows | None = None
        self.problem: MovieSyncError | None = None  # why there are none, though they are on
        self.names: tuple[str, ...] = (CYCLES, ADDING) if config.shows.enabled else ()
        self._queue, self._closed = queue, False
        self._open = partial(shows, config, home, credentials, wiring.pacer(stop), stop, queue)
        self._woken = threading.Event()  # of the cycles
        self._lock = threading.Lock()
        try:
            self.shows = self._open()
        except UNFIT as error:  # the first pass says so
            self.problem = error
        self._bind()

    def worker(self, name: str) -> Worker:
        """One of `names`."""
        if name == CYCLES:
            worker = Worker(name, EVERY_S, lambda now: self._opened().cycle_pass(now))
            self._woken = worker.woken
            self._bind()
            return worker
        worker = Worker(name, 2 * EVERY_S, self._add)
        self._queue.wake_on_pending(worker.woken)
        return worker

    def perform(self, request: dict[str, Any]) -> dict[str, Any]:
        """A person's wish. Raises MovieSyncError: it could not be fulfilled."""
        if not self.names:
            raise QueueError(OFF)
        from movie_sync.shows.wishes import perform

        return perform(self._opened(), request)

    def troubles(self) -> list[str]:
        return self.shows.troubles() if self.shows else []

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self.shows:
                self.shows.close()

    def _add(self, now: datetime) -> float | None:
        """The other worker tells why there are no shows to add."""
        return self.shows.add_pass(now) if self.shows else None

    def _opened(self) -> "Shows":
        with self._lock:
            if self._closed:
                raise Stopping("the program is stopping; no show was looked at")
            if self.shows is None:
                try:
                    self.shows, self.problem = self._open(), None
                except UNFIT as error:
                    self.problem = error
                    raise
                self._bind()
            assert self.shows
            return self.shows

    def _bind(self) -> None:
        if self.shows:
            self.shows.wake = self._woken.set
