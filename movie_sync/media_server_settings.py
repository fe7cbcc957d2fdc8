"""Settings of the media servers that are told when a film comes or goes."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, field

from movie_sync.setting_types import Settings

Address = Annotated[
    str,
    Meta(
        pattern=r"^(https?://[^\s/?#@]+[^\s@]*)?$",
        description="Its address, with the port; empty: none is told.",
        extra={
            "allowed": "an address that begins with http:// or https:// and holds no login, or "
            "empty"
        },
    ),
]
PathMap = Annotated[
    dict[str, str],
    Meta(description="Folder as it sees it -> the same folder here, where they differ."),
]


class Plex(Settings, frozen=True):
    """Plex, told of each film that comes or goes. Needs plex.token."""

    url: Address = ""
    path_map: PathMap = field(default_factory=dict)


class Jellyfin(Settings, frozen=True):
    """Jellyfin or Emby, told of each film that comes or goes. Needs jellyfin.api_key."""

    url: Address = ""
    path_map: PathMap = field(default_factory=dict)


class Kodi(Settings, frozen=True):
    """Kodi, told of each film that comes or goes, through its web server. Needs kodi.password
    where one is set there."""

    url: Address = ""
    username: Annotated[str, Meta(description="Login name of its web server.")] = "kodi"
    path_map: PathMap = field(default_factory=dict)


def there(folder: str, path_map: Mapping[str, str]) -> str:
    """The folder as the server sees it, by the longest part that is mapped."""
    for theirs, ours in sorted(path_map.items(), key=lambda pair: len(pair[1]), reverse=True):
        start = ours.rstrip("/")
        if folder == start or folder.startswith(f"{start}/"):
            return theirs.rstrip("/") + folder[len(start) :]
    return folder
