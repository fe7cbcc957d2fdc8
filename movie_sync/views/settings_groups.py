"""Where each setting stands for a person: in which group, below which heading, by what name.

A key that is named nowhere here still has a place, so that no setting is ever out of sight.
"""

from collections.abc import Iterable

from msgspec import Struct


class Part(Struct, frozen=True):
    """Settings below one heading. A name with a dot behind is a whole section."""

    title: str
    keys: tuple[str, ...]
    more: tuple[str, ...] = ()  # for those who know what they look for
    sentence: str = ""
    named: str = ""  # the kind of sections that a person names, of which each is such a part
    add: str = ""  # what a person does who names one more


class Group(Struct, frozen=True):
    """One page of settings."""

    slug: str
    title: str
    sentence: str
    parts: tuple[Part, ...]


# Below each name a person gave: the first of these are shown, the others are more.
FIRST_OF_NAMED = {
    "torznab": ("url", "enabled", "categories"),
    "versions": ("preset", "languages", "upgrade"),
    "sonarr": ("url", "enabled", "root_folder", "quality_profile"),
}
GROUPS = (
    Group(
        "watchlists", "Watchlists", "Whose films are wanted, and how often to look.",
        (
            Part("Letterboxd", ("username", "letterboxd.users", "letterboxd.lists"),
                 ("letterboxd.",)),
            Part("Other lists", ("lists", "watchlist_folder")),
            Part("How often", ("check_interval",)),
        ),
    ),
    Group(
        "indexers", "Indexers", "Where releases of films are found.",
        (
            Part("Internet Archive", ("archive_org.enabled",), ("archive_org.",),
                 "Films whose copyright has ended; needs no account."),
            Part("FileList", ("filelist.enabled", "filelist.username"), ("filelist.",),
                 "A private tracker; needs its passkey too."),
            Part("Torznab", (), named="torznab", add="Add an indexer",
                 sentence="Indexers of Prowlarr, Jackett and the like, each by a name of yours."),
        ),
    ),
    Group(
        "quality", "Quality", "Which releases are taken, and in which versions.",
        (
            Part("Quality profile", ("profile.preset", "profile.languages", "profile.upgrade"),
                 ("profile.",)),
            Part("Further versions", (), named="versions", add="Add a version",
                 sentence="Every film once more in another quality, side by side with the first."),
        ),
    ),
    Group(
        "downloads", "Downloads", "The torrent client, its limits, and seeding.",
        (
            Part("Torrent client", ("torrent_client", "download_directory")),
            Part("Limits", ("max_active_downloads", "max_download_space_gb", "stalled_hours")),
            Part("Seeding", ("seeding.",)),
            Part("Built-in client",
                 ("libtorrent.download_limit_kib_s", "libtorrent.upload_limit_kib_s"),
                 ("libtorrent.",)),
            Part("qBittorrent", ("qbittorrent.url", "qbittorrent.username"), ("qbittorrent.",),
                 "Used where it is chosen above; needs its password too."),
        ),
    ),
    Group(
        "library", "Library", "Where films are placed, and what happens to those nobody wants.",
        (
            Part("Folders", ("library_directory", "recycle_directory")),
            Part("Removal", ("enable_removal_cleanup", "removal_grace_period", "when_watched",
                             "recycle_days")),
            Part("What you own", ("library.enabled", "library.probe", "library.language"),
                 ("library.",), "One list on the tab Library; its sources are set up there."),
        ),
    ),
    Group(
        "notices", "Notices and media servers", "Who is told when a film comes or goes.",
        (
            Part("Notices",
                 ("notifications.enabled", "notifications.events", "notifications.digest_at"),
                 ("notifications.",), "Where they are sent to is kept with the passwords."),
            Part("Plex", ("plex.",), sentence="Needs plex.token."),
            Part("Jellyfin or Emby", ("jellyfin.",), sentence="Needs jellyfin.api_key."),
            Part("Kodi", ("kodi.",), sentence="Needs kodi.password where one is set there."),
        ),
    ),
    Group(
        "page", "This page", "Where the page and the API listen, and whose word they take.",
        (Part("", ("web.enabled", "web.host", "web.port", "web.session_days"), ("web.",),
              "All of these count from the next start on."),),
    ),
    Group(
        "services", "Services", "Who tells more of a film than its watchlist does.",
        (Part("TMDB", ("tmdb.enabled",), ("tmdb.",), "Needs tmdb.api_key."),),
    ),
    Group(
        "shows", "Shows", "Which shows are added to Sonarr.",
        (
            Part("Shows", ("shows.enabled", "shows.dry_run", "shows.review"), ("shows.",)),
            Part("Sonarr", (), named="sonarr", add="Add a Sonarr",
                 sentence="Each by a name of yours; main is the default one."),
            Part("Database", ("database_url",)),
        ),
    ),
    Group(
        "history", "History", "What was watched: where that is asked for, and who is told.",
        (
            Part("History", ("history.enabled", "history.zone"), ("history.",)),
            Part("Trakt", ("trakt.enabled", "trakt.client_id", "trakt.pull", "trakt.push"),
                 ("trakt.",),
                 "Needs an application of your own at trakt.tv, and its trakt.client_secret."),
            Part("Viki", ("viki.enabled", "viki.watched_percent"), ("viki.",),
                 "Needs the cookies of a browser; the tab History takes them."),
            Part("TheTVDB", ("tvdb.enabled",), ("tvdb.",), "Needs tvdb.api_key."),
        ),
    ),
    Group(
        "general", "General", "How often what failed is tried again, and what is logged.",
        (
            Part("When something fails",
                 ("retry_interval", "backoff_multiplier", "max_retries")),
            Part("Log", ("log_level",)),
        ),
    ),
)  # fmt: skip
LABELS = {
    "username": "Letterboxd name",
    "check_interval": "Seconds between two looks",
    "torrent_client": "Torrent client",
    "max_active_downloads": "Downloads at once",
    "max_download_space_gb": "Space for downloads, in GB",
    "stalled_hours": "Hours until a stalled download is replaced",
    "enable_removal_cleanup": "Remove films that nobody wants",
    "removal_grace_period": "Seconds of grace",
    "recycle_days": "Days in the recycle folder",
    "when_watched": "Films that were watched",
    "retry_interval": "Seconds before the first retry",
    "backoff_multiplier": "Each retry waits so many times longer",
    "max_retries": "Failures before a film is given up",
    "lists": "Addresses or files",
    "letterboxd.users": "More Letterboxd names",
    "letterboxd.lists": "Letterboxd lists",
    "profile.hdr": "HDR",
    "profile.upgrade": "Replace by better releases",
    "seeding.ratio": "Ratio",
    "seeding.hours": "Hours",
    "libtorrent.download_limit_kib_s": "Download limit, in KiB/s",
    "libtorrent.upload_limit_kib_s": "Upload limit, in KiB/s",
    "notifications.digest_at": "Daily summary at",
    "notifications.page_url": "Address of this page",
    "library.probe": "Look into each file",
    "library.language": "Language of titles",
    "library.at_once": "Files looked into at once",
    "library.pictures": "Keep pictures",
    "library.pictures_mb": "Space of pictures, in MB",
    "web.enabled": "Show this page",
    "web.base_url": "Path behind a proxy",
    "web.session_days": "Days until one signs in again",
    "profile.min_mib_per_minute": "Smallest size, in MiB a minute",
    "profile.max_mib_per_minute": "Largest size, in MiB a minute",
    "profile.aim_mib_per_minute": "Preferred size, in MiB a minute",
    "profile.required": "Words that must be there",
    "profile.never": "Words that must not be there",
    "profile.preferred": "Preferred words, word=points",
    "profile.min_score": "Fewest points",
    "profile.min_seeders": "Fewest seeders",
    "profile.min_age_minutes": "Minutes a release must have been up",
    "profile.wait_hours": "Hours to wait for a better one",
    "profile.three_d": "Accept 3D",
    "profile.full_discs": "Accept full discs",
    "profile.hardcoded_subtitles": "Accept burnt-in subtitles",
}
LAST_WORDS = {
    "url": "Address",
    "base_url": "Address",
    "path_map": "Folders, there=here",
    "enabled": "Switched on",
    "username": "User name",
    "listen": "Listens on",
}


def place_of(key: str) -> tuple[Group, Part, bool]:
    """Where it stands, and whether among what is more."""
    kind, _, rest = key.partition(".")
    named = {part.named: (group, part) for group, part in _all() if part.named}
    if kind in named:
        return (*named[kind], rest.partition(".")[2] not in FIRST_OF_NAMED[kind])
    for name in (key, f"{kind}."):
        for group, part in _all():
            if name in part.keys or name in part.more:
                return group, part, name in part.more
    last = GROUPS[-1]
    if not rest:
        return last, Part("More", ()), False
    return last, Part(kind.replace("_", " ").capitalize(), (f"{kind}.",)), False


def order_in(part: Part, keys: Iterable[str]) -> list[str]:
    """As the part names them; what it names by section alone comes behind."""
    named = {key: at for at, key in enumerate(part.keys)}
    return sorted(keys, key=lambda key: named.get(key, len(named)))


def label(key: str) -> str:
    """A short name for a person."""
    kind, _, rest = key.partition(".")
    name = key.rpartition(".")[2]
    if kind == "versions":
        key = f"profile.{name}"
    of_section = rest.partition(".")[2] if kind in FIRST_OF_NAMED else rest
    if found := LABELS.get(key) or (rest and LAST_WORDS.get(of_section)):
        return found
    return (of_section or name).replace("_", " ").replace(".", ": ").capitalize()


def _all() -> Iterable[tuple[Group, Part]]:
    return ((group, part) for group in GROUPS for part in group.parts)
