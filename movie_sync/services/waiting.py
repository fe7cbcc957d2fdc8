"""A torrent client that is still to be set up: whoever asks is told what a person must do."""

from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

from movie_sync.errors import ConfigError
from movie_sync.models import Transfer


class WaitingClient:
    """A `DownloadClient` that does nothing. Films wait, and nothing of them is lost.

    Args:
        name: of the client that it stands for.
        to_do: what is missing, and the command that gives it.
    """

    shared = True

    def __init__(self, name: str, to_do: str) -> None:
        self.name, self._to_do = name, to_do

    def check(self) -> str:
        self._tell()

    def add(self, torrent: bytes, save_to: Path) -> str:
        self._tell()

    def transfers(self, handles: Collection[str]) -> dict[str, Transfer]:
        if handles:
            self._tell()
        return {}

    def remove(self, handle: str, *, with_files: bool) -> None:
        self._tell()

    def relabel(self, handle: str, label: str) -> None:
        self._tell()

    def close(self) -> None:
        """There is nothing to close."""

    def _tell(self) -> NoReturn:
        raise ConfigError(self._to_do)
