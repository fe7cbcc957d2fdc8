"""Shows that pass a person's rules become items of the queues, and are added to Sonarr.

    queue_candidates   PENDING -> QUEUED, a few at a time; in a dry run it only says which
    add_next           QUEUED  -> ADDED, EXISTS or FAILED, one at a time
    reconcile          what Sonarr has and has not (`reconciling.py`), before both of them

An outage is nobody's fault: the show stays QUEUED and its item goes back untouched. What is asked
of Sonarr is noted first, so that after a crash or an answer that never came Sonarr is asked
whether it has the show before it is given it once more.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    MovieSyncError,
    NotAuthorised,
    Unavailable,
)
from movie_sync.models import Item, Show, State
from movie_sync.queues import QueueManager
from movie_sync.shows import show_items
from movie_sync.shows.finding import below
from movie_sync.shows.passage import Passage, skip
from movie_sync.shows.proposal import Proposal
from movie_sync.shows.reconciling import Reconciled, reconcile
from movie_sync.shows.rows import StateRow
from movie_sync.shows.show_items import INSTANCE, KIND, RULE
from movie_sync.shows.sonarrs import Sonarrs
from movie_sync.shows.statements import APPROVED
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState

__all__ = [
    "Proposal",
    "Reconciled",
    "Sonarrs",
    "add_next",
    "passing",
    "queue_candidates",
    "reconcile",
]

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
PAGE = 500  # shows in memory at a time
TROUBLES = (Unavailable, Blocked, NotAuthorised, BadAnswer, ConfigError)  # of Sonarr, not a show


def queue_candidates(
    store: ShowStore, queue: QueueManager, sonarrs: Sonarrs, now: datetime
) -> Proposal:
    """Queue shows that pass, those that a person approved first, then the newest.

    Only for Sonarrs that `reconcile` has reached, so that what is there already is known.
    """
    heed_queue(store, queue, now)
    at = Passage(store, queue, sonarrs, now)
    proposal = Proposal(dry_run=sonarrs.dry_run)
    room = None if sonarrs.dry_run else _room(queue, sonarrs, now)
    chosen: list[tuple[Show, StateRow]] = []
    for show, row in passing(store):
        instance = sonarrs.instance_of(row)
        proposal.count(show, row.rule, instance)
        if room is not None and instance in sonarrs.seen:
            chosen.append((show, row))
            chosen.sort(key=lambda each: each[1].code != APPROVED)  # keeps the order else
            del chosen[room:]
    for show, row in chosen:
        proposal.queued += at.enqueue(show, row)
    return proposal


def add_next(store: ShowStore, queue: QueueManager, sonarrs: Sonarrs, now: datetime) -> bool:
    """Add one show. False when there is nothing to do, as in a dry run.

    A Sonarr that fails does not hold up the shows of another one.

    Raises:
        Unavailable, Blocked, NotAuthorised, BadAnswer, ConfigError: nothing can be added; every
            show stays queued.
        QueueError, FilesError: nothing was noted.
    """
    if sonarrs.dry_run:
        return False
    for item in queue.ready(now, KIND):
        queue.retry(item.id)
    at, resting = Passage(store, queue, sonarrs, now), set[tuple[str, str]]()
    first: MovieSyncError | None = None
    while claimed := queue.take(KIND, partial(_may_go, resting) if resting else None):
        try:
            at.add(claimed)
        except TROUBLES as error:
            _put_back(queue, claimed, str(error))
            first = first or error
            resting.add(_resting(claimed, error))
        except MovieSyncError as error:
            queue.release(claimed.id, str(error))
            raise
        else:
            return True
        finally:
            _end_claim(queue, claimed, now)
    if first:
        raise first
    return False


def heed_queue(store: ShowStore, queue: QueueManager, now: datetime) -> None:
    """What a person did to queued shows among the queues' items holds here too."""
    for tvmaze_id, row in store.states(ShowState.QUEUED).items():
        found = show_items.find(queue, tvmaze_id, row.instance)
        if found is None:
            store.set_state(tvmaze_id, ShowState.PENDING, now=now)
            continue
        state, item = found
        if show_items.is_refused_by_hand(state, item):
            skip(store, tvmaze_id, now)
        elif state is State.REMOVED:
            store.set_state(tvmaze_id, ShowState.PENDING, now=now)
        elif state is State.FAILED and item.permanent:
            why = {"code": "refused", "sentence": item.last_error or "it was given up"}
            store.set_state(tvmaze_id, ShowState.FAILED, now=now, **why)
        elif state is State.COMPLETED:
            facts = {"series_id": item.data.get("series_id"), "added_at": item.completed_at}
            store.set_state(tvmaze_id, ShowState.ADDED, now=now, **facts)


def passing(store: ShowStore) -> Iterator[tuple[Show, StateRow]]:
    """Every show that is pending, the newest first, each once, whatever changes meanwhile."""
    last: int | None = None
    while some := below(store, ShowState.PENDING, last, PAGE):
        yield from some
        last = some[-1][0].tvmaze_id


def _room(queue: QueueManager, sonarrs: Sonarrs, now: datetime) -> int:
    """How many more may be queued: what still waits counts as if it were added."""
    waiting = len(show_items.waiting(queue))
    done = [item for item in queue.iter(State.COMPLETED) if show_items.was_added(item)]
    today = sum(1 for item in done if item.completed_at and now - item.completed_at < DAY)
    shows = sonarrs.shows
    left = [
        most - taken
        for most, taken in (
            (shows.max_adds_per_cycle, waiting),
            (shows.max_adds_per_day, waiting + today),
        )
        if most
    ]
    return max(min(left, default=1 << 30), 0)


def _may_go(resting: set[tuple[str, str]], item: Item) -> bool:
    instance, rule = item.data.get(INSTANCE, ""), item.data.get(RULE, "")
    return not {(instance, ""), (instance, rule)} & resting


def _resting(item: Item, error: MovieSyncError) -> tuple[str, str]:
    """What rests until the next pass: of a wrong setting the selection alone, for another one may
    name a folder that is there."""
    rule = item.data.get(RULE, "") if isinstance(error, ConfigError) else ""
    return item.data.get(INSTANCE, ""), rule


def _put_back(queue: QueueManager, item: Item, why: str) -> None:
    queue.update(item.id, pos=0)  # to the end: it may fail for this show alone
    queue.release(item.id, why)


def _end_claim(queue: QueueManager, item: Item, now: datetime) -> None:
    """A fault in the program must not leave it claimed for ever."""
    state, _ = queue.get(item.id) or (None, None)
    if state is State.ACTIVE:
        why = "a fault in the program ended its adding; the log has it"
        queue.fail(item.id, why, now + timedelta(hours=1))
