"""What the worker of the history repeats, each thing at its own time.

    Pass     one of them: when it is due, and what it does
    Passes   whose turn it is; one that fails rests, and holds up no other

The one thing to know: a person's wish makes a pass due at once, and ends its rest.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from movie_sync.errors import Blocked, MovieSyncError, NotAuthorised, Stopping, Unavailable
from movie_sync.retries import after_block

log = logging.getLogger(__name__)

IDLE_S = 300.0  # the longest between two looks at the clock
GAP = timedelta(seconds=10)  # between two turns of one pass, however much it has to do
OUTAGE = timedelta(minutes=1)  # after a first failure; then twice as long each time
LONGEST = timedelta(hours=1)
LOGIN = timedelta(hours=6)  # a person has to do something, and a login wakes us


class Ran(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a pass came to."""

    sentence: str = "nothing new"
    sync_id: int | None = None  # in the log
    problem: str | None = None  # why it is not whole; what was read before is kept


NOTHING = Ran()
Run = Callable[[datetime], Ran]


class Pass(Struct, frozen=True, kw_only=True):
    """One thing that is repeated.

    Attributes:
        due_at: when it is to be run next; None where there is nothing to do until something else
            happens.
        run: does it. Raises MovieSyncError.
        forced: the same, and nothing is taken for unchanged.
    """

    name: str
    due_at: Callable[[datetime], datetime | None]
    run: Run
    forced: Run | None = None
    wishable: bool = True  # a person's "sync" runs it


class Done(Struct, frozen=True, kw_only=True):
    """What became of one pass that a person wished for."""

    name: str
    ran: Ran


class _Rest(Struct):
    until: datetime
    times: int  # in a row


class Passes:
    """For one thread that runs them, and any number that wish and look.

    Args:
        after: is called when a pass has done something.
    """

    def __init__(
        self, passes: Sequence[Pass], *, after: Callable[[], object] = lambda: None
    ) -> None:
        self._passes, self._after = passes, after
        self._rests: dict[str, _Rest] = {}
        self._ran_at: dict[str, datetime] = {}
        self._problems: dict[str, str] = {}
        self._wished: dict[str, bool] = {}  # name: whether nothing is to be taken for unchanged
        self._lock = threading.Lock()

    @property
    def names(self) -> list[str]:
        """Those that a person may wish for."""
        return [one.name for one in self._passes if one.wishable]

    @property
    def problems(self) -> dict[str, str]:
        """Why each failed that did so last."""
        with self._lock:
            return dict(self._problems)

    def wish(self, names: Iterable[str], *, force: bool = False) -> None:
        """Have them run at the next turn."""
        with self._lock:
            for name in names:
                self._wished[name] = force
                self._rests.pop(name, None)

    def turn(self, now: datetime) -> float:
        """Run what is due, each once. Returns the seconds until there may be more to do.

        Raises:
            Stopping: the program ends; what was stored is stored.
        """
        for one in self._passes:
            if self._is_due(one, now):
                self._run(one, now)
        times = [at for one in self._passes if (at := self._next_at(one, now)) is not None]
        wait_s = min(((at - now).total_seconds() for at in times), default=IDLE_S)
        return min(max(wait_s, 1.0), IDLE_S)

    def run_all(self, names: Iterable[str], now: datetime, *, force: bool = False) -> list[Done]:
        """Run these now, in their order, and say what became of each."""
        asked = set(names)
        self.wish(asked, force=force)
        return [self._run(one, now) for one in self._passes if one.name in asked]

    def _is_due(self, one: Pass, now: datetime) -> bool:
        at = self._next_at(one, now)
        return at is not None and at <= now

    def _next_at(self, one: Pass, now: datetime) -> datetime | None:
        with self._lock:
            if one.name in self._wished:
                return now
            rest, ran_at = self._rests.get(one.name), self._ran_at.get(one.name)
        due_at = one.due_at(now)
        if due_at is None:
            return None
        # The clock may have been set back since: no pass waits for longer than it would now.
        rested = min(rest.until, now + LOGIN) if rest else due_at
        paced = min(ran_at + GAP, now + GAP) if ran_at else due_at
        return max(due_at, rested, paced)

    def _run(self, one: Pass, now: datetime) -> Done:
        with self._lock:
            force = self._wished.pop(one.name, False)
            self._ran_at[one.name] = now
        run = one.forced if force and one.forced else one.run
        try:
            ran = run(now)
        except Stopping:
            raise
        except MovieSyncError as error:
            self._failed(one.name, str(error), now, error)
            return Done(name=one.name, ran=Ran(sentence=str(error), problem=str(error)))
        if ran != NOTHING:
            self._after()
        if ran.problem:
            self._failed(one.name, ran.problem, now)
        else:
            self._worked(one.name)
        return Done(name=one.name, ran=ran)

    def _worked(self, name: str) -> None:
        with self._lock:
            self._rests.pop(name, None)
            if self._problems.pop(name, None):
                log.info("history: %s works again", name)

    def _failed(
        self, name: str, why: str, now: datetime, error: MovieSyncError | None = None
    ) -> None:
        with self._lock:
            before = self._rests.get(name)
            times = before.times + 1 if before else 1
            self._rests[name] = _Rest(now + rest_after(error, times), times)
            news = self._problems.get(name) != why
            self._problems[name] = why
        if news:
            log.warning("history: %s: %s", name, why)


def rest_after(error: MovieSyncError | None, times: int) -> timedelta:
    """How long a pass is left alone that failed so often in a row."""
    if isinstance(error, NotAuthorised):
        return LOGIN
    if isinstance(error, Blocked):
        return after_block(times - 1)
    asked_s = error.retry_after_s if isinstance(error, Unavailable) else None
    grown: timedelta = OUTAGE * (1 << min(times - 1, 10))
    return max(timedelta(seconds=asked_s or 0.0), min(grown, LONGEST))
