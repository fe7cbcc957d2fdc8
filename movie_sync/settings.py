"""Every setting: its name, type, limits, default, and one sentence for the person who sets it.

Pure shapes. `config.py` fills them from config.json, the environment and the command line; the
JSON Schema, `docs/config.md` and the wizard are written from the sentences here. Passwords and
passkeys are not settings: `credentials.py` keeps them.
"""

from typing import Annotated, Literal

from msgspec import Meta, field

from movie_sync.history_settings import History, Trakt, Tvdb, Viki
from movie_sync.indexer_settings import ArchiveOrg, FileList, Torznab
from movie_sync.library_settings import Library
from movie_sync.media_server_settings import Jellyfin, Kodi, Plex
from movie_sync.notice_settings import Notifications
from movie_sync.profile_settings import Profile
from movie_sync.radarr_settings import Radarr
from movie_sync.setting_types import TEN_YEARS_S, DatabaseUrl, Folder, Settings, WebAddress
from movie_sync.shows_settings import Shows, Sonarr
from movie_sync.web_settings import Web

__all__ = [
    "TEN_YEARS_S", "ArchiveOrg", "Config", "FileList", "History", "Jellyfin", "Kodi", "Letterboxd",
    "LibTorrent", "Library", "Notifications", "Plex", "Profile", "QBittorrent", "Seeding",
    "Settings", "Shows", "Sonarr", "Tmdb", "Torznab", "Trakt", "Tvdb", "Viki", "Web",
]  # fmt: skip


class Letterboxd(Settings, frozen=True):
    """Where public watchlists are read."""

    users: Annotated[
        tuple[str, ...], Meta(description="More Letterboxd names whose watchlists are followed.")
    ] = ()
    lists: Annotated[
        tuple[str, ...],
        Meta(description="Addresses of public Letterboxd lists whose films are wanted too."),
    ] = ()
    base_url: Annotated[WebAddress, Meta(description="Where Letterboxd is found.")] = (
        "https://letterboxd.com"
    )
    seconds_between_requests: Annotated[
        float,
        Meta(ge=0, le=3600, description="Least time between two requests; its host asks for calm."),
    ] = 2.0
    user_agent: Annotated[
        str, Meta(description="How the program names itself there; empty means by its own name.")
    ] = ""


class QBittorrent(Settings, frozen=True):
    """The torrent client qBittorrent; used when `torrent_client` names it."""

    url: Annotated[WebAddress, Meta(description="Address of its Web UI.")] = "http://127.0.0.1:8080"
    username: Annotated[str, Meta(description="Login name of its Web UI.")] = "admin"
    category: Annotated[str, Meta(description="Category our torrents get.")] = "movie_sync"
    tags: Annotated[tuple[str, ...], Meta(description="Tags our torrents get.")] = ("movie_sync",)
    path_map: Annotated[
        dict[str, str],
        Meta(
            description="Folder as qBittorrent sees it -> the same folder here, where they differ."
        ),
    ] = field(default_factory=dict)


class LibTorrent(Settings, frozen=True):
    """The built-in torrent client."""

    listen: Annotated[
        str, Meta(description="Addresses and ports the built-in client listens on.")
    ] = "0.0.0.0:6881,[::]:6881"
    download_limit_kib_s: Annotated[
        int, Meta(ge=0, le=1_000_000, description="Most it loads, in KiB a second; 0 is no limit.")
    ] = 0
    upload_limit_kib_s: Annotated[
        int, Meta(ge=0, le=1_000_000, description="Most it gives, in KiB a second; 0 is no limit.")
    ] = 0
    connections: Annotated[int, Meta(ge=2, le=10_000, description="Most peers at once.")] = 60
    local_only: Annotated[
        bool, Meta(description="Talk to this machine only: no DHT, no router, no uTP.")
    ] = False


class Seeding(Settings, frozen=True):
    """How long a finished download is given to others before it may be removed."""

    ratio: Annotated[
        float, Meta(ge=0, le=1000, description="Give back this many times what was loaded, or ...")
    ] = 1.0
    hours: Annotated[
        float, Meta(ge=0, le=87600, description="... seed for this long, whichever comes first.")
    ] = 49.0


class Tmdb(Settings, frozen=True):
    """TMDB, asked for a film's dates, titles, language and running time when it has a key."""

    enabled: Annotated[bool, Meta(description="Ask TMDB, once its key is stored.")] = True
    base_url: Annotated[WebAddress, Meta(description="Where TMDB's API is found.")] = (
        "https://api.themoviedb.org/3"
    )
    image_url: Annotated[WebAddress, Meta(description="Where TMDB's pictures are found.")] = (
        "https://image.tmdb.org/t/p"
    )


class Config(Settings, frozen=True):
    """config.json as a whole. Keys at the top are the user's own."""

    schema_: Annotated[str, Meta(description="Lets editors complete this file.")] = field(
        default="./config.schema.json", name="$schema"
    )
    username: Annotated[
        str, Meta(description="Letterboxd name whose public watchlist is followed.")
    ] = ""
    check_interval: Annotated[
        int,
        Meta(
            ge=1,
            le=TEN_YEARS_S,
            description="Seconds between two readings of the watchlists; at least 60.",
        ),
    ] = 3600
    download_directory: Annotated[
        Folder,
        Meta(
            description="Where the torrent client keeps downloads. ~/Downloads is the folder that "
            "your desktop has for them, by whatever name."
        ),
    ] = "~/Downloads/movie_sync"
    library_directory: Annotated[
        Folder, Meta(description="Where finished films are placed, as Title (Year)/...")
    ] = "~/Movies"
    retry_interval: Annotated[
        int,
        Meta(ge=1, le=TEN_YEARS_S, description="Seconds before the first retry of a failed film."),
    ] = 3600
    max_retries: Annotated[
        int, Meta(ge=0, le=100, description="Failures before a film is given up.")
    ] = 5
    backoff_multiplier: Annotated[
        float, Meta(ge=1, le=10, description="Each retry waits this many times longer.")
    ] = 2.0
    max_download_space_gb: Annotated[
        float,
        Meta(
            ge=0, le=1_000_000, description="Most space downloads may take, in GB; 0 is no limit."
        ),
    ] = 0.0
    enable_removal_cleanup: Annotated[
        bool,
        Meta(
            description="Move films that left every watchlist to the recycle folder, after the "
            "grace period."
        ),
    ] = False
    removal_grace_period: Annotated[
        int,
        Meta(ge=0, le=TEN_YEARS_S, description="Seconds a film that left every watchlist is kept."),
    ] = 604800
    when_watched: Annotated[
        Literal["keep", "tidy"],
        Meta(
            description="keep: a film that left a watchlist because it was watched stays; tidy: it "
            "goes like any other."
        ),
    ] = "keep"
    recycle_days: Annotated[
        float,
        Meta(
            ge=1,
            le=3650,
            description="Days that a film which was removed can be brought back; then it is "
            "deleted for good.",
        ),
    ] = 30.0
    torrent_client: Annotated[
        Literal["libtorrent", "qbittorrent"],
        Meta(description="libtorrent is built in; qbittorrent is a program of yours."),
    ] = "libtorrent"
    max_active_downloads: Annotated[
        int, Meta(ge=1, le=1000, description="Films that are downloaded at the same time.")
    ] = 5
    stalled_hours: Annotated[
        float,
        Meta(
            ge=0,
            le=10_000,
            description="A download that gets nothing for so long is replaced by the next release; "
            "0 is never.",
        ),
    ] = 24.0
    recycle_directory: Annotated[
        str,
        Meta(
            description="Where films go that are removed, or that a better release replaced; "
            "empty: .movie_sync-recycled in the library."
        ),
    ] = ""
    lists: Annotated[
        tuple[str, ...],
        Meta(description="Other lists of films: addresses or files with CSV, JSON or RSS."),
    ] = ()
    watchlist_folder: Annotated[
        str,
        Meta(description="Exports dropped here are read: watchlist.csv or Letterboxd's zip."),
    ] = ""
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="What is logged.")
    ] = "info"
    database_url: Annotated[
        DatabaseUrl,
        Meta(
            description="A PostgreSQL database for shows, instead of a file in the home: "
            "postgresql://name@host/database. Its password is the credential database.password."
        ),
    ] = ""
    profile: Profile = field(default_factory=Profile)
    versions: Annotated[
        dict[str, Profile],
        Meta(
            description="Further versions of every film, side by side with the first: a name such "
            'as "2160p" -> its profile.'
        ),
    ] = field(default_factory=dict)
    letterboxd: Letterboxd = field(default_factory=Letterboxd)
    filelist: FileList = field(default_factory=FileList)
    torznab: Annotated[
        dict[str, Torznab],
        Meta(description="Torznab indexers, each by a name of yours."),
    ] = field(default_factory=dict)
    archive_org: ArchiveOrg = field(default_factory=ArchiveOrg)
    tmdb: Tmdb = field(default_factory=Tmdb)
    qbittorrent: QBittorrent = field(default_factory=QBittorrent)
    libtorrent: LibTorrent = field(default_factory=LibTorrent)
    seeding: Seeding = field(default_factory=Seeding)
    notifications: Notifications = field(default_factory=Notifications)
    plex: Plex = field(default_factory=Plex)
    jellyfin: Jellyfin = field(default_factory=Jellyfin)
    kodi: Kodi = field(default_factory=Kodi)
    radarr: Radarr = field(default_factory=Radarr)
    web: Web = field(default_factory=Web)
    shows: Shows = field(default_factory=Shows)
    library: Library = field(default_factory=Library)
    history: History = field(default_factory=History)
    trakt: Trakt = field(default_factory=Trakt)
    viki: Viki = field(default_factory=Viki)
    tvdb: Tvdb = field(default_factory=Tvdb)
    sonarr: Annotated[
        dict[str, Sonarr],
        Meta(description='Sonarrs, each by a name of yours; "main" is the default one.'),
    ] = field(default_factory=dict)
