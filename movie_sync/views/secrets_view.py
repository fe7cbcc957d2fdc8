"""Which passwords and keys there are, and from where; never what they are."""

from msgspec import Struct

from movie_sync.credentials import VAULT, Credentials, asked, needed, where
from movie_sync.errors import ConfigError
from movie_sync.settings import Config

OF = {
    "filelist": "FileList",
    "qbittorrent": "qBittorrent",
    "tmdb": "TMDB",
    "notify": "Notices by",
    "jellyfin": "Jellyfin or Emby",
}
IN_VAULT = "kept in the encrypted vault"


class Secret(Struct, frozen=True):
    """One password or key."""

    name: str
    sentence: str  # where a person finds it
    origin: str  # empty: it is not set
    in_vault: bool
    needed: bool  # what is switched on cannot work without it

    @property
    def title(self) -> str:
        """For a person: "FileList passkey"."""
        section, _, word = self.name.rpartition(".")
        of = OF.get(section) or section.removeprefix("torznab.").capitalize()
        return f"{of} {word.replace('_', ' ').replace('api key', 'API key')}"

    def is_of(self, service: str) -> bool:
        """Whether a service of this name asks for it."""
        return bool(service) and service in self.name.split(".")[:-1]

    @property
    def id(self) -> str:
        return self.name.replace(".", "--")


def secrets(config: Config, vault: Credentials) -> tuple[list[Secret], str]:
    """All that this program asks for or keeps, and why the vault cannot be opened, if so."""
    names, damage = asked(config), ""
    try:
        found = dict(vault.names(names))
    except ConfigError as error:
        found, damage = {}, str(error)
    required = needed(config)
    rows = []
    for name in dict.fromkeys([*required, *names, *found]):
        origin = found.get(name, "")
        shown = IN_VAULT if origin == VAULT else origin and f"given by {origin}"
        missing = name in required and not origin and not damage
        rows.append(Secret(name, where(name), shown, origin == VAULT, missing))
    return rows, damage
