"""The part of a tracker that torrent clients talk to: who else has this torrent.

Everybody is on 127.0.0.1, so a peer is known by its port.
Source: BEP 3 and 23 at https://www.bittorrent.org/beps/.
"""

import threading
from collections import defaultdict
from urllib.parse import unquote_to_bytes

INTERVAL_S = 2  # libtorrent keeps to 5 minutes all the same; it asks at once for a new torrent
LOOPBACK = bytes([127, 0, 0, 1])


class Swarms:
    """Peers by info-hash. Called from many threads."""

    def __init__(self) -> None:
        self._left: dict[bytes, dict[int, int]] = defaultdict(dict)  # hash -> port -> bytes to load
        self._lock = threading.Lock()

    def announce(self, raw_query: str) -> bytes:
        """Note who asks, and answer with the others, bencoded."""
        # Not parse_qsl: an info-hash is no text.
        pairs = (pair.partition("=") for pair in raw_query.split("&"))
        given = {name: unquote_to_bytes(value) for name, _, value in pairs}
        info_hash, port = given.get("info_hash", b""), _number(given.get("port", b""))
        if len(info_hash) != 20 or not 0 < port < 65536:
            return _failure(b"info_hash of 20 bytes and port are needed")
        with self._lock:
            left = self._left[info_hash]
            left[port] = _number(given.get("left", b""))
            if given.get("event") == b"stopped":
                del left[port]
            others = {peer: loads for peer, loads in left.items() if peer != port}
            return _peers(others, list(left.values()))

    def ports(self, info_hash: bytes) -> set[int]:
        """Who has announced itself and not left."""
        with self._lock:
            return set(self._left.get(info_hash, ()))


def _peers(others: dict[int, int], left: list[int]) -> bytes:
    packed = b"".join(LOOPBACK + port.to_bytes(2, "big") for port in others)
    whole = left.count(0)
    return b"d8:completei%de10:incompletei%de8:intervali%de12:min intervali%de5:peers%d:%be" % (
        *(whole, len(left) - whole),
        *(INTERVAL_S, INTERVAL_S),
        *(len(packed), packed),
    )


def _failure(reason: bytes) -> bytes:
    return b"d14:failure reason%d:%be" % (len(reason), reason)


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() else 0
