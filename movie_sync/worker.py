"""A thread that repeats one pass. The only place that catches every exception."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from movie_sync.errors import Blocked, MovieSyncError, NotAuthorised, Unavailable
from movie_sync.retries import after_block

log = logging.getLogger(__name__)

LOGIN_PAUSE_S = 6 * 3600.0  # trackers ban an address that keeps knocking with a wrong password
OUTAGE_FIRST_S, OUTAGE_TURNS = 15.0, 4  # then twice as long each time, up to four turns


@dataclass
class Passes:
    """How many there were since the start, and how long they took."""

    count: int = 0
    failed: int = 0
    total_s: float = 0.0
    full: int = 0  # that asked for the next one at once: they had something to do
    full_s: float = 0.0


class Worker(threading.Thread):
    """Calls `run_pass(now)` every `every_s` seconds until stopped, and sooner when woken.

    A pass that returns a number of seconds is called again after those. One that fails is logged,
    and tried again at its turn. The same failure in a row is logged once, and so is its end: a
    service that is down all night costs two lines. Where a service asked for a pause, or would
    take another knock ill, nothing wakes the worker before its turn.
    """

    def __init__(
        self, name: str, every_s: float, run_pass: Callable[[datetime], float | None]
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.every_s = every_s
        self.failure: str | None = None
        self.failed_since: datetime | None = None
        self.cause: str | None = None  # the name of the error, which says what to do
        self.beat_at = time.monotonic()  # when the last pass ended; a watchdog looks at it
        self.passed_at: datetime | None = None  # when the last pass began
        self.passes = Passes()
        self._blocked = self._outages = 0  # times in a row
        self._asleep = False  # and not to be woken
        self._run_pass = run_pass
        self.woken = threading.Event()
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            self.woken.clear()
            wait_s = self.run_once(datetime.now(UTC))
            self.beat_at = time.monotonic() + wait_s
            if not self._stopping.is_set():
                (self._stopping if self._asleep else self.woken).wait(wait_s)

    def run_once(self, now: datetime) -> float:
        """One guarded pass in the calling thread; returns the seconds to wait before the next."""
        self._asleep, self.passed_at = False, now
        began_s = time.monotonic()
        wait_s = self._guarded(now)
        took_s, passes = time.monotonic() - began_s, self.passes
        passes.count += 1
        passes.total_s += took_s
        passes.failed += self.failure is not None
        if wait_s == 0:
            passes.full += 1
            passes.full_s += took_s
        return wait_s

    def _guarded(self, now: datetime) -> float:
        try:
            wait_s = self._run_pass(now)
        except MovieSyncError as error:
            return self._after(error, now)
        except Exception as error:
            if self.failure != repr(error):
                log.exception("%s: a fault in the program; next try in %.0f s", self.name,
                              self.every_s)  # fmt: skip
            self._note(repr(error), now, "fault")
            self._blocked = self._outages = 0
            return self.every_s
        if self.failure:
            log.info("%s: works again", self.name)
        self.failure, self.failed_since, self.cause = None, None, None
        self._blocked = self._outages = 0
        return self.every_s if wait_s is None else wait_s

    def wake(self) -> None:
        """Run the next pass now instead of at its turn."""
        self.woken.set()

    def stop(self) -> None:
        """Ask the thread to end after the pass in hand; `join` waits for it."""
        self._stopping.set()
        self.woken.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def _after(self, error: MovieSyncError, now: datetime) -> float:
        wait_s = self._wait_after(error)
        if self.failure != str(error) and not self._stopping.is_set():
            log.warning("%s: %s; next try in %.0f s", self.name, error, wait_s)
        self._note(str(error), now, type(error).__name__)
        return wait_s

    def _note(self, failure: str, now: datetime, cause: str) -> None:
        self.failure, self.failed_since = failure, self.failed_since or now
        self.cause = cause

    def _wait_after(self, error: MovieSyncError) -> float:
        blocked, outages = self._blocked, self._outages
        self._blocked = self._outages = 0
        match error:
            case NotAuthorised():
                self._asleep = True
                return max(self.every_s, LOGIN_PAUSE_S)
            case Blocked():
                self._asleep, self._blocked = True, blocked + 1
                return after_block(blocked).total_seconds()
            case Unavailable() if error.retry_after_s is not None:
                self._asleep = True
                return max(self.every_s, error.retry_after_s)
            case Unavailable():
                self._outages = outages + 1
                longest_s = self.every_s * OUTAGE_TURNS
                return min(OUTAGE_FIRST_S * float(2 ** min(outages, 10)), longest_s)
        return self.every_s
