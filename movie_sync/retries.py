"""When to try again. Pure: chance is an argument.

Two ladders. A film that failed waits `retry_interval * backoff_multiplier ** failures`, and is
given up after `max_retries` failures. A film that nobody offers yet waits longer each time, and
is never given up: films are released months after they are wanted.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=24)
BLOCKED_FIRST = timedelta(minutes=15)
JITTER = 0.2  # waits are up to this much longer, so that films that failed together come back apart
NOT_FOUND_LADDER = (6, 12, 24, 48, 72, 168)  # hours


@dataclass(frozen=True, slots=True)
class Retries:
    """The waits of one configuration."""

    interval_s: float = 3600
    multiplier: float = 2.0
    max_retries: int = 5
    chance: Callable[[], float] = random.random

    def after_failure(self, failures: int, least_s: float = 0) -> timedelta:
        """How long to wait after that many earlier failures: 1 h, 2 h, 4 h ... at most a day."""
        seconds = min(self.interval_s * self.multiplier ** min(failures, 50), 1e9)
        return self._spread(max(timedelta(seconds=seconds), timedelta(seconds=least_s)))

    def after_nothing_found(self, searches: int) -> timedelta:
        """How long to wait after that many searches in a row without a fitting release."""
        hours = NOT_FOUND_LADDER[min(searches, len(NOT_FOUND_LADDER) - 1)]
        scale = self.interval_s / 3600  # a person who wants faster retries wants these faster too
        return timedelta(hours=hours * min(scale, 1)) * (1 + JITTER * self.chance())

    def _spread(self, wait: timedelta) -> timedelta:
        return min(wait * (1 + JITTER * self.chance()), LONGEST_WAIT)


def after_block(blocks: int) -> timedelta:
    """How long somebody who blocks us is left alone, after that many blocks in a row before this
    one: 15 min, 30 min, 1 h ... at most a day."""
    return min(BLOCKED_FIRST * (1 << min(blocks, 10)), LONGEST_WAIT)


def soon(at: datetime, now: datetime) -> str:
    """When that is, for a person: "in 40 s", "in 25 min", "in 6 h"."""
    return f"in {span(max((at - now).total_seconds(), 0))}"


def span(seconds: float) -> str:
    """How long that is, for a person: "40 s", "25 min", "6 h", "7 d"."""
    units = ((48 * 3600, 86400, "d"), (7200, 3600, "h"), (120, 60, "min"))
    for least, size, unit in units:
        if seconds >= least:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
