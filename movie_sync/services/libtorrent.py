"""The torrent client that is built in: one libtorrent session in this process.

It is started by the first download, or by `transfers()` when a restart left some to go on with,
so a program that has nothing to load stays small. There is no thread of ours: saving, mending
and the end of seeding are done by `transfers()`, so call it now and then, be it for no handles.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from movie_sync import settings, torrent_session, torrents
from movie_sync.errors import BadAnswer, FilesError, Unavailable
from movie_sync.models import Phase, Transfer
from movie_sync.torrent_download import Download
from movie_sync.torrent_resume import Resumed, ResumeFolder
from movie_sync.torrent_session import library

CLOSE_WITHIN_S = 2.0  # most of all; trackers that stay silent are left after one
DELETE_WITHIN_S = 5.0

log = logging.getLogger(__name__)


class LibTorrent:
    """A `DownloadClient` of our own.

    Args:
        folder: where it keeps what a restart needs; made, and readable by its owner only.
    """

    name = "libtorrent"
    shared = False

    def __init__(
        self,
        settings: settings.LibTorrent,
        seeding: settings.Seeding,
        folder: Path,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings, self._seeding, self._monotonic = settings, seeding, monotonic
        self._resume = ResumeFolder(folder)
        self._lock = threading.RLock()
        self._closed = False
        self._session: Any = None
        self._downloads: dict[str, Download] = {}
        self._unstored: set[str] = set()

    def check(self) -> str:
        """Starts nothing, for a daemon may own the folder already."""
        version = ".".join(library().version.split(".")[:3])
        with self._lock:
            if self._session is None:
                return f"built in, libtorrent {version}"
            port, count = self._session.listen_port(), len(self._downloads)
            return f"built in, libtorrent {version}, port {port}, torrents: {count}"

    def add(self, torrent: bytes, save_to: Path) -> str:
        contents = torrents.read(torrent, self.name)
        handle = contents.handle
        with self._begun() as session:
            if handle in self._downloads:
                return handle
            try:
                params = torrent_session.params(torrent, contents.unwanted)
                params.save_path = str(save_to.absolute())
                self._resume.write(handle, params)
                self._follow(handle, session.add_torrent(params))
            except RuntimeError as error:
                self._resume.forget(handle)
                raise BadAnswer(self.name, f"cannot load torrent {handle}: {error}") from error
        return handle

    def transfers(self, handles: Collection[str]) -> dict[str, Transfer]:
        if self._idle:
            return {}
        with self._begun() as session:
            for alert in session.pop_alerts():
                self._take_in(alert)
            now = self._monotonic()
            seen = {key: each.tend(now, self._seeding) for key, each in self._downloads.items()}
            return {key: self._with_files(seen[key]) for key in handles if key in seen}

    def remove(self, handle: str, *, with_files: bool) -> None:
        """Forget a download; one that is not there is fine.

        Raises:
            FilesError: its files could not be deleted; it is forgotten all the same.
        """
        if self._idle:
            return
        with self._begun() as session:
            self._resume.forget(handle)
            download = self._downloads.pop(handle, None)
            if download:
                session.remove_torrent(download.torrent, session.delete_files if with_files else 0)
                if with_files:
                    self._await_deletion(session, download)

    def relabel(self, handle: str, label: str) -> None:
        """Nobody looks here; there are no labels."""

    def close(self) -> None:
        """In 2 s at most; whoever asks afterwards is told that it is closed."""
        with self._lock:
            self._closed = True
            session, self._session = self._session, None
            if session is not None:
                self._say_farewell(session)
            self._downloads.clear()

    @contextmanager
    def _begun(self) -> Iterator[Any]:
        """The session, started if need be, with nobody else in it."""
        with self._lock:
            if self._closed:
                raise Unavailable(self.name, "is closed until the program is started again")
            if self._session is None:
                session = torrent_session.start(self._settings)
                self._resume.open(lambda each: self._go_on(session, each))
                self._session = session
            yield self._session

    @property
    def _idle(self) -> bool:
        return self._session is None and self._resume.empty

    def _go_on(self, session: Any, resumed: Resumed) -> None:
        self._follow(resumed.handle, session.add_torrent(resumed.params), whole=resumed.whole)

    def _follow(self, handle: str, torrent: Any, *, whole: bool = False) -> None:
        self._downloads[handle] = Download(handle, torrent, self._monotonic(), whole=whole)

    def _with_files(self, transfer: Transfer) -> Transfer:
        if transfer.phase is not Phase.DONE:
            return transfer
        files = self._downloads[transfer.handle].files()
        return msgspec.structs.replace(transfer, files=files)

    def _take_in(self, alert: Any) -> None:
        lt = library()
        if isinstance(alert, lt.listen_failed_alert):
            log.warning("other peers cannot reach us: %s", alert.message())
        if not isinstance(alert, lt.torrent_alert):
            return
        download = self._downloads.get(torrent_session.handle_of(alert))
        if download is None:
            return
        download.take_in(alert)
        if isinstance(alert, lt.save_resume_data_alert):
            self._store(download.handle, alert.params)

    def _store(self, handle: str, params: Any) -> None:
        try:
            self._resume.write(handle, params)
            self._unstored.discard(handle)
        except FilesError as error:
            self._unstored.add(handle)
            log.warning("%s; after a restart more has to be checked", error)

    def _say_farewell(self, session: Any) -> None:
        """Store what a restart needs, and let the trackers know what was given back."""
        session.pause()
        downloads = list(self._downloads.values())
        for download in downloads:
            download.save()
        session.is_paused()  # comes back when the above is under way, and shows in alerts
        for alert in torrent_session.alerts(
            session, CLOSE_WITHIN_S, lambda: any(each.saving or each.telling for each in downloads)
        ):
            self._take_in(alert)
        if not self._unstored and not any(each.saving for each in downloads):
            self._resume.close()

    def _await_deletion(self, session: Any, download: Download) -> None:
        lt = library()
        outcome: list[str] = []
        for alert in torrent_session.alerts(session, DELETE_WITHIN_S, lambda: not outcome):
            if isinstance(alert, lt.torrent_deleted_alert):
                outcome.append("")
            elif isinstance(alert, lt.torrent_delete_failed_alert):
                outcome.append(alert.error.message())
            else:
                self._take_in(alert)
        if outcome and outcome[0]:
            raise FilesError(f"files of torrent {download.handle} are still there: {outcome[0]}")
