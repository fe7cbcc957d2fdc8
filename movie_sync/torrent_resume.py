"""What the built-in torrent client keeps for a restart: a file `<handle>.resume` for each download.

Each holds the torrent itself, where its files go, which pieces are there, and what was given
back. A file `running` lies beside them while a session does; finding it at a start means that the
last one crashed, and that the disk may hold more, or less, than was noted.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from movie_sync import atomic
from movie_sync.errors import FilesError
from movie_sync.torrent_session import library

log = logging.getLogger(__name__)


class Resumed(NamedTuple):
    handle: str
    params: Any  # what adds it to a session
    whole: bool


class ResumeFolder:
    """The folder of these files; made when first opened, readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = folder / "running"

    @property
    def empty(self) -> bool:
        return not any(self._folder.glob("*.resume"))

    def open(self, add: Callable[[Resumed], None]) -> None:
        """Have all that is to go on added; after a crash, unsure of which pieces are there.

        What is damaged, or makes `add` raise RuntimeError, is kept aside with a warning.

        Raises:
            FilesError: the folder cannot be read or written.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            crashed = self._running.exists()
            self._running.touch(mode=0o600)
            for path in sorted(self._folder.glob("*.resume")):
                try:
                    add(_read(path, check=crashed))
                except RuntimeError as error:
                    _keep_aside(path, error)
        except OSError as error:
            raise FilesError(f"{self._folder} cannot be used: {error.strerror}") from error

    def close(self) -> None:
        """Note that everything was written. If that fails, more than needed is checked."""
        with suppress(OSError):
            self._running.unlink()

    def write(self, handle: str, params: Any) -> None:
        """Raises FilesError: the file is as it was."""
        path = self._path(handle)
        try:
            atomic.write(path, [library().write_resume_data_buf(params)])
        except OSError as error:
            raise FilesError(f"{path} cannot be written: {error.strerror}") from error

    def forget(self, handle: str) -> None:
        self._path(handle).unlink(missing_ok=True)

    def _path(self, handle: str) -> Path:
        return self._folder / f"{handle}.resume"


def _read(path: Path, *, check: bool) -> Resumed:
    """Raises RuntimeError, as libtorrent does, for what is damaged."""
    lt = library()
    params = lt.read_resume_data(path.read_bytes())
    torrent, flags = params.ti, lt.torrent_flags
    if torrent is None:
        raise RuntimeError("it holds no torrent")
    # As read, the list of pieces is filled up to whole bytes; and empty if there are none.
    whole = sum(params.have_pieces) == torrent.num_pieces()
    # The end of seeding pauses for good; a pause before that came with an error.
    params.flags &= ~(flags.upload_mode if whole else flags.upload_mode | flags.paused)
    if check and not whole:
        params.have_pieces, params.unfinished_pieces = [], {}  # so that the disk is asked
    return Resumed(str(torrent.info_hashes().v1), params, whole)


def _keep_aside(path: Path, problem: Exception) -> None:
    aside = path.with_suffix(".damaged")
    path.replace(aside)
    log.warning("%s: %s; it is kept as %s and not loaded", path, problem, aside.name)
