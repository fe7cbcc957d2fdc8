"""From settings and credentials to the history. Everything large is loaded in here, once it is on.

Nothing that it lacks stops films: a worker of the history tells why there is none, and tries again.
Trakt, Viki, TheTVDB and TMDB are each left out where they are off; it is kept without them.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_sync import settings
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
from movie_sync.instance import owned
from movie_sync.models import Watchlist
from movie_sync.queues import QueueManager
from movie_sync.services import WatchlistSource
from movie_sync.wiring_shows import PASSWORD
from movie_sync.worker import Worker

if TYPE_CHECKING:
    from movie_sync.history.running import History
    from movie_sync.history.store import HistoryStore

PASSES, WATCHES = "history", "watches"  # names of the workers
WATCHLIST = "trakt:watchlist"  # what the films area calls the films on it
SOON_S = 60.0
EVERY_S = 60.0
UNFIT = (ConfigError, FilesError, Unavailable, NotAuthorised)  # for which it cannot be opened
OFF = (
    'the history is off; nothing was done; set "enabled": true in the section "history" of '
    "config.json"
)
UNREAD = "nothing is in the history yet; start the program, or run `history sync` or `import`"


def history(  # noqa: PLR0917 - each is of another part
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    stop: threading.Event,
    queue: QueueManager,
    tell: Callable[[str], None] = lambda doing: None,
) -> "History | None":
    """None where the history is off.

    Args:
        tell: hears now and then what is being done, while something long goes on.

    Raises:
        FilesError: the database cannot be opened, or is of a newer version.
        ConfigError: a setting or a stored login is wrong; something is not installed.
        Unavailable, NotAuthorised: the database server does not answer, or refuses the login.
    """
    if not config.history.enabled:
        return None
    require_installed()
    from movie_sync.wiring_history_parts import made

    with ExitStack() as opened:
        return made(config, home, credentials, stop, queue, opened, tell)


def require_installed() -> None:
    """Raises ConfigError: something that the history needs is not there."""
    for name in ("sqlalchemy", "alembic"):
        if find_spec(name) is None:
            raise ConfigError(
                f'the history needs {name}, which is not installed; install "movie-sync[history]", '
                "or set history.enabled to false"
            )


@contextmanager
def alone(
    config: settings.Config, home: Path, credentials: Credentials, stop: threading.Event
) -> Iterator["History"]:
    """The history, for a command while no program runs in this home.

    Raises:
        Busy: one does.
        ConfigError: the history is off.
        QueueError, FilesError: a file in the home is damaged.
    """
    if not config.history.enabled:
        raise ConfigError(OFF)
    with owned(home), ExitStack() as opened:
        queue = QueueManager(home)
        opened.callback(queue.close)
        made = history(config, home, credentials, stop, queue)
        assert made
        opened.callback(made.close)
        yield made


@contextmanager
def stored(
    config: settings.Config, home: Path, credentials: Credentials
) -> Iterator["HistoryStore"]:
    """What is stored of the history, to look at, whether or not a program runs.

    Raises:
        ConfigError: the history is off.
        QueueError: there is nothing yet.
    """
    if not config.history.enabled:
        raise ConfigError(OFF)
    require_installed()
    from movie_sync.db import FILE, open_database
    from movie_sync.history.days import zone_named
    from movie_sync.history.store import HistoryStore

    if not (config.database_url or (home / FILE).exists()):
        raise QueueError(UNREAD)
    zone = zone_named(config.history.zone)
    db = open_database(home, config, credentials.get(PASSWORD))
    try:
        yield HistoryStore(db, zone)
    finally:
        db.close()


class HistoryWork:
    """The workers of the history, also while its database cannot be opened yet."""

    called = "the history is"  # the beginning of a sentence

    def __init__(
        self,
        config: settings.Config,
        home: Path,
        credentials: Credentials,
        stop: threading.Event,
        queue: QueueManager,
    ) -> None:
        self.history: History | None = None
        self.problem: MovieSyncError | None = None  # why there is none, though it is on
        self.names: tuple[str, ...] = (PASSES, WATCHES) if config.history.enabled else ()
        self._lists = config.history.enabled and config.trakt.enabled and config.trakt.pull
        self._queue, self._closed = queue, False
        self._woken: dict[str, threading.Event] = {}
        self._looking: Worker | None = None
        self._lock = threading.Lock()
        self._open = partial(history, config, home, credentials, stop, queue, self._beat)
        self._try()

    def worker(self, name: str) -> Worker:
        """One of `names`."""
        if name == PASSES:
            worker = Worker(name, EVERY_S, lambda now: self.opened().look_pass(now))
            self._looking = worker
        else:
            worker = Worker(name, EVERY_S, self._push)
            self._queue.wake_on_pending(worker.woken)
        self._woken[name] = worker.woken
        self._bind()
        return worker

    def perform(self, request: dict[str, Any]) -> dict[str, Any]:
        """A person's wish. Raises MovieSyncError: it could not be fulfilled."""
        if not self.names:
            raise QueueError(OFF)
        from movie_sync.history.wishes import perform

        return perform(self.opened(), request)

    def watchlists(self) -> Sequence[WatchlistSource]:
        """The films of Trakt's watchlist, as a list like any other; none where it is not read."""
        return (_Wanted(self),) if self._lists else ()

    def troubles(self) -> list[str]:
        return self.history.troubles() if self.history else []

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self.history:
                self.history.close()

    def _beat(self, doing: str) -> None:
        """A pass that is long is no pass that hangs."""
        if self._looking:
            self._looking.beat_at = time.monotonic()

    def _push(self, now: datetime) -> float | None:
        """The other worker says why there is no history to tell anything of."""
        return self.history.push_pass(now) if self.history else None

    def opened(self) -> "History":
        """Raises MovieSyncError: it cannot be opened now."""
        with self._lock:
            if self._closed:
                raise Stopping("the program is stopping; nothing of the history was looked at")
            if self.history is None:
                self._try()
                if self.problem:
                    raise self.problem
            assert self.history
            return self.history

    def _try(self) -> None:
        try:
            self.history, self.problem = self._open(), None
        except UNFIT as error:
            self.problem = error
        self._bind()

    def _bind(self) -> None:
        if self.history:
            nobody = threading.Event()
            self.history.wake = self._woken.get(PASSES, nobody).set
            self.history.wake_watches = self._woken.get(WATCHES, nobody).set


class _Wanted:
    """The films that stand on Trakt's watchlist, as the history has read it last."""

    name = WATCHLIST

    def __init__(self, work: HistoryWork) -> None:
        self._work = work

    def read(self) -> Watchlist:
        """Raises FilesError, Unavailable: it is not known, so that nothing is taken for gone."""
        from movie_sync.history.importing import SYNCED_AT
        from movie_sync.history.wanted import wanted_films
        from movie_sync.services.trakt import NAME

        try:
            store = self._work.opened().store
        except (ConfigError, Stopping) as error:
            raise Unavailable(NAME, f"the history cannot be asked ({error})") from None
        if store.mark(NAME, SYNCED_AT) is None:
            raise Unavailable(NAME, "its watchlist was not read yet; that is done soon", SOON_S)
        return Watchlist(source=self.name, films=tuple(wanted_films(store, NAME)), complete=True)
