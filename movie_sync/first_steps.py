"""The first steps of set-up, whoever asks them: how an answer is read, tried, and kept.

An answer is tried on settings that are written nowhere yet. A failing one can be kept on purpose:
the person may know that the site is down today.
"""

import re
from pathlib import Path
from typing import Any

from movie_sync import config
from movie_sync.checks import Probes
from movie_sync.credentials import Credentials
from movie_sync.settings import Config

Answer = dict[str, Any]  # settings by key

CLIENTS = {"built-in": "libtorrent", "qbittorrent": "qbittorrent"}


class FirstSteps:
    """Tries and keeps.

    Args:
        config_path: where answers are kept, if not in config.json of `home`.
    """

    def __init__(
        self, home: Path, config_path: Path | None, credentials: Credentials, probes: Probes
    ) -> None:
        self._home, self._config_path = home, config_path
        self._credentials, self._probes = credentials, probes

    def trying(self, secrets: dict[str, str]) -> Credentials:
        """The credentials with others, which are stored nowhere yet."""
        credentials = self._credentials
        for name, secret in secrets.items():
            credentials = credentials.trying(name, secret)
        return credentials

    def keep(self, answer: Answer, secrets: dict[str, str]) -> None:
        """Write a step's answers; a secret only where it is new."""
        for name, secret in secrets.items():
            if secret and secret != self._credentials.get(name):
                self._credentials.set(name, secret)
        config.write(self._home, answer, self._config_path)

    # Each says in a sentence what was found, or raises what is wrong.

    def watchlist(self, now: Config, _: Credentials) -> str:
        if not now.username:
            return "nobody's; exports and other lists can be read instead"
        return self._probes.watchlist(self._home, now, now.username)

    def library(self, now: Config, _: Credentials) -> str:
        return self._probes.writable(config.folder(now.library_directory))

    def downloads(self, now: Config, _: Credentials) -> str:
        downloads, library = map(config.folder, (now.download_directory, now.library_directory))
        can_write = self._probes.writable(downloads)
        return f"{can_write}; {self._probes.hard_link(downloads, library)}"

    def torrent_client(self, now: Config, credentials: Credentials) -> str:
        return self._probes.torrent_client(self._home, now, credentials)

    def indexers(self, now: Config, credentials: Credentials) -> str:
        own = any(one.enabled for one in now.torznab.values())
        if not (now.filelist.enabled or now.archive_org.enabled or own):
            return "nothing is searched"
        return self._probes.indexers(self._home, now, credentials)


def letterboxd_name(text: str) -> str:
    """The name out of what people copy: an address, or @name."""
    found = re.search(r"letterboxd\.com/(\w+)", text)
    return found[1] if found else text.strip("@/ ")
