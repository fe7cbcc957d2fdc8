"""A cycle of the shows: judge by the rules of today, read what is new, and pass on what is wanted.

Each part does its work whether or not the others could: while TVmaze is down shows are still added,
and while Sonarr is down the catalogue is still read. When the catalogue is due is kept with it, so
a restart neither waits for a whole interval nor asks before its time.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from movie_sync.breaker import Breaker
from movie_sync.errors import ServiceError
from movie_sync.models import Show
from movie_sync.shows import state_file
from movie_sync.shows.catalogue import COMPLETE, Read, Source, Window, read_catalogue
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import Verdict

log = logging.getLogger(__name__)

RULES_HASH = "shows.rules_hash"
CYCLE_AT = "shows.cycle_at"  # when the last reading that came to its end began
EXPORT_EVERY = timedelta(seconds=5)
TURN_S = 30.0  # between two passes; each is a look at what is due


@dataclass(frozen=True)
class ShowParts:
    """What a cycle needs.

    Args:
        judge: what the rules of today say of one show.
        judge_all: judges every stored show again, and says how many rows it wrote.
        rules_hash: another one is other rules.
        queue_passing: puts shows that pass into the queue, and says how many.
        reconcile: compares with every Sonarr what it has and excludes.
        home: where `state.json` is.
    """

    store: ShowStore
    source: Source
    judge: Callable[[Show], Verdict]
    judge_all: Callable[[datetime], int]
    rules_hash: str
    queue_passing: Callable[[datetime], int]
    reconcile: Callable[[datetime], object]
    breaker: Breaker
    home: Path
    every: timedelta = timedelta(hours=6)
    abandon_after: timedelta = timedelta(days=365)
    window: Window = "week"
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


class Cycle(Struct, kw_only=True):
    """What a cycle has come to."""

    began_at: datetime
    ended_at: datetime | None = None
    judged_again: int | None = None  # rows written; None: the rules were those of last time
    read: Read | None = None  # None: it was not due, or failed
    abandoned: int = 0
    queued: int = 0

    @property
    def results(self) -> dict[str, int]:
        """How many shows came to what, by a word."""
        read = self.read or Read("changes")
        return {
            "read": read.stored,
            "new": read.new,
            "judged": read.judged + (self.judged_again or 0),
            "queued": self.queued,
            "abandoned": self.abandoned,
            "unlisted": read.unlisted,
        }

    @property
    def sentence(self) -> str:
        parts = []
        if self.judged_again is not None:
            parts.append(f"{self.judged_again} of the known shows judged otherwise")
        if self.read and self.read.kind == "changes" and not self.read.stored:
            parts.append("no show was changed")
        elif self.read:
            what = "the catalogue" if self.read.kind == "first" else "changes"
            new = f", {self.read.new} of them new" if self.read.kind == "changes" else ""
            shows = "1 show" if self.read.stored == 1 else f"{self.read.stored} shows"
            parts.append(f"{what} read: {shows}{new}")
        if self.queued:
            parts.append(f"{self.queued} queued")
        return "; ".join(parts) or "nothing new"


def run_cycle(
    parts: ShowParts,
    now: datetime,
    *,
    read: bool = True,
    judge: bool = False,
    at_once: bool = False,
    cycle: Cycle | None = None,
) -> Cycle:
    """One cycle, to its end.

    Args:
        read: whether the catalogue is read.
        judge: judge all shows again even where the rules are those of last time.
        at_once: a person wants it now, so an outage is not waited out.
        cycle: is filled in while it goes on.

    Raises:
        FilesError: the database cannot be written; what was stored before stays.
        Stopping: the same.
        ServiceError: the first that something outside raised; the other parts did their work.
    """
    cycle = cycle or Cycle(began_at=now)
    if judge or rules_changed(parts):
        cycle.judged_again = parts.judge_all(now)
        parts.store.set_meta({RULES_HASH: parts.rules_hash})
    problems: list[ServiceError] = []
    if read:
        with _noting(problems):
            _read(parts, cycle, at_once=at_once)
    cycle.abandoned = parts.store.abandon(now - parts.abandon_after, now)
    with _noting(problems):
        parts.reconcile(now)
    with _noting(problems):
        cycle.queued = parts.queue_passing(now)
    cycle.ended_at = parts.clock()
    whole = read and not problems
    state_file.write(parts.home, state_file.of_meta(parts.store.all_meta()), cycle_done=whole)
    if problems:
        raise problems[0]
    return cycle


def rules_changed(parts: ShowParts) -> bool:
    return parts.store.meta(RULES_HASH) != parts.rules_hash


def due_at(parts: ShowParts, now: datetime) -> datetime:
    """When the catalogue is to be read next; at once where it was never read whole."""
    last = parts.store.meta(CYCLE_AT)
    if last is None or parts.store.meta(COMPLETE) is None:
        return now
    began = datetime.fromisoformat(last)
    return now if began > now else began + parts.every  # the clock may have been set back


class ShowSync:
    """The pass of the worker for shows, and what a person may ask of it."""

    def __init__(self, parts: ShowParts) -> None:
        self.parts = parts
        self.cycle: Cycle | None = None  # the one in hand, or the last one
        self.problem: ServiceError | None = None  # of the last one
        self.totals = Counter[str]()  # of `Cycle.results`, of all cycles that came to an end
        self._wishes: set[str] = set()
        self._lock = threading.Lock()
        self._running = False
        state_file.read(parts.home)  # so that a damaged one is mended or told of

    @property
    def running(self) -> bool:
        """Whether a cycle is in hand at this moment."""
        return self._running

    def trigger(self) -> bool:
        """Wish for a cycle now; False where one is in hand. The worker has to be woken."""
        return self._wish("read")

    def refilter(self) -> bool:
        """Wish that all shows are judged again; False where a cycle is in hand, after which it
        happens. The worker has to be woken."""
        return self._wish("judge")

    def next_at(self, now: datetime) -> datetime:
        return due_at(self.parts, now)

    def run(self, now: datetime) -> float:
        """What is due or wished for. Returns the seconds until there may be more.

        Raises what `run_cycle` does; a wish is then fulfilled all the same.
        """
        with self._lock:
            wishes, self._wishes = self._wishes, set()
            read = "read" in wishes or due_at(self.parts, now) <= now
            judge = "judge" in wishes
            if not read and not judge and not rules_changed(self.parts):
                return TURN_S
            self._running = True
        try:
            self.cycle = Cycle(began_at=now)
            run_cycle(
                self.parts, now, read=read, judge=judge, at_once="read" in wishes, cycle=self.cycle
            )
        except ServiceError as error:
            self.problem = error
            raise
        finally:
            self._running = False
            self.totals.update(self.cycle.results if self.cycle else {})
        self.problem = None
        log.info("shows: %s", self.cycle.sentence)
        return 0.0 if due_at(self.parts, now) <= now else TURN_S

    def _wish(self, what: str) -> bool:
        with self._lock:
            if what == "judge" or not self._running:
                self._wishes.add(what)
            return not self._running


def _read(parts: ShowParts, cycle: Cycle, *, at_once: bool) -> None:
    told_at = cycle.began_at

    def tell(read: Read) -> None:
        nonlocal told_at
        cycle.read = read
        if parts.clock() - told_at >= EXPORT_EVERY:
            told_at = parts.clock()
            state_file.write(parts.home, state_file.of_meta(parts.store.all_meta()))

    def ask() -> Read:
        return read_catalogue(
            parts.source,
            parts.store,
            parts.judge,
            cycle.began_at,
            parts.stop,
            window=parts.window,
            tell=tell,
        )

    cycle.read = parts.breaker.call(ask, at_once=at_once)
    if cycle.read.kind == "changes":
        parts.store.set_meta({CYCLE_AT: cycle.began_at.isoformat()})


@contextmanager
def _noting(problems: list[ServiceError]) -> Iterator[None]:
    """What something outside fails in is told of in the end, and hinders no other part."""
    try:
        yield
    except ServiceError as error:
        problems.append(error)
