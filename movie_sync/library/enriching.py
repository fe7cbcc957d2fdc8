"""What is left to be told of files and titles, as items of the queues.

    feed      database -> queue    what lacks something becomes items, a few hundred at a time
    do_next   queue -> database    one item: asked outside, stored, forgotten

The database knows what is lacking, the queues what is in hand: so each of these has the retries,
the files and the "why" that all other work has, and a library of 100,000 files needs no queue of
that length. What is stored and not yet forgotten when the power goes is not lacking any more, and
is not queued again.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from msgspec.structs import replace

from movie_sync import log_about
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    FilesError,
    NotAuthorised,
    Refused,
    ServiceError,
    Stopping,
    Unavailable,
)
from movie_sync.models import Item, State
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries, after_block

log = logging.getLogger(__name__)

KIND = "asset"
BY = "library"  # who wants them
ENRICHER, ABOUT = "enricher", "about"  # in an item's data: its name, and the number in its table
WINDOW = 200  # queued at once
ASKED_FOR = 10  # the priority of what a person wants now
MOST_FAILED = 1000  # more of them are one trouble, and not a thousand
LOGIN_RESTS = timedelta(hours=6)
OUTAGE = timedelta(minutes=1)


class Lacking(NamedTuple):
    """What lacks what an enricher can tell."""

    id: int  # of an asset or a title, as the enricher counts
    name: str  # for a person: the file's name, or the title


class Enricher(Protocol):
    """Takes one asset or title, and stores what it is told of it."""

    name: str

    def lacking(self, after: int, limit: int) -> Sequence[Lacking]:
        """Those with a higher number than `after`, in that order. Raises FilesError."""
        ...

    def enrich(self, about: int, now: datetime) -> None:
        """Ask, and store. What is not there any more is nothing to do.

        Raises:
            Unavailable, Blocked, NotAuthorised, ConfigError, FilesError: it is tried again, and
                no attempt is used up.
            BadAnswer, Refused: an answer; it is given up after so many of them.
        """
        ...


class Enriching:
    """The passes. `do_next` may be called by several threads at once, `feed` by any one."""

    def __init__(
        self, queue: QueueManager, enrichers: Mapping[str, Enricher], retries: Retries
    ) -> None:
        self._queue, self._enrichers, self._retries = queue, enrichers, retries
        self._after = dict.fromkeys(enrichers, 0)
        self._done = [item.id for item in self._items(State.COMPLETED)]
        self._feeding = threading.Lock()
        self._news = threading.Event()
        self._news.set()
        self.told = 0  # of how many things, since the start
        self.wake: Callable[[], object] = lambda: None  # whoever else calls `run`

    def expect(self) -> None:
        """There may be something new to do."""
        self._news.set()

    def run(self, now: datetime) -> bool:
        """Do one thing; False if there is nothing to do now.

        Raises:
            QueueError, FilesError: nothing can be stored.
        """
        if self.do_next(now):
            return True
        if self.feed(now) > 1:
            self.wake()
        return self.do_next(now)

    def feed(self, now: datetime) -> int:
        """Queue the next of what is lacking; how many. The rest waits until these are done."""
        with self._feeding:
            if self._queue.waits(KIND):
                return 0
            self._forget_done()
            if not self._news.is_set() or self._too_many_failed():
                return 0
            self._news.clear()
            return sum(self._feed_from(name, each, now) for name, each in self._enrichers.items())

    def do_next(self, now: datetime) -> bool:
        """Take one item to its end; False if none waits."""
        for due in self._queue.ready(now, KIND):
            self._queue.retry(due.id)
        item = self._queue.take(KIND)
        if item is None:
            return False
        enricher = self._enrichers.get(item.data.get(ENRICHER, ""))
        if enricher is None:  # a setting switched it off
            self._finish(item)
            return True
        try:
            with log_about.about(item=item.id):
                enricher.enrich(int(item.data[ABOUT]), now)
        except Stopping:
            self._queue.release(item.id, item.last_error)
            raise
        except (ServiceError, ConfigError, FilesError) as error:
            self._put_off(item, error, now)
        else:
            self._finish(item)
        return True

    def failed(self) -> int:
        """How many things could not be told; most are tried again."""
        return len(self._items(State.FAILED))

    def ask(self, enricher: str, about: int, name: str, now: datetime) -> None:
        """Have one thing done that a person asked for, before all others."""
        item = replace(_item(enricher, Lacking(about, name), now), priority=ASKED_FOR)
        with self._feeding:
            self._queue.forget([item.id])
            self._queue.put_many([item])

    def problem(self) -> str | None:
        """One sentence, where so many failed that no more are begun."""
        if not self._too_many_failed():
            return None
        return (
            f"more than {MOST_FAILED} files and titles of the library could not be asked about; "
            "nothing is lost, and no more are begun until `queue retry` or a mended setting"
        )

    # Within

    def _feed_from(self, name: str, enricher: Enricher, now: datetime) -> int:
        """Queue the next ones that are not there already, as failed ones are."""
        whole = False
        new: list[Lacking] = []
        while not (new or whole):
            lacking = enricher.lacking(self._after[name], WINDOW)
            whole = len(lacking) < WINDOW
            self._after[name] = 0 if whole else lacking[-1].id
            new = [one for one in lacking if self._queue.get(_id(name, one.id)) is None]
        self._queue.put_many(_item(name, one, now) for one in new)
        if not whole:
            self._news.set()  # there are more behind these
        return len(new)

    def _finish(self, item: Item) -> None:
        self._queue.complete(item.id)
        with self._feeding:
            self._done.append(item.id)
            self.told += 1
        self._news.set()  # it may have made something for another enricher to do

    def _forget_done(self) -> None:
        done, self._done = self._done, []
        self._queue.forget(done)

    def _put_off(self, item: Item, error: Exception, now: datetime) -> None:
        why = str(error)
        wait = _wait(error, item)
        counted = wait is None
        wait = wait or self._retries.after_failure(item.attempts)
        failed = self._queue.fail(item.id, why, now + wait, counted=counted)
        if failed and item.last_error != why:
            log.warning("%s: %s", item.title, why)

    def _too_many_failed(self) -> bool:
        return self.failed() > MOST_FAILED

    def _items(self, state: State) -> list[Item]:
        return [item for item in self._queue.iter(state) if item.kind == KIND]


def _id(enricher: str, about: int) -> str:
    return f"{KIND}:{enricher}:{about}"


def _item(enricher: str, one: Lacking, now: datetime) -> Item:
    return Item(
        id=_id(enricher, one.id),
        kind=KIND,
        title=f"{enricher}: {one.name}",
        wanted_by=(BY,),
        added_at=now,
        data={ENRICHER: enricher, ABOUT: one.id},
    )


def _wait(error: Exception, item: Item) -> timedelta | None:
    """How long an outage is waited out; None for an answer, which uses up an attempt."""
    match error:
        case Unavailable():
            return timedelta(seconds=max(error.retry_after_s or 0.0, OUTAGE.total_seconds()))
        case Blocked():
            return after_block(item.searches)
        case NotAuthorised() | ConfigError():
            return LOGIN_RESTS
        case BadAnswer() | Refused():
            return None
    return OUTAGE  # the disk
