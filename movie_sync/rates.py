"""So many requests in so many seconds, over all threads, by a clock that never goes back.

What counts is when a request is let go, and it is written down at that moment and not before:
whoever slept longer than planned starts no burst. A pause that a service asks for holds for all.
"""

import time
from collections import deque
from collections.abc import Callable

from movie_sync.http import Pacer

MARGIN_S = 0.001  # a window has both its ends: two starts just `per_s` apart are in one


class Rate(Pacer):
    """At most `limit` starts in any `per_s` seconds, both ends counted, whatever the host.

    Args:
        sleep: may raise, when the program ends; nothing is counted then.
    """

    def __init__(
        self,
        limit: int,
        per_s: float,
        *,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(sleep, monotonic)
        self._limit, self._per_s = limit, per_s
        self._starts: deque[float] = deque(maxlen=limit)
        self._paused_until: float | None = None

    def wait(self, host: str, gap_s: float, after_s: float = 0.0) -> None:
        """Until a request may start, at least `after_s`. The lock is never held asleep."""
        if after_s > 0:
            self._sleep(after_s)
        while (left_s := self._claim(gap_s)) > 0:
            self._sleep(left_s)

    def pause(self, wait_s: float) -> None:
        """Let nothing start for so long. A longer pause stays as it is."""
        with self._lock:
            until = self._monotonic() + wait_s
            self._paused_until = max(until, self._paused_until or until)

    def paused_s(self) -> float:
        """How long the pause still is."""
        with self._lock:
            return self._pause_left(self._monotonic())

    def _claim(self, gap_s: float) -> float:
        """Seconds to wait; none where the request starts now, and is counted."""
        with self._lock:
            now = self._monotonic()
            wait_s = self._pause_left(now)
            if self._starts:
                wait_s = max(wait_s, self._starts[-1] + gap_s - now)
            if len(self._starts) == self._limit and self._starts[0] + self._per_s >= now:
                wait_s = max(wait_s, self._starts[0] + self._per_s - now + MARGIN_S)
            if wait_s <= 0:
                self._starts.append(now)
            return wait_s

    def _pause_left(self, now: float) -> float:
        return max((self._paused_until or now) - now, 0.0)
