"""One show's way from the rules into the queue, and from the queue into Sonarr.

The one thing to know: each step is stored in the place that is looked at first. A show is in the
queue before it is QUEUED, what is sent is noted before it is sent, and it is ADDED before its item
is done; so that a crash between two steps repeats one of them, and adds nothing twice.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from movie_sync.errors import ConfigError, NotAuthorised, Refused
from movie_sync.giving import Given, Outcome, Series
from movie_sync.models import Item, Show, State
from movie_sync.queues import QueueManager
from movie_sync.shows import show_items
from movie_sync.shows.rows import StateRow
from movie_sync.shows.show_items import OUTCOME, RULE, SENT
from movie_sync.shows.sonarrs import Place, Sonarrs
from movie_sync.shows.statements import APPROVED
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import NO_TVDB_ID, ShowState

log = logging.getLogger(__name__)

BY = "shows"  # who takes items out of the queue here
FAILURES = {
    Outcome.CONFLICT: "conflict",
    Outcome.UNKNOWN: "tvdb_unknown",
    Outcome.REFUSED: "refused",
}


@dataclass(frozen=True)
class Passage:
    """One show at a time, at one moment."""

    store: ShowStore
    queue: QueueManager
    sonarrs: Sonarrs
    now: datetime

    def enqueue(self, show: Show, row: StateRow) -> bool:
        """Queue a show, if nothing that the queues know of it speaks against it; or if a person
        approved it since, which stands above that."""
        name = self.sonarrs.instance_of(row)
        assert name is not None
        item = show_items.of(show, row.rule, name, self.now, default=self.sonarrs.is_default(name))
        state, known = self.queue.get(item.id) or (None, None)
        if row.code == APPROVED and state in (State.COMPLETED, State.REMOVED, State.FAILED):
            self.queue.forget([item.id])
            state = known = None
        if state and known and show_items.is_refused_by_hand(state, known):
            skip(self.store, show.tvmaze_id, self.now)
            return False
        if state is State.COMPLETED:
            why = {
                "code": "removed",
                "sentence": f"it was in {_sonarr(name)} before, and is not now",
            }
            self.store.set_state(show.tvmaze_id, ShowState.GONE, now=self.now, instance=name, **why)
            return False
        self.queue.put_many([item])
        if state in (State.FAILED, State.REMOVED):  # it was tried before, and is another try now
            self.queue.note(item.id, **item.data, **{SENT: None, OUTCOME: None})
            self.queue.retry(item.id, afresh=True)
        self.store.set_state(show.tvmaze_id, ShowState.QUEUED, now=self.now, instance=name)
        return True

    def add(self, item: Item) -> None:
        """Give a claimed show to Sonarr; an error of Sonarr leaves it claimed."""
        tvmaze_id = show_items.tvmaze_id(item)
        known = self.store.get(tvmaze_id)
        if known is None:
            self.queue.fail(
                item.id, "the catalogue does not have it any more", None, permanent=True
            )
            return
        show, row = known
        if row.state in (ShowState.ADDED, ShowState.EXISTS):
            self.queue.complete(item.id)
            return
        if row.state not in (ShowState.QUEUED, ShowState.PENDING):
            self.queue.remove(item.id, by=BY)
            return
        place = self.sonarrs.place(show, row)
        if place is None:
            self._take_back(item, show)
            return
        sent = bool(item.data.get(SENT))
        if sent and (there := _found(place)):
            self._record(item, place, Given(Outcome.ADDED, there.id))
            return
        try:
            given = place.instance.breaker.call(partial(_send, self.queue, item, place, self.now))
        except (NotAuthorised, ConfigError):
            self.queue.note(item.id, **{SENT: None})  # it was not heard
            raise
        except Refused as error:
            given = Given(Outcome.REFUSED, None, error.message)
        if sent and given.outcome is Outcome.EXISTS:
            given = Given(Outcome.ADDED, given.id)  # it was us
        self._record(item, place, given)

    def _take_back(self, item: Item, show: Show) -> None:
        """Its selection, its Sonarr or its TVDB id is there no more."""
        if show.tvdb_id:
            self.store.set_state(show.tvmaze_id, ShowState.PENDING, now=self.now)
        else:
            why = {"code": NO_TVDB_ID, "sentence": "it has no TVDB id any more"}
            lacks, since = ShowState.PENDING_TVDB, self.now
            self.store.set_state(show.tvmaze_id, lacks, now=since, pending_since=since, **why)
        self.queue.remove(item.id, by=BY)

    def _record(self, item: Item, place: Place, given: Given) -> None:
        """What became of it: first in the catalogue, then in the queue."""
        tvmaze_id, rule = show_items.tvmaze_id(item), item.data.get(RULE, "")
        facts: dict[str, Any] = {"instance": place.name, "series_id": given.id}
        if code := FAILURES.get(given.outcome):
            why = f"{_sonarr(place.name)}: {given.sentence}"
            self.store.set_state(
                tvmaze_id, ShowState.FAILED, now=self.now, code=code, sentence=why, **facts
            )
            self.queue.fail(item.id, why, None, permanent=True)
            log.warning("%s: %s; it is not added", item.title, why)
            return
        added = given.outcome is Outcome.ADDED
        state = ShowState.ADDED if added else ShowState.EXISTS
        said = (
            f"added to {_sonarr(place.name)}" if added else f"was in {_sonarr(place.name)} already"
        )
        facts |= {"code": str(state), "sentence": f"{said}; taken by {rule}"}
        facts |= {"added_at": self.now} if added else {}
        self.store.set_state(tvmaze_id, state, now=self.now, **facts)
        done = {**item.data, OUTCOME: str(given.outcome), "series_id": given.id}
        kept = {key: each for key, each in done.items() if key != SENT}
        self.queue.complete(item.id, data=kept, completed_at=self.now)
        log.info("%s: %s, taken by %s", item.title, said, rule)


def skip(store: ShowStore, tvmaze_id: int, now: datetime) -> None:
    why = {"code": "by_hand", "sentence": "a person took it out of the queue"}
    store.set_state(tvmaze_id, ShowState.SKIPPED, now=now, **why)


def _sonarr(name: str) -> str:
    return f'Sonarr "{name}"'


def _found(place: Place) -> Series | None:
    find = partial(place.instance.service.find, place.wish.tvdb_id)
    return place.instance.breaker.call(find)


def _send(queue: QueueManager, item: Item, place: Place, now: datetime) -> Given:
    queue.note(item.id, **{SENT: now.isoformat(timespec="seconds")})
    return place.instance.service.add(place.wish)
