"""Offers files on 127.0.0.1, as somebody far away would who has the films already."""

import threading
from pathlib import Path
from typing import Any, Self

from movie_sync import torrent_session
from movie_sync.settings import LibTorrent
from movie_sync.torrent_session import library

ANNOUNCED_WITHIN_S = 3.0


class Seeder:
    """A libtorrent session that only gives. Use it in a `with` block.

    Args:
        upload_limit_kib_s: over all downloads together, so that their progress can be watched.
    """

    def __init__(self, *, upload_limit_kib_s: int = 0) -> None:
        self._settings = LibTorrent(local_only=True, upload_limit_kib_s=upload_limit_kib_s)
        self._session: Any = None
        self._lock = threading.Lock()

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self._session.listen_port()

    def share(self, path: Path, announce_url: str, *, private: bool = True) -> bytes:
        """Offer a file or folder, and return its torrent file once the tracker was told.

        A tracker that does not answer is waited for 3 s; peers must then be led here by hand.
        """
        torrent = make_torrent(path, announce_url, private=private)
        params = torrent_session.params(torrent)
        params.save_path = str(path.absolute().parent)
        params.flags |= library().torrent_flags.seed_mode  # it was hashed a moment ago
        with self._lock:
            self._session.pop_alerts()
            self._session.add_torrent(params)
            self._await_announce(str(params.ti.info_hashes().v1))
        return torrent

    def close(self) -> None:
        with self._lock:
            if self._session is not None:
                # The tracker may be in this process, which stands still while a session ends.
                self._session.apply_settings({"stop_tracker_timeout": 0})
            self._session = None

    def __enter__(self) -> Self:
        self._session = torrent_session.start(self._settings)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _await_announce(self, handle: str) -> None:
        lt = library()
        told: list[str] = []
        for alert in torrent_session.alerts(
            self._session, ANNOUNCED_WITHIN_S, lambda: handle not in told
        ):
            if isinstance(alert, lt.tracker_reply_alert | lt.tracker_error_alert):
                told.append(torrent_session.handle_of(alert))


def make_torrent(path: Path, announce_url: str, *, private: bool = True) -> bytes:
    """A torrent file of version 1 for a file or folder, the same for the same content."""
    lt = library()
    made = lt.create_torrent(lt.list_files(str(path.absolute())), 0, lt.create_torrent.v1_only)
    made.add_tracker(announce_url)
    made.set_priv(private)
    made.set_creation_date(0)
    lt.set_piece_hashes(made, str(path.absolute().parent))
    return bytes(lt.bencode(made.generate()))
