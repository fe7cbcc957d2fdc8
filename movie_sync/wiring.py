"""From settings to the parts that a film meets. Here, and only here, services are chosen.

To add an indexer, a source of watchlists or a torrent client: one file in `services/`, and one
line in the function below that makes its kind. A service is imported only when it is switched on.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import settings, wiring_targets
from movie_sync.breaker import Breaker
from movie_sync.budgets import Budget
from movie_sync.config import folder
from movie_sync.credentials import Credentials, of_torznab
from movie_sync.errors import ConfigError, Stopping
from movie_sync.films.asking import Rested
from movie_sync.films.identity import LeftAlone
from movie_sync.films.owned import Library
from movie_sync.films.profiles import check as check_profile
from movie_sync.films.removal import HasSeen
from movie_sync.films.space import DownloadSpace
from movie_sync.films.story import Stories
from movie_sync.films.sync import Parts
from movie_sync.films.torrent_store import TorrentStore
from movie_sync.http import USER_AGENT, Http, Pacer
from movie_sync.models import MediaFacts, State
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from movie_sync.services import (
    DownloadClient,
    FilmFacts,
    Indexer,
    WatchlistSource,
)

if TYPE_CHECKING:
    from movie_sync.services.letterboxd import Letterboxd

TMDB_GAP_S = 0.1  # it asks for no more than about 40 calls a second of one address
NO_PASSKEY = "FileList needs its passkey: run `credentials set filelist.passkey`"
NO_QBITTORRENT = "qBittorrent needs its password: run `credentials set qbittorrent.password`"
NO_INDEXER = (
    "no indexer is set up, so nothing can be searched: set filelist.username, then run "
    "`credentials set filelist.passkey`, or name a Torznab indexer, or switch archive_org on"
)
NO_WATCHLIST = (
    "no watchlist is set up: set username in config.json, run `setup`, or import an export with "
    "`watchlist import FILE`"
)


def pacer(stop: threading.Event) -> Pacer:
    """One pace for all services; whoever waits for its turn when the program ends is let go."""

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping("the program is stopping")

    return Pacer(sleep=pause)


def retries(config: settings.Config) -> Retries:
    return Retries(config.retry_interval, config.backoff_multiplier, config.max_retries)


def letterboxd(config: settings.Config, pace: Pacer) -> "Letterboxd":
    from movie_sync.services.letterboxd import Letterboxd

    section = config.letterboxd
    agent = section.user_agent or USER_AGENT
    http = Http(
        "letterboxd",
        section.base_url,
        pacer=pace,
        gap_s=section.seconds_between_requests,
        headers={"User-Agent": agent},
    )
    return Letterboxd(http, user_agent=agent)


def watchlists(
    config: settings.Config, home: Path, pace: Pacer
) -> tuple[list[WatchlistSource], list[FilmFacts]]:
    """Every list that is followed, and who knows more of its films.

    Raises:
        ConfigError: a name or address could not be one.
    """
    from movie_sync.services.letterboxd_export import WatchedFolder
    from movie_sync.services.lists import PlainList

    section, site = config.letterboxd, letterboxd(config, pace)
    users = [name.lower() for name in (config.username, *section.users) if name]
    sources: list[WatchlistSource] = [site.watchlist(user) for user in dict.fromkeys(users)]
    sources += [site.list(url) for url in section.lists]
    if config.lists:
        http = Http("list", "", pacer=pace)
        sources += [PlainList(address, http) for address in config.lists]
    if config.watchlist_folder:
        sources.append(WatchedFolder(folder(config.watchlist_folder)))
    return sources, [site]


def _breaker(home: Path, source: FilmFacts, credentials: Credentials) -> Breaker:
    login = credentials.get("tmdb.api_key") if source.name == "tmdb" else None
    return Breaker(home, source.name, login or "").renewed()


def film_facts(config: settings.Config, credentials: Credentials, pace: Pacer) -> list[FilmFacts]:
    """Who knows more of any film, beside the lists that are followed."""
    key = credentials.get("tmdb.api_key") if config.tmdb.enabled else None
    if not key:
        return []
    from movie_sync.services.tmdb import Tmdb, headers

    base_url, sent = config.tmdb.base_url, headers(key)
    return [Tmdb(Http("tmdb", base_url, pacer=pace, gap_s=TMDB_GAP_S, headers=sent), key)]


def indexers(
    config: settings.Config, home: Path, credentials: Credentials, pace: Pacer
) -> list[Indexer]:
    """Those that are switched on and have their login; each rests for a while when it fails."""
    found = [
        *_filelist(config.filelist, home, credentials, pace),
        *_torznab(config.torznab, home, credentials, pace),
        *_archive_org(config.archive_org, pace),
    ]
    logins = [(one, _login(config, credentials, one)) for one in found]
    return [Rested(one, Breaker(home, one.name, login).renewed()) for one, login in logins]


def _login(config: settings.Config, credentials: Credentials, indexer: Indexer) -> str:
    """What a refused login is known by; empty where none is needed."""
    if indexer.name in config.torznab:
        return credentials.get(of_torznab(indexer.name)) or ""
    if indexer.name == "filelist":
        return f"{config.filelist.username}:{credentials.get('filelist.passkey')}"
    return ""


def _filelist(
    section: settings.FileList, home: Path, credentials: Credentials, pace: Pacer
) -> Iterator[Indexer]:
    passkey = credentials.get("filelist.passkey") if section.enabled else None
    if passkey and section.username:
        from movie_sync.services.filelist import FileList

        http = Http(
            "filelist",
            section.base_url,
            pacer=pace,
            gap_s=section.seconds_between_requests,
            budget=Budget(home, "filelist", section.calls_per_hour, 3600),
            tries=1,
        )
        yield FileList(http, section, passkey)


def _torznab(
    sections: Mapping[str, settings.Torznab], home: Path, credentials: Credentials, pace: Pacer
) -> Iterator[Indexer]:
    for name, section in sections.items():
        if section.enabled:
            from movie_sync.services.torznab import TIMEOUT_S, Torznab

            most = section.calls_per_hour
            http = Http(
                name,
                section.url,
                pacer=pace,
                gap_s=section.seconds_between_requests,
                budget=Budget(home, name, most, 3600) if most else None,
                timeout_s=TIMEOUT_S,
                tries=1 if most else 3,
            )
            yield Torznab(name, http, section, credentials.get(of_torznab(name)) or "")


def _archive_org(section: settings.ArchiveOrg, pace: Pacer) -> Iterator[Indexer]:
    if section.enabled:
        from movie_sync.services.archive_org import ArchiveOrg

        gap_s = section.seconds_between_requests
        yield ArchiveOrg(Http("archive_org", section.base_url, pacer=pace, gap_s=gap_s))


def shows_alone(config: settings.Config) -> bool:
    """Whether shows are all that a person wants of the program: no list of films is named."""
    lists = (config.username, config.letterboxd.users, config.letterboxd.lists, config.lists,
             config.watchlist_folder)  # fmt: skip
    return config.shows.enabled and not any(lists)


def lacks_passkey(config: settings.Config, credentials: Credentials) -> bool:
    """Whether FileList is set up but for its passkey."""
    section = config.filelist
    wanted = section.enabled and section.username
    return bool(wanted) and credentials.get("filelist.passkey") is None


def no_indexer(config: settings.Config) -> str:
    """What to do where `indexers` finds none."""
    section = config.filelist
    return NO_PASSKEY if section.enabled and section.username else NO_INDEXER


def torrent_client(config: settings.Config, home: Path, credentials: Credentials) -> DownloadClient:
    if config.torrent_client == "libtorrent":
        from movie_sync.services.libtorrent import LibTorrent

        return LibTorrent(config.libtorrent, config.seeding, home / "libtorrent")
    from movie_sync.services.qbittorrent import QBittorrent

    password = credentials.get("qbittorrent.password")
    if password is None:
        from movie_sync.services.waiting import WaitingClient

        return WaitingClient("qbittorrent", NO_QBITTORRENT)
    return QBittorrent(config.qbittorrent, password, config.seeding)


def probe() -> Callable[[Path], MediaFacts] | None:
    """What looks into a film file; None where PyAV is not installed."""
    from movie_sync.services import media

    return media.probe if media.installed() else None


def _library(folder: Path, apart: Sequence[Path], queue: QueueManager, memory: Path) -> Library:
    """The library, with what is known of the films that were placed there before.

    Args:
        apart: folders that are not of the library, though they may be in it.
    """
    done = [item for state in State for item in queue.iter(state) if "path" in item.data]
    library = Library(folder, known=bool(done), apart=apart, memory=memory)
    for item in done:
        library.add(item, item.data["path"])
    return library


def parts(
    config: settings.Config, home: Path, credentials: Credentials, queue: QueueManager, pace: Pacer
) -> tuple[Parts, list[WatchlistSource]]:
    """Everything a film meets, and the lists it may come from.

    Raises:
        ConfigError: a setting that is needed is missing or could not be right.
    """
    check_profile(config.profile)
    for name, profile in config.versions.items():
        check_profile(profile, f"versions.{name}")
    sources, facts = watchlists(config, home, pace)
    facts += film_facts(config, credentials, pace)
    library_folder = folder(config.library_directory)
    download_folder = folder(config.download_directory)
    if library_folder == download_folder:
        raise ConfigError(
            f"download_directory and library_directory are both {library_folder}; nothing was "
            "started; name two folders on one disk"
        )
    recycled = folder(config.recycle_directory) if config.recycle_directory else None
    apart = [download_folder, *([recycled] if recycled else [])]
    made = Parts(
        queue=queue,
        library=_library(library_folder, apart, queue, home / "library_names.json"),
        library_folder=library_folder,
        download_folder=download_folder,
        facts=[LeftAlone(source, _breaker(home, source, credentials)) for source in facts],
        indexers=indexers(config, home, credentials, pace),
        client=torrent_client(config, home, credentials),
        torrents=TorrentStore(home / "torrents"),
        space=DownloadSpace(download_folder, config.max_download_space_gb),
        profile=config.profile,
        versions=config.versions,
        retries=retries(config),
        stories=Stories(home / "stories"),
        recycled=recycled,
        stalled_after=timedelta(hours=config.stalled_hours) if config.stalled_hours else None,
        probe=probe(),
        most_loading=config.max_active_downloads,
        no_indexer=no_indexer(config),
        target=wiring_targets.film_target(config, credentials, pace),
    )
    return made, sources


def has_seen(config: settings.Config, pace: Pacer) -> HasSeen:
    """Who tells whether a member has seen a film."""
    from movie_sync.services.letterboxd_seen import SeenFilms

    return SeenFilms(letterboxd(config, pace).text).has_seen
