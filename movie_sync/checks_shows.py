"""What `doctor` asks about shows: the rules, the database, TVmaze, and each Sonarr."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import settings, wiring_shows
from movie_sync.credentials import Credentials, of_sonarr
from movie_sync.errors import ConfigError, NotAuthorised
from movie_sync.http import Pacer
from movie_sync.wiring_targets import sonarrs

if TYPE_CHECKING:
    from movie_sync.shows.rules import Rules
    from movie_sync.shows.sonarrs import Sonarrs

Question = tuple[str, Callable[[], str], str]  # name, what says how it is, what to do if it is not

RULES = 'see docs/shows.md for what may be written there, then "shows preview"'
DATABASE = 'see database_url, and "credentials set database.password"; or restore a backup'
TVMAZE = "see shows.base_url; TVmaze needs no login"
NO_SONARR = (
    "no Sonarr is named: shows are judged, and none can be added; set sonarr.main.url, then run "
    '"credentials set sonarr.main.api_key"'
)


def questions(home: Path, config: settings.Config, credentials: Credentials) -> Iterator[Question]:
    """None where shows are off."""
    if not config.shows.enabled:
        return
    from movie_sync.shows.selection import rules

    of_person = rules(config.shows)
    yield "shows", partial(_rules, of_person, config), RULES
    yield "shows", partial(_database, home, config, credentials), DATABASE
    yield "tvmaze", partial(_tvmaze, config), TVMAZE
    there = sonarrs(config, home, credentials, Pacer(), of_person)
    if not there.instances:
        yield "sonarr", _no_sonarr, "see docs/shows.md"
    for name in there.instances:
        fix = f'set what it names in sonarr.{name}, or run "credentials set {of_sonarr(name)}"'
        yield f"sonarr.{name}", partial(_sonarr, there, name, credentials), fix


def _rules(rules: "Rules", config: settings.Config) -> str:
    from movie_sync.shows.standing import homeless

    said = [*rules.problems, *(homeless(config.sonarr, rules) if config.sonarr else ())]
    if said:
        raise ConfigError("; ".join((*said, *rules.notices)))
    count = len(rules.selections)
    return "; ".join(("1 selection" if count == 1 else f"{count} selections", *rules.notices))


def _database(home: Path, config: settings.Config, credentials: Credentials) -> str:
    from movie_sync.db import FILE, open_database

    if not (config.database_url or (home / FILE).exists()):
        return "no show was read yet"
    db = open_database(home, config, credentials.get(wiring_shows.PASSWORD))
    try:
        db.check()
    finally:
        db.close()
    return f"{db.name} can be read"


def _tvmaze(config: settings.Config) -> str:
    source, close = wiring_shows.tvmaze(config, threading.Event())
    try:
        return source.check()
    finally:
        close()


def _no_sonarr() -> str:
    raise ConfigError(NO_SONARR)


def _sonarr(there: "Sonarrs", name: str, credentials: Credentials) -> str:
    """Its version, and whether it has what each selection names that goes there."""
    if not credentials.get(of_sonarr(name)):
        raise NotAuthorised(f"sonarr.{name}", "needs its key")
    service = there.instances[name].service
    try:
        said = service.check()
        for wish in there.wishes(name):
            service.require(wish)
    finally:
        service.close()
    return said
