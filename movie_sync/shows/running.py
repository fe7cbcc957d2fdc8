"""The shows of a running program: what two workers repeat, and what a person may wish.

    shows    the cycles of `sync.py`: judge, read the catalogue, compare with Sonarr, queue
    adding   one show after another from the queue into Sonarr

What a door asks for here is safe from any thread: it is stored at once, or noted for the worker,
which is then woken.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from movie_sync.breaker import Breaker
from movie_sync.errors import ConfigError, MovieSyncError, ServiceError, Unavailable
from movie_sync.queues import QueueManager
from movie_sync.shows import judging, reviewing, selection
from movie_sync.shows.adding import Proposal, Reconciled, add_next, queue_candidates, reconcile
from movie_sync.shows.catalogue import Source
from movie_sync.shows.judging import Preview
from movie_sync.shows.rows import StateRow
from movie_sync.shows.rules import Rules
from movie_sync.shows.show_items import KIND
from movie_sync.shows.sonarrs import Sonarrs
from movie_sync.shows.store import ShowStore
from movie_sync.shows.sync import TURN_S, ShowParts, ShowSync
from movie_sync.shows_settings import Shows as Settings

IDLE_S = 60.0  # between two looks at the queue; a new item wakes the worker
CHECK_AGAIN = timedelta(minutes=10)  # the settings of each Sonarr, where they were wrong


class Catalogue(NamedTuple):
    """Where shows come from, and whether it is left alone for now."""

    source: Source
    breaker: Breaker


class Shows:
    """All that belongs to shows, for one run of the program.

    Args:
        closing: is called by `close`, in this order.
    """

    def __init__(
        self,
        settings: Settings,
        store: ShowStore,
        rules: Rules,
        sonarrs: Sonarrs,
        *,
        queue: QueueManager,
        catalogue: Catalogue,
        home: Path,
        stop: threading.Event,
        closing: tuple[Callable[[], object], ...] = (),
    ) -> None:
        self.settings, self.store, self.rules = settings, store, rules
        self.sonarrs, self.queue, self.source = sonarrs, queue, catalogue.source
        self.proposal: Proposal | None = None  # of the last look at what passes
        self.reconciled: Reconciled | None = None  # of the last look at each Sonarr
        self.wake: Callable[[], object] = lambda: None  # the worker of the cycles
        self._closing = closing
        # What passes is to be queued though no cycle is due: at the start, for the run before may
        # have left some; after an outage of a Sonarr; and when a person lets a show pass.
        self._behind = True
        self._hurried = False
        self._rest: tuple[datetime, Unavailable] | None = None
        self._checked_at: datetime | None = None
        self._unfit: MovieSyncError | None = None
        parts = ShowParts(
            store=store,
            source=catalogue.source,
            judge=partial(selection.judge, rules=rules),
            judge_all=lambda now: judging.judge_all(store, rules, now).written,
            rules_hash=rules.hash,
            queue_passing=self._queue_passing,
            reconcile=self._reconcile,
            breaker=catalogue.breaker,
            home=home,
            every=timedelta(seconds=settings.poll_interval_s),
            abandon_after=timedelta(seconds=settings.abandon_after_s),
            window=settings.update_window,
            stop=stop,
        )
        self.sync = ShowSync(parts)

    # The passes

    def cycle_pass(self, now: datetime) -> float:
        """What is due of the cycles. Returns the seconds until there may be more.

        Raises:
            ServiceError: something outside failed; all else was done. It is not asked again before
                its time, unless a person wishes it.
            FilesError: the database cannot be written.
        """
        hurried, self._hurried = self._hurried, False
        if self._rest and not hurried:
            until, error = self._rest
            if now < until:
                raise error
        self._rest = None
        try:
            wait_s = self.sync.run(now)
            if self._behind and not self.sync.parts.stop.is_set():
                self._reconcile(now)
                self._queue_passing(now)
        except Unavailable as error:
            self._rest = (now + timedelta(seconds=error.retry_after_s or TURN_S), error)
            error.retry_after_s = None  # else the worker would sleep through a person's wish
            raise
        return wait_s

    def add_pass(self, now: datetime) -> float:
        """Add one show. Returns the seconds until there may be more to do.

        Raises:
            MovieSyncError: a Sonarr cannot be reached, or is not as the settings say; what is
                meant for another one was added, if there was any.
        """
        self._check(now)
        if add_next(self.store, self.queue, self.sonarrs, now):
            return 0.0
        if self._unfit:
            raise self._unfit
        retry_at = self.queue.next_retry_at(KIND)
        wait_s = (retry_at - now).total_seconds() if retry_at else IDLE_S
        return min(max(wait_s, 0.1), IDLE_S)

    def run_once(self) -> int:
        """Everything that is due or wished for, to its end; returns how many shows were added.

        Raises:
            MovieSyncError: as the passes do; what could be done was done.
        """
        stop, added = self.sync.parts.stop, 0
        failure: MovieSyncError | None = None
        try:
            while not stop.is_set() and self.cycle_pass(datetime.now(UTC)) == 0.0:
                pass
        except ServiceError as error:
            failure = error
        while not stop.is_set() and self.add_pass(datetime.now(UTC)) == 0.0:
            added += 1
        if failure:
            raise failure
        return added

    def close(self) -> None:
        """Let go of the database and of every connection. What is asked later raises."""
        for close in self._closing:
            close()

    # A person's wishes

    def trigger(self) -> bool:
        """Have the catalogue read now; False where a cycle is in hand."""
        return self._hurry(self.sync.trigger())

    def refilter(self) -> bool:
        """Have every show judged again; False where a cycle is in hand, after which it happens."""
        return self._hurry(self.sync.refilter())

    def approve(self, tvmaze_id: int) -> StateRow:
        """As `reviewing.approve`; it is queued with the next pass, as far as there is room."""
        row = reviewing.approve(self.store, tvmaze_id, datetime.now(UTC))
        self._behind = True
        self._hurry()
        return row

    def reject(self, tvmaze_id: int) -> StateRow:
        """As `reviewing.reject`."""
        return reviewing.reject(self.store, self.queue, tvmaze_id, datetime.now(UTC))

    def exclude(self, tvmaze_id: int) -> StateRow:
        """As `reviewing.exclude`."""
        now = datetime.now(UTC)
        return reviewing.exclude(self.store, self.queue, self.sonarrs, tvmaze_id, now)

    def preview(self, settings: Settings | None = None) -> Preview:
        """What these rules would do with every show, or those in force; writes nothing."""
        rules = selection.rules(settings) if settings else self.rules
        return judging.preview(self.store, rules)

    # What a person should know

    def troubles(self) -> list[str]:
        """What waits for a person and ends no pass, as sentences."""
        said = [f"shows: {problem}" for problem in self.rules.problems]
        found = self.reconciled
        if found:
            said += [f'Sonarr "{name}" {why}' for name, why in found.held.items()]
            wrong = (error for error in found.out.values() if isinstance(error, ConfigError))
            said += [str(error) for error in wrong if str(error) != str(self._unfit)]
        return said

    # Within

    def _hurry(self, answer: bool = True) -> bool:
        self._hurried = True
        self.wake()
        return answer

    def _reconcile(self, now: datetime) -> Reconciled:
        """Raises the first ServiceError; a setting that is wrong is told of by `troubles`."""
        found = self.reconciled = reconcile(self.store, self.sonarrs, now)
        outages = [error for error in found.out.values() if isinstance(error, ServiceError)]
        self._behind = bool(outages)
        for error in outages:
            raise error
        return found

    def _queue_passing(self, now: datetime) -> int:
        found = queue_candidates(self.store, self.queue, self.sonarrs, now)
        self.proposal = found
        return found.queued

    def _check(self, now: datetime) -> None:
        """See that each Sonarr has what the selections name: before the first show, in a dry run
        too, and again until it has."""
        if self._checked_at and (not self._unfit or now - self._checked_at < CHECK_AGAIN):
            return
        self._checked_at, self._unfit = now, None
        try:
            self.sonarrs.require()
        except (ConfigError, ServiceError) as error:
            self._unfit = error
