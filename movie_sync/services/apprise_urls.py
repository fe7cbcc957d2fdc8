"""Apprise: notices to a hundred other places (mail, Telegram, Discord, Matrix, Pushover ...), each
by an address such as tgram://... or mailto://....

The library is an extra, and loaded when the first notice is sent. It answers yes or no, and says
why only in its log, which holds the addresses, secrets included; so its log is shut. Source:
https://github.com/caronc/apprise as of version 2.2.
"""

import importlib
import logging
from typing import Any

from movie_sync.errors import ConfigError, Unavailable
from movie_sync.messages import Notice

NAME = "apprise"
NOT_INSTALLED = (
    'the package apprise is not installed; run pip install "movie-sync[notify]", or forget the '
    'address by "credentials remove notify.apprise"'
)


class Apprise:
    """One address; several are several of these, so that one which fails has none sent twice."""

    def __init__(self, address: str, name: str = NAME) -> None:
        self.name, self._address = name, address
        self._opened: Any = None

    def send(self, notice: Notice) -> None:
        """Raises Unavailable, for it does not say why it failed."""
        library, sender = self._open()
        kinds = library.NotifyType
        text = f"{notice.text}\n{notice.link}" if notice.link else notice.text
        kind = kinds.WARNING if notice.urgent else kinds.INFO
        if not sender.notify(title=notice.title, body=text, notify_type=kind):
            raise Unavailable(self.name, "the notice was not taken, it does not say why")

    def check(self) -> str:
        """Whether the address can be one. Raises ConfigError."""
        self._open()
        return "the address is one of Apprise's"

    def _open(self) -> Any:
        if self._opened is None:
            try:
                apprise: Any = importlib.import_module(NAME)
            except ImportError:
                raise ConfigError(f"{self.name}: {NOT_INSTALLED}") from None
            logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
            sender = apprise.Apprise()
            if not sender.add(self._address):
                raise ConfigError(f"{self.name}: an address is none of Apprise's; see its wiki")
            self._opened = apprise, sender
        return self._opened


def all_of(addresses: str) -> list[Apprise]:
    """One for each of the addresses, which are parted by blanks."""
    found = addresses.split()
    return [Apprise(one, NAME if n == 1 else f"{NAME}_{n}") for n, one in enumerate(found, 1)]
