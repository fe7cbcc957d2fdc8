"""What is on its way at this moment: how far, how fast, until when, and what stalls.

The torrent client is asked at most once a second, however many look.
"""

import threading
import time
from collections.abc import Callable

from msgspec import Struct

from movie_sync.errors import MovieSyncError
from movie_sync.films.items import KIND
from movie_sync.films.patience import Patience
from movie_sync.films.sync import Parts, is_moving
from movie_sync.models import Item, State, Transfer

AT_MOST_EVERY_S = 1.0


class Move(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One film on its way. What the client did not tell is None."""

    id: str
    title: str
    step: str
    progress: float | None = None  # 0.0 to 1.0
    release: str | None = None
    size_bytes: int | None = None
    speed_bytes_s: int | None = None
    eta_s: int | None = None
    trouble: str | None = None
    stalled_s: float | None = None  # for how long it got nothing
    replaced_in_s: float | None = None  # until the next release is tried in its place


class Moving:
    """Looks at everything that is active."""

    def __init__(
        self, parts: Parts, patience: Patience, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._parts, self._patience, self._clock = parts, patience, clock
        self._lock = threading.Lock()
        self._asked_at = -AT_MOST_EVERY_S
        self._transfers: dict[str, Transfer] = {}

    def look(self) -> list[Move]:
        """Those that load first, the furthest on top. A client that does not answer leaves out
        speed and time left; what the queues know is there."""
        active = [item for item in self._parts.queue.iter(State.ACTIVE) if item.kind == KIND]
        transfers = self._ask([item.handle for item in active if item.handle])
        active.sort(key=lambda item: (not is_moving(item), -(item.progress or 0.0), item.title))
        return [self._move(item, transfers.get(item.handle or "")) for item in active]

    def _ask(self, handles: list[str]) -> dict[str, Transfer]:
        with self._lock:
            if not handles:
                return {}
            if self._clock() - self._asked_at >= AT_MOST_EVERY_S:
                try:
                    self._transfers = self._parts.client.transfers(handles)
                except MovieSyncError:
                    self._transfers = {}
                self._asked_at = self._clock()
            return self._transfers

    def _move(self, item: Item, transfer: Transfer | None) -> Move:
        release = item.data.get("release") or {}
        stall = self._patience.stalls.get((item.id, item.handle or ""))
        stalled_s = stall.for_s if stall and stall.since else None
        after, left_s = self._parts.stalled_after, None
        if stalled_s is not None and after:
            left_s = max(after.total_seconds() - stalled_s, 0.0)
        return Move(
            id=item.id,
            title=item.title,
            step=item.step or "active",
            progress=transfer.progress if transfer else item.progress,
            release=release.get("name"),
            size_bytes=(transfer and transfer.size_bytes) or release.get("size_bytes"),
            speed_bytes_s=transfer.speed_bytes_s if transfer else None,
            eta_s=transfer.eta_s if transfer else None,
            trouble=item.last_error or (transfer.message if transfer else None),
            stalled_s=stalled_s,
            replaced_in_s=left_s,
        )
