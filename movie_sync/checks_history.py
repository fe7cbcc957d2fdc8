"""What `doctor` asks about the history: the database, and whom it asks: Trakt, Viki, TheTVDB."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from movie_sync import settings, wiring_history, wiring_history_services
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, NotAuthorised
from movie_sync.services import Checkable
from movie_sync.wiring_shows import PASSWORD

Question = tuple[str, Callable[[], str], str]  # name, what says how it is, what to do if it is not

DATABASE = 'see database_url, and "credentials set database.password"; or restore a backup'
TRAKT = 'set trakt.client_id, "credentials set trakt.client_secret", then "history trakt login"'
VIKI = (
    'sign in at www.viki.com, then "history viki login"; or save its watch markers, and '
    '"history viki import" them'
)
TVDB = '"credentials set tvdb.api_key", or set tvdb.enabled to false'


def questions(home: Path, config: settings.Config, credentials: Credentials) -> Iterator[Question]:
    """None where the history is off."""
    if not config.history.enabled:
        return
    yield "history", partial(_database, home, config, credentials), DATABASE
    if config.trakt.enabled:
        yield "trakt", partial(_trakt, home, config, credentials), TRAKT
    if config.viki.enabled:
        yield "viki", partial(_viki, config, credentials), VIKI
    if config.tvdb.enabled:
        yield "tvdb", partial(_tvdb, config, credentials), TVDB


def _database(home: Path, config: settings.Config, credentials: Credentials) -> str:
    wiring_history.require_installed()
    from movie_sync.db import FILE, open_database
    from movie_sync.history.days import zone_named

    zone_named(config.history.zone)
    if not (config.database_url or (home / FILE).exists()):
        return "nothing was watched yet"
    db = open_database(home, config, credentials.get(PASSWORD))
    try:
        db.check()
    finally:
        db.close()
    return f"{db.name} can be read"


def _trakt(home: Path, config: settings.Config, credentials: Credentials) -> str:
    with ExitStack() as opened:
        made = wiring_history_services.trakt(config, home, credentials, threading.Event(), opened)
        if made is None:
            raise ConfigError(wiring_history_services.NO_CLIENT)
        return made.check()


def _viki(config: settings.Config, credentials: Credentials) -> str:
    with ExitStack() as opened:
        made = wiring_history_services.viki(config, credentials, threading.Event(), opened)
        return _asked(made, "viki")


def _tvdb(config: settings.Config, credentials: Credentials) -> str:
    with ExitStack() as opened:
        made = wiring_history_services.tvdb(config, credentials, threading.Event(), opened)
        return _asked(made, "tvdb")


def _asked(made: Checkable | None, name: str) -> str:
    if made is None:
        raise NotAuthorised(name, "it has no key; nothing was asked")
    return made.check()
