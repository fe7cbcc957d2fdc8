"""The parts of the history, put together for one run of the program; see `wiring_history`.

Imported only once the history is on, as it loads the database and all that works on it.
"""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import settings, wiring_history_services
from movie_sync.breaker import Breaker
from movie_sync.credentials import Credentials
from movie_sync.db import open_database
from movie_sync.errors import ConfigError
from movie_sync.history import looks, viki_credentials
from movie_sync.history.adopting import Adopting
from movie_sync.history.air_dates import AirDates
from movie_sync.history.catalogues import Sources
from movie_sync.history.days import zone_named
from movie_sync.history.file_import import FileReading
from movie_sync.history.import_models import Options, Reading
from movie_sync.history.import_rows import ImportRows
from movie_sync.history.importing import Importing
from movie_sync.history.match_desk import MatchDesk
from movie_sync.history.match_pass import MatchParts, MatchPass
from movie_sync.history.passes import Pass
from movie_sync.history.pushing import Pushing
from movie_sync.history.running import History
from movie_sync.history.store import HistoryStore
from movie_sync.history.taking import Taking
from movie_sync.history.trakt_import import TraktReading
from movie_sync.history.trakt_sync import Pace, TraktSync
from movie_sync.history.viki_sync import VikiParts, VikiSync
from movie_sync.history.viki_watching import Rule
from movie_sync.queues import QueueManager
from movie_sync.services.viki_shapes import VikiLogin
from movie_sync.wiring_metadata import metadata
from movie_sync.wiring_shows import PASSWORD

if TYPE_CHECKING:
    from movie_sync.services.trakt import Trakt

NO_TRAKT = (
    "Trakt is not read; nothing was begun; set trakt.enabled, trakt.pull and trakt.client_id, and "
    "log in by `history trakt login`; or name a file"
)


def made(  # noqa: PLR0917 - each is of another part
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    stop: threading.Event,
    queue: QueueManager,
    opened: ExitStack,
    tell: Callable[[str], None],
) -> History:
    """The history; what is to be closed with it is put into `opened`.

    Raises as `wiring_history.history` does.
    """

    def clock() -> datetime:  # is asked after each part of something long
        tell("")
        return datetime.now(UTC)

    zone = zone_named(config.history.zone)
    db = open_database(home, config, credentials.get(PASSWORD))
    opened.callback(db.close)
    store, rows = HistoryStore(db, zone), ImportRows(db)
    world = None
    if found := metadata(config, home, credentials, stop, db):
        world, closing = found
        opened.enter_context(closing)
    trakt = wiring_history_services.trakt(config, home, credentials, stop, opened)
    taking = Taking(store, AirDates(db, world))
    reading = partial(_reading, trakt if config.trakt.pull else None, zone)
    sources = Sources(
        trakt=trakt,
        tmdb=world,
        tvdb=wiring_history_services.tvdb(config, credentials, stop, opened),
    )
    adopting = Adopting(store)
    viki = _viki(config, credentials, adopting, stop, opened, tell)
    passes = _of_trakt(config, store, rows, taking, trakt, clock)
    if viki.parts.source:
        passes.append(looks.of_viki(viki))
    if sources.trakt or sources.tmdb:
        matching = MatchPass(MatchParts(store, adopting, lambda: sources, tell=tell, stop=stop))
        passes.append(looks.of_matching(matching, store))
    return History(
        store,
        rows,
        Importing(store, rows, taking, reading, stop=stop, clock=clock),
        passes,
        reading=reading,
        desk=MatchDesk(adopting, lambda: sources),
        sources=lambda: sources,
        trakt=trakt,
        viki=viki,
        pushing=_pushing(config, home, credentials, queue, store, trakt, zone),
        pushes=config.trakt.push,
        most_a_day=config.history.binge_episodes,
        specials=config.history.binge_specials,
        stop=stop,
        closing=(opened.pop_all().close,),
    )


def _reading(
    trakt: "Trakt | None", zone: tzinfo | None, options: Options, now: datetime
) -> Reading:
    """Raises ConfigError, FilesError."""
    if options.source == "file":
        if not options.path:
            raise ConfigError("no file was named; nothing was begun")
        return FileReading(Path(options.path), options, zone, now)
    if trakt is None:
        raise ConfigError(NO_TRAKT)
    return TraktReading(trakt, options)


def _of_trakt(  # noqa: PLR0917 - each is of another part
    config: settings.Config,
    store: HistoryStore,
    rows: ImportRows,
    taking: Taking,
    trakt: "Trakt | None",
    clock: Callable[[], datetime],
) -> list[Pass]:
    section = config.trakt
    if trakt is None or not section.pull:
        return []
    pace = Pace(
        every=timedelta(hours=section.every_hours),
        overlap=timedelta(hours=section.overlap_hours),
        compare_every=timedelta(days=section.full_every_days),
    )
    return looks.of_trakt(TraktSync(store, rows, taking, trakt, pace, clock=clock))


def _viki(  # noqa: PLR0917 - each is of another part
    config: settings.Config,
    credentials: Credentials,
    adopting: Adopting,
    stop: threading.Event,
    opened: ExitStack,
    tell: Callable[[str], None],
) -> VikiSync:
    def keep(login: VikiLogin) -> None:
        credentials.keep(viki_credentials.CREDENTIAL, viki_credentials.written(login))

    parts = VikiParts(
        adopting.store,
        adopting,
        wiring_history_services.viki(config, credentials, stop, opened),
        rule=Rule(percent=config.viki.watched_percent),
        every=timedelta(hours=config.viki.every_hours),
        keep_login=keep,
        tell=tell,
        stop=stop,
    )
    return VikiSync(parts)


def _pushing(  # noqa: PLR0917 - each is of another part
    config: settings.Config,
    home: Path,
    credentials: Credentials,
    queue: QueueManager,
    store: HistoryStore,
    trakt: "Trakt | None",
    zone: tzinfo | None,
) -> Pushing | None:
    if trakt is None:
        return None
    login = credentials.kept("trakt.tokens") or ""
    breaker = Breaker(home, trakt.name, login).renewed()
    return Pushing(store, queue, trakt, breaker, rule=config.trakt.push_if_watched, home=zone)
