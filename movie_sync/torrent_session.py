"""A libtorrent session as this program wants one: small, and loud about what it lacks.

The library is imported here and nowhere else, when the first session or torrent needs it; what
it gives is untyped. Its alerts live only until the next are popped: take what you need at once.
Source: https://libtorrent.org/reference-Settings.html, for libtorrent 2.1.
"""

import ctypes
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import Any

from movie_sync.errors import ConfigError
from movie_sync.settings import LibTorrent

NOT_LOADED, LOADED = 0, 4  # priorities of a file
OLDEST = (2, 1)  # earlier ones leave Python no choice but to map whole files into memory

# Small rather than fast; a film arrives no sooner with more.
_SMALL = {
    "aio_threads": 2,
    "hashing_threads": 1,
    "max_queued_disk_bytes": 1024**2,
    "file_pool_size": 10,
    "checking_mem_usage": 16,  # blocks of 16 KiB
    "max_peerlist_size": 200,
    "alert_queue_size": 500,
    "stop_tracker_timeout": 1,  # s that a silent tracker may hold up our end
}
_THIS_MACHINE_ONLY = {
    "listen_interfaces": "127.0.0.1:0",
    "outgoing_interfaces": "127.0.0.1",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_outgoing_utp": False,  # its slow start makes seconds of what takes none
    "enable_incoming_utp": False,
    "allow_multiple_connections_per_ip": True,
    "min_reconnect_time": 1,  # s
    "ssrf_mitigation": False,  # it refuses most addresses of a tracker on loopback
}


def library() -> Any:
    """The libtorrent package.

    Raises:
        ConfigError: it is missing or too old; says what to do.
    """
    try:
        import libtorrent
    except ImportError as error:
        raise _cannot_start(str(error)) from error
    if (libtorrent.version_major, libtorrent.version_minor) < OLDEST:
        raise _cannot_start(f"libtorrent {libtorrent.__version__} is older than 2.1")
    return libtorrent


def _cannot_start(reason: str) -> ConfigError:
    return ConfigError(
        f"the built-in torrent client cannot start ({reason}); nothing was downloaded; install "
        '"movie-sync[torrent]", or set torrent_client to "qbittorrent"'
    )


def start(settings: LibTorrent) -> Any:
    """A session that listens; drop it to end it."""
    lt = library()
    _give_memory_back()
    params = lt.session_params()
    # To load 1 GiB it took 52 MB in all; the default took 170, and mapped files 1,100 (2.1.1).
    params.disk_io_constructor = "posix_disk_io_constructor"
    kinds = lt.alert_category
    params.settings = {
        **_SMALL,
        "alert_mask": kinds.error | kinds.storage | kinds.tracker,
        "listen_interfaces": settings.listen,
        "connections_limit": settings.connections,
        "download_rate_limit": settings.download_limit_kib_s * 1024,
        "upload_rate_limit": settings.upload_limit_kib_s * 1024,
        **(_THIS_MACHINE_ONLY if settings.local_only else {}),
    }
    session = lt.session(params)
    session.set_peer_class_filter(_everybody(lt))
    return session


def params(torrent: bytes, unwanted: Collection[int] = ()) -> Any:
    """What adds this torrent, started at once and out of libtorrent's own queue.

    Args:
        unwanted: places in its list of files, padding included, of those that are not loaded.

    Raises:
        RuntimeError: libtorrent cannot read it.
    """
    lt = library()
    made = lt.load_torrent_buffer(torrent)
    made.flags &= ~(lt.torrent_flags.paused | lt.torrent_flags.auto_managed)
    if unwanted:
        files = range(made.ti.layout().num_files())
        made.file_priorities = [NOT_LOADED if at in unwanted else LOADED for at in files]
    return made


def alerts(session: Any, within_s: float, busy: Callable[[], bool]) -> Iterator[Any]:
    """Those there are, and those that come while it is still busy; not for longer than so."""
    end = time.monotonic() + within_s
    yield from session.pop_alerts()
    while busy() and (left_s := end - time.monotonic()) > 0:
        session.wait_for_alert(max(1, int(left_s * 1000)))
        yield from session.pop_alerts()


def handle_of(alert: Any) -> str:
    """The v1 info-hash of the torrent an alert speaks of; zeros if it was removed since."""
    return str(alert.handle.info_hashes().v1)


def _give_memory_back() -> None:
    """Keep glibc from growing the heap that it holds on to; other C libraries do not.

    By itself it learns from large blocks to give less and less back, and keeps 10 MB and more of
    each download. Any value that is set stops the learning; this is the one it begins with.
    Source: mallopt(3), M_TRIM_THRESHOLD.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(-1, 128 * 1024)


def _everybody(lt: Any) -> Any:
    """Puts every peer under our rate limits; libtorrent leaves out those of the local network."""
    limited = 1 << lt.session.global_peer_class_id
    everybody = lt.ip_filter()
    everybody.add_rule("0.0.0.0", "255.255.255.255", limited)  # noqa: S104 - from, to
    everybody.add_rule("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", limited)
    return everybody
