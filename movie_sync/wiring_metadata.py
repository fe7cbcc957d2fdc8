"""From settings and credentials to what the world says of titles: TMDB, its cache, its breaker.

Whoever asks TMDB in this process should do it by one of these, so that all keep one pace.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import settings
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, Stopping
from movie_sync.http import Http
from movie_sync.wiring_shows import PASSWORD, require_installed

if TYPE_CHECKING:
    from movie_sync.db import Database
    from movie_sync.library.metadata import Metadata
    from movie_sync.library.metadata_cache import MetadataCache

KEY = "tmdb.api_key"
NO_KEY = (
    "TMDB has no key, and was not asked; get one at themoviedb.org (Settings, API), and store it "
    "by `credentials set tmdb.api_key`"
)
OFF = (
    'the library is off, and nothing is kept of TMDB; set "enabled": true in the section '
    '"library" of config.json'
)


def metadata(
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    stop: threading.Event,
    db: "Database",
    *,
    at_once: bool = False,
) -> "tuple[Metadata, ExitStack] | None":
    """And what ends its connection; None where TMDB is switched off or has no key.

    Args:
        stop: ends whoever waits for a turn.
        at_once: a person asks, and wants to know now.
    """
    key = credentials.get(KEY) if config.tmdb.enabled else None
    if not key:
        return None
    from movie_sync.breaker import Breaker
    from movie_sync.library.metadata import Metadata
    from movie_sync.library.metadata_answers import Answers
    from movie_sync.library.metadata_cache import MetadataCache
    from movie_sync.services.tmdb_api import NAME, TmdbApi, headers, rate

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping("the program is stopping; TMDB was not asked")

    pace = rate(sleep=pause)
    http = Http(NAME, config.tmdb.base_url, pacer=pace, gap_s=0, headers=headers(key))
    closing = ExitStack()
    closing.callback(http.close)
    breaker = Breaker(home, NAME, key).renewed()
    api, kept, language = TmdbApi(http, key, pace), MetadataCache(db), config.library.language
    return Metadata(Answers(api, kept, language, breaker=breaker, at_once=at_once)), closing


@contextmanager
def asking(config: settings.Config, home: Path, credentials: Credentials) -> "Iterator[Metadata]":
    """For a command.

    Raises:
        ConfigError: the library is off, or TMDB cannot be asked.
        FilesError, Unavailable, NotAuthorised: the database cannot be opened.
    """
    with _opened(config, home, credentials) as db:
        made = metadata(config, home, credentials, threading.Event(), db, at_once=True)
        if made is None:
            off = "TMDB is switched off, and was not asked; set tmdb.enabled to true"
            raise ConfigError(NO_KEY if config.tmdb.enabled else off)
        found, closing = made
        with closing:
            yield found


@contextmanager
def cache(
    config: settings.Config, home: Path, credentials: Credentials
) -> "Iterator[MetadataCache]":
    """What is kept of TMDB, with or without a key. Raises as `asking` does."""
    from movie_sync.library.metadata_cache import MetadataCache

    with _opened(config, home, credentials) as db:
        yield MetadataCache(db)


@contextmanager
def _opened(config: settings.Config, home: Path, credentials: Credentials) -> "Iterator[Database]":
    if not config.library.enabled:
        raise ConfigError(OFF)
    require_installed()
    from movie_sync.db import open_database

    db = open_database(home, config, credentials.get(PASSWORD))
    try:
        yield db
    finally:
        db.close()
