"""Torrent files of running downloads, kept until they are done.

A torrent is stored before it is given to the torrent client, so that after a crash the same
download can be given again without asking the indexer for it a second time. Its announce address
holds the person's passkey: the files are readable by their owner only.
"""

import re
from pathlib import Path

from movie_sync import atomic
from movie_sync.errors import FilesError

_HANDLE = re.compile(r"[0-9a-f]{40}")


class TorrentStore:
    """`<handle>.torrent` files in one private folder, which is made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, handle: str, torrent: bytes) -> None:
        path = self._path(handle)
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._folder.chmod(0o700)
            atomic.write(path, [torrent])
        except OSError as error:
            raise FilesError(
                f"{path} could not be written ({error.strerror}); the download is not started"
            ) from error

    def load(self, handle: str) -> bytes | None:
        """The torrent as it was saved, or None if there is none."""
        path = self._path(handle)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FilesError(f"{path} could not be read ({error.strerror})") from error

    def drop(self, handle: str) -> None:
        """Forget a torrent; one that is not there is forgotten already."""
        path = self._path(handle)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FilesError(f"{path} could not be removed ({error.strerror})") from error

    def _path(self, handle: str) -> Path:
        if not _HANDLE.fullmatch(handle):
            raise FilesError(f"{handle!r} is not the info-hash of a torrent; nothing was touched")
        return self._folder / f"{handle}.torrent"
