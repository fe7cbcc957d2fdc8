"""The errands worker's pass: tell a person and the media servers what has happened.

Each errand is an item of the queues, so an outage loses none and a restart doubles none. It is
queued under an id made of what it is about, which the queues know for a month after it is done.
Whom it was told already is noted with it, so that one target that is down has it told twice to no
other. Outages use up no attempt; only answers do. Films never wait for an errand.

Between the taking of a message and the note of that lies a moment in which a crash sends it once
more; it then bears the same id.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from movie_sync.breaker import LOGIN_RESTS_S, Breaker
from movie_sync.errors import (
    Blocked,
    ConfigError,
    NotAuthorised,
    ServiceError,
    Stopping,
    Unavailable,
)
from movie_sync.films.undo import CLEANED
from movie_sync.messages import ERRANDS, NOTICE, REFRESH, Change, Notice, is_errand
from movie_sync.models import Item, State
from movie_sync.needs import Lists, Need, Trouble, needs_you
from movie_sync.notices import Notices, what_happened
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries, after_block, soon

log = logging.getLogger(__name__)

EVERY_S = 10.0
KNOWN_FOR = timedelta(days=30)  # errands that are done
FORGET_EVERY = timedelta(hours=1)
BY = "movie-sync"  # who wants them
PAYLOAD, TOLD = "about", "told"  # in an item's data
SHAPES: dict[str, type[Notice] | type[Change]] = {NOTICE: Notice, REFRESH: Change}


class Target(NamedTuple):
    """Whom errands of one kind are told, and what is known of its state."""

    name: str
    kind: str
    tell: Callable[[Any], None]  # raises ServiceError or ConfigError
    breaker: Breaker


class Errands:
    """For one thread.

    Args:
        notices: decides what a person is told.
        trouble: what the program says of itself at this moment.
    """

    def __init__(
        self,
        home: Path,
        queue: QueueManager,
        memory: Lists,
        targets: Sequence[Target],
        *,
        notices: Notices,
        retries: Retries,
        trouble: Callable[[], Sequence[Trouble]],
    ) -> None:
        self._home, self._queue, self._memory = home, queue, memory
        self._targets, self._notices, self._retries = targets, notices, retries
        self._trouble = trouble
        self._forgot_at: datetime | None = None
        self._begun = False

    @property
    def targets(self) -> tuple[Target, ...]:
        """All who are told."""
        return tuple(self._targets)

    def run(self, now: datetime) -> float:
        """Queue what there is to tell, and tell one of it. Returns the seconds until there is
        more to do.

        Raises:
            FilesError, QueueError: the home folder cannot be written; nothing was told.
        """
        if not self._begun:  # other settings may have mended what they wait for
            for item in self._failed():
                self._queue.retry(item.id)
            self._begun = True
        self._find(now)
        for kind in ERRANDS:
            for item in self._queue.ready(now, kind):
                self._queue.retry(item.id)
            claimed = self._queue.take(kind)
            if claimed:
                self._do(claimed, now)
                return 0.0
        self._forget(now)
        return EVERY_S

    def _find(self, now: datetime) -> None:
        """Queue what is new, then move the mark."""
        notices, queue = self._notices, self._queue
        mark, changed = queue.changed_since(notices.mark or 0)
        begins = notices.mark is None
        if begins:  # what was before is no news
            changed = []
        items: list[Item] = []
        if self._of(NOTICE):
            needs = self._needs(now)
            found = [
                *notices.of_needs(needs, queue, now),
                *notices.of_films(changed, now),
                *notices.of_shows(changed, queue, now),
                *notices.of_day(queue, needs, now),
            ]
            items += [_notice_item(each, now) for each in found]
        if self._of(REFRESH):
            items += [item for s, i in changed if (item := _refresh_item(s, i, now))]
        queue.put_many(items)
        notices.move(mark, now, lasting=begins or bool(items))

    def _needs(self, now: datetime) -> list[Need]:
        """What needs a person, less that nobody is there who could tell it."""
        found = needs_you(self._home, self._queue, self._memory, self._trouble(), (), now)
        tellers = [target.name for target in self._of(NOTICE)]
        return [need for need in found if tellers != [need.service]]

    def _do(self, item: Item, now: datetime) -> None:
        try:
            about = msgspec.convert(item.data.get(PAYLOAD), SHAPES[item.kind])
        except msgspec.ValidationError as error:
            why = f"it is of no form that can be sent: {error}"
            self._queue.fail(item.id, why, None, permanent=True)
            return
        errors: list[ServiceError | ConfigError] = []
        told = list(item.data.get(TOLD, ()))
        for target in self._of(item.kind):
            if target.name in told:
                continue
            try:
                target.breaker.call(partial(target.tell, about))
            except (ServiceError, ConfigError) as error:
                errors.append(error)
            except Stopping:
                self._queue.release(item.id, item.last_error)
                raise
            else:
                told.append(target.name)
                self._queue.note(item.id, **{TOLD: told})
        if errors:
            self._put_off(item, errors, now)
        elif self._queue.complete(item.id):
            log.info("%s: told %s", item.title, " and ".join(told) or "nobody")

    def _put_off(
        self, item: Item, errors: Sequence[ServiceError | ConfigError], now: datetime
    ) -> None:
        why = "; ".join(map(str, errors))
        waits = [wait for error in errors if (wait := _wait(error, item)) is not None]
        wait = min(waits, default=self._retries.after_failure(item.attempts))
        failed = self._queue.fail(item.id, why, now + wait, counted=not waits)
        if failed and (failed.permanent or item.last_error != why):
            again = "given up" if failed.permanent else f"told {soon(now + wait, now)}"
            log.warning("%s: %s; %s", item.title, why, again)

    def _of(self, kind: str) -> list[Target]:
        return [target for target in self._targets if target.kind == kind]

    def _failed(self) -> list[Item]:
        failed = self._queue.iter(State.FAILED)
        return [item for item in failed if is_errand(item) and not item.permanent]

    def _forget(self, now: datetime) -> None:
        """Know nothing of what was done long ago, unless what it told is still so."""
        if self._forgot_at and timedelta(0) <= now - self._forgot_at < FORGET_EVERY:
            return
        self._forgot_at = now
        ended = (State.COMPLETED, State.REMOVED, State.FAILED)
        old = [item for state in ended for item in self._queue.iter(state) if _is_old(item, now)]
        kept = self._notices.ids
        self._queue.forget(item.id for item in old if item.id not in kept)


def waiting(items: Iterable[Item]) -> str:
    """How many errands wait, for a person: "2 notices wait"; empty where none does."""
    kinds = [item.kind for item in items if is_errand(item) and not item.permanent]
    named = ((NOTICE, "notice"), (REFRESH, "library refresh"))
    return ", ".join(
        f"{count} {name}{_plural(name, count)}"
        for kind, name in named
        if (count := kinds.count(kind))
    )


def _plural(name: str, count: int) -> str:
    ending = "es" if name.endswith("sh") else "s"
    return " waits" if count == 1 else f"{ending} wait"


def _notice_item(notice: Notice, now: datetime) -> Item:
    title = f"{NOTICE}: {notice.title}"
    return _item(notice.id, NOTICE, title, notice, now)


def _refresh_item(state: State, item: Item, now: datetime) -> Item | None:
    """What media servers are to be told of a film that came or went; None for nothing."""
    happened = what_happened(state, item, now)
    if not happened or happened[0] == "downloading":
        return None
    event, _, _, which = happened
    removed = event == "removed"
    path = (item.data.get(CLEANED) or {}).get("path") if removed else item.data.get("path")
    if not path:
        return None
    what = {"arrived": "created", "upgraded": "modified", "removed": "deleted"}[event]
    change = msgspec.convert({"folder": str(Path(path).parent), "what": what}, Change)
    id_ = f"{REFRESH}:{event}:{item.id}:{which}"
    return _item(id_, REFRESH, f"{REFRESH}: {item.title}", change, now)


def _item(id_: str, kind: str, title: str, about: Notice | Change, now: datetime) -> Item:
    data = {PAYLOAD: msgspec.to_builtins(about)}
    return Item(id=id_, kind=kind, title=title, wanted_by=(BY,), added_at=now, data=data)


def _wait(error: ServiceError | ConfigError, item: Item) -> timedelta | None:
    """How long to wait for the end of an outage; None where it was an answer."""
    match error:
        case Unavailable():
            return timedelta(seconds=max(error.retry_after_s or 60.0, 1.0))
        case Blocked():
            return after_block(item.searches)
        case NotAuthorised() | ConfigError():
            return timedelta(seconds=LOGIN_RESTS_S[0])
    return None


def _is_old(item: Item, now: datetime) -> bool:
    waits = item.retry_at is not None
    ended_at = item.completed_at or item.removed_at or item.added_at
    return is_errand(item) and not waits and now - ended_at > KNOWN_FOR
