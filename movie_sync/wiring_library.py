"""From settings and credentials to the library. Everything large is loaded in here, once it is on.

Nothing that the library lacks stops films: a worker of it tells why there is none, and tries again.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from movie_sync import settings, wiring, wiring_sources
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
from movie_sync.models import FILM, Film, State
from movie_sync.queues import QueueManager
from movie_sync.wiring_metadata import metadata
from movie_sync.wiring_shows import PASSWORD
from movie_sync.worker import Worker

if TYPE_CHECKING:
    from movie_sync.library.running import Library
    from movie_sync.library.store import LibraryStore

LOOKS, ASSETS = "library", "assets"  # names of the workers
EVERY_S = 60.0
UNFIT = (ConfigError, FilesError, Unavailable, NotAuthorised)  # for which it cannot be opened
OFF = (
    'the library is off; nothing was done; set "enabled": true in the section "library" of '
    "config.json"
)
UNREAD = "nothing was looked at yet; start the program, or run `library scan`"


def library(
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    stop: threading.Event,
    queue: QueueManager,
    *,
    watched: bool = True,
) -> "Library | None":
    """None where the library is off.

    Args:
        watched: changes of folders are to be noticed at once.

    Raises:
        FilesError: the database cannot be opened, or is of a newer version.
        ConfigError: database_url names none; a source is set wrongly; something is not installed.
        Unavailable, NotAuthorised: the database server does not answer, or refuses the login.
    """
    if not config.library.enabled:
        return None
    require_installed()
    from movie_sync.db import open_database
    from movie_sync.library.enriching import Enriching
    from movie_sync.library.recognising import Recognising
    from movie_sync.library.running import Library
    from movie_sync.library.store import LibraryStore
    from movie_sync.posters import poster_store

    with ExitStack() as opened:
        db = open_database(home, config, credentials.get(PASSWORD))
        opened.callback(db.close)
        store = LibraryStore(db)
        world = None
        if found := metadata(config, home, credentials, stop, db):
            world, closing = found
            opened.enter_context(closing)
        posters = poster_store(home, config)
        pictures = posters.pictures if posters else None
        pace = wiring.pacer(stop)
        places = wiring_sources.places(config, credentials, pace, queue, opened)
        of_source = partial(wiring_sources.as_set, {one.name: one.settings for one in places})
        told = wiring_sources.enrichers(store, of_source, world, pictures, stop)
        told += wiring_sources.probe(config, store, stop, opened)
        return Library(
            store,
            places,
            recognising=Recognising(store, of_source, asks_world=world is not None),
            enriching=Enriching(queue, {one.name: one for one in told}, wiring.retries(config)),
            metadata=world,
            pictures=pictures,
            stop=stop,
            watching=wiring_sources.watching(config, places) if watched else None,
            closing=(opened.pop_all().close,),
        )


def require_installed() -> None:
    """Raises ConfigError: something that the library needs is not there."""
    for name in ("sqlalchemy", "alembic"):
        if find_spec(name) is None:
            raise ConfigError(
                f'the library needs {name}, which is not installed; install "movie-sync[library]", '
                "or set library.enabled to false"
            )


@contextmanager
def alone(
    config: settings.Config, home: Path, credentials: Credentials, stop: threading.Event
) -> Iterator["Library"]:
    """The library, for a command while no program runs in this home.

    Raises:
        Busy: one does.
        ConfigError: the library is off.
        QueueError, FilesError: a file in the home is damaged.
    """
    if not config.library.enabled:
        raise ConfigError(OFF)
    with owned(home), ExitStack() as opened:
        queue = QueueManager(home)
        opened.callback(queue.close)
        made = library(config, home, credentials, stop, queue, watched=False)
        assert made
        opened.callback(made.close)
        yield made


def is_read(config: settings.Config, home: Path) -> bool:
    """Whether there may be anything stored. Raises ConfigError: the library is off."""
    if not config.library.enabled:
        raise ConfigError(OFF)
    require_installed()
    from movie_sync.db import FILE

    return bool(config.database_url) or (home / FILE).exists()


@contextmanager
def stored(
    config: settings.Config, home: Path, credentials: Credentials
) -> Iterator["LibraryStore"]:
    """What is known of the library, to look at, whether or not a program runs.

    Raises:
        ConfigError: the library is off.
        QueueError: nothing was looked at yet.
    """
    if not is_read(config, home):
        raise QueueError(UNREAD)
    from movie_sync.db import open_database
    from movie_sync.library.store import LibraryStore

    db = open_database(home, config, credentials.get(PASSWORD))
    try:
        yield LibraryStore(db)
    finally:
        db.close()


class LibraryWork:
    """The workers of the library, also while its database cannot be opened yet."""

    called = "the library is"  # the beginning of a sentence

    def __init__(
        self,
        config: settings.Config,
        home: Path,
        credentials: Credentials,
        stop: threading.Event,
        queue: QueueManager,
    ) -> None:
        self.library: Library | None = None
        self.problem: MovieSyncError | None = None  # why there is none, though it is on
        many = [ASSETS, *(f"{ASSETS} {n}" for n in range(2, config.library.at_once + 1))]
        self.names: tuple[str, ...] = (LOOKS, *many) if config.library.enabled else ()
        self._queue, self._closed = queue, False
        self._seq = queue.changed_since(0)[0] if self.names else 0
        self._open = partial(library, config, home, credentials, stop, queue)
        self._woken: dict[str, threading.Event] = {}
        self._lock = threading.Lock()
        self._try()

    def worker(self, name: str) -> Worker:
        """One of `names`."""
        if name == LOOKS:
            worker = Worker(name, EVERY_S, lambda now: self._opened().look_pass(now))
        else:
            worker = Worker(name, EVERY_S, self._tell)
        self._woken[name] = worker.woken
        self._bind()
        return worker

    def perform(self, request: dict[str, Any]) -> dict[str, Any]:
        """A person's wish. Raises MovieSyncError: it could not be fulfilled."""
        if not self.names:
            raise QueueError(OFF)
        from movie_sync.library.wishes import perform

        return perform(self._opened(), request)

    def follow(self, queue: QueueManager) -> None:
        """Have the folders looked at that films came to, or went from, since the last call."""
        if not self.library:
            return
        self._seq, changed = queue.changed_since(self._seq)
        for state, item in changed:
            path = item.data.get("path") if item.kind == FILM else None
            if path and state in (State.COMPLETED, State.REMOVED):
                self.library.changed(wiring_sources.FILMS, Path(path).parent)

    def copies(self, film: Film) -> Sequence[Path]:
        """The film's files in any source, largest first; none where there is no library.

        Raises:
            FilesError: it cannot be told, so that the film must not be taken for missing.
        """
        if not self.names:
            return ()
        if self.library is None:
            raise FilesError(f"the library cannot be asked ({self.problem}); no film is searched")
        from movie_sync.library.having import copies

        try:
            return copies(self.library.store, film)
        except (Unavailable, NotAuthorised) as error:
            raise FilesError(
                f"the library cannot be asked ({error}); no film is searched"
            ) from None

    def troubles(self) -> list[str]:
        return self.library.troubles() if self.library else []

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self.library:
                self.library.close()

    def _tell(self, now: datetime) -> float | None:
        """The other worker says why there is no library to tell anything of."""
        return self.library.asset_pass(now) if self.library else None

    def _opened(self) -> "Library":
        with self._lock:
            if self._closed:
                raise Stopping("the program is stopping; nothing of the library was looked at")
            if self.library is None:
                self._try()
                if self.problem:
                    raise self.problem
            assert self.library
            return self.library

    def _try(self) -> None:
        try:
            self.library, self.problem = self._open(), None
        except UNFIT as error:
            self.problem = error
        self._bind()

    def _bind(self) -> None:
        if self.library:
            told = [event for name, event in self._woken.items() if name != LOOKS]
            self.library.wake = self._woken.get(LOOKS, threading.Event()).set
            self.library.wake_assets = partial(_set_all, told)


def _set_all(events: Sequence[threading.Event]) -> None:
    for event in events:
        event.set()
