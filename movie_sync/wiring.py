"""From settings to the parts that a film meets. Here, and only here, services are chosen.

To add an indexer, a source of watchlists or a torrent client: one file in `services/`, and one
line in the function below that makes its kind. A service is imported only when it is switched on.
"""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from movie_sync import settings
from movie_sync.budgets import Budget
from movie_sync.config import folder
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, Stopping
from movie_sync.films.identity import LeftAlone
from movie_sync.films.items import film_of
from movie_sync.films.owned import Library
from movie_sync.films.space import DownloadSpace
from movie_sync.films.sync import Parts
from movie_sync.films.torrent_store import TorrentStore
from movie_sync.http import USER_AGENT, Http, Pacer
from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from movie_sync.services import DownloadClient, FilmFacts, Indexer, WatchlistSource

if TYPE_CHECKING:
    from movie_sync.services.letterboxd import Letterboxd

NO_PASSKEY = "FileList needs its passkey: run `credentials set filelist.passkey`, then start anew"
NO_QBITTORRENT = (
    "qBittorrent needs its password: run `credentials set qbittorrent.password`, then start anew"
)
NO_INDEXER = (
    "no indexer is set up, so nothing can be searched: set filelist.username, then run "
    "`credentials set filelist.passkey`, or run `setup`"
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


def indexers(
    config: settings.Config, home: Path, credentials: Credentials, pace: Pacer
) -> list[Indexer]:
    """Those that are switched on and have their login."""
    found: list[Indexer] = []
    section = config.filelist
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
        found.append(FileList(http, section, passkey))
    return found


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


def _library(folder: Path, downloads: Path, queue: QueueManager, memory: Path) -> Library:
    """The library, with what is known of the films that were placed there before."""
    done = [item for item in queue.iter(State.COMPLETED) if "path" in item.data]
    library = Library(folder, known=bool(done), apart=[downloads], memory=memory)
    for item in done:
        library.add(film_of(item), Path(item.data["path"]))
    return library


def parts(
    config: settings.Config, home: Path, credentials: Credentials, queue: QueueManager, pace: Pacer
) -> tuple[Parts, list[WatchlistSource]]:
    """Everything a film meets, and the lists it may come from.

    Raises:
        ConfigError: a setting that is needed is missing or could not be right.
    """
    sources, facts = watchlists(config, home, pace)
    library_folder = folder(config.library_directory)
    download_folder = folder(config.download_directory)
    if library_folder == download_folder:
        raise ConfigError(
            f"download_directory and library_directory are both {library_folder}; nothing was "
            "started; name two folders on one disk"
        )
    made = Parts(
        queue=queue,
        library=_library(library_folder, download_folder, queue, home / "library_names.json"),
        library_folder=library_folder,
        download_folder=download_folder,
        facts=[LeftAlone(source) for source in facts],
        indexers=indexers(config, home, credentials, pace),
        client=torrent_client(config, home, credentials),
        torrents=TorrentStore(home / "torrents"),
        space=DownloadSpace(download_folder, config.max_download_space_gb),
        profile=config.profile,
        retries=retries(config),
        most_loading=config.max_active_downloads,
        no_indexer=no_indexer(config),
    )
    return made, sources
