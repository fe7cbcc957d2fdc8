"""Trakt is told what was watched elsewhere, each play once.

    feed    outbox -> queue      a few hundred plays at a time, a hundred in each item
    send    queue -> Trakt       one item a pass: asked what is there, told the rest (`sending.py`)
    undo    log -> Trakt         a sync taken back (`undo.py`), before anything else

Where Trakt refuses the whole account, or suddenly shows far less than it did, a person is asked and
nothing more is told until they answer; reading goes on. Where there is nothing to tell, nothing is
asked.
"""

import logging
import threading
from datetime import datetime, timedelta, tzinfo
from functools import partial

from movie_sync.breaker import Breaker
from movie_sync.errors import (
    Blocked,
    ConfigError,
    FilesError,
    Full,
    LoggedOut,
    NotAuthorised,
    ServiceError,
    Stopping,
    Unavailable,
)
from movie_sync.history.batches import ACCOUNT, Batches
from movie_sync.history.proposing import propose
from movie_sync.history.push_models import PUSH, Proposal, Rule, Trakt
from movie_sync.history.rows import OutboxRow
from movie_sync.history.sending import Sender
from movie_sync.history.sifting import Known, Sieve
from movie_sync.history.store import HistoryStore
from movie_sync.history.undo import RUNNING, Undoing
from movie_sync.history.verifying import require_settled
from movie_sync.models import Item
from movie_sync.queues import QueueManager
from movie_sync.retries import after_block

log = logging.getLogger(__name__)

EVERY_S = 10.0
LOOKS_EVERY = timedelta(minutes=10)  # for plays that nobody announced
KNOWN_FOR = timedelta(minutes=30)  # what Trakt was seen to have
LOGIN_RESTS, REST = timedelta(hours=6), timedelta(hours=1)
OUTAGE = timedelta(minutes=1)
FEWER_SHARE, FEWER = 0.1, 20  # beyond both of them a smaller history is asked about
WHO, STOPPED, SEEN = "push_account", "push_stopped", "push_seen"  # names of marks
WAITS = "plays wait, and nothing more is told until somebody says so"


class Pushing:
    """For any number of threads; one at a time does something.

    Args:
        breaker: of Trakt; shared with whoever reads it.
        rule: what is not told again.
        home: the zone of days, where a play names none; None is the machine's.
    """

    def __init__(
        self,
        store: HistoryStore,
        queue: QueueManager,
        trakt: Trakt,
        breaker: Breaker,
        *,
        rule: Rule = "same_day",
        home: tzinfo | None = None,
    ) -> None:
        self._store, self._queue, self._trakt, self._breaker = store, queue, trakt, breaker
        self._rule, self._home = rule, home
        self._batches = Batches(queue, store, trakt.name)
        self._undoing = Undoing(store, trakt, breaker)
        self._sync: int | None = None
        self._sender: tuple[Sender, datetime] | None = None  # and since when
        self._looked_at: datetime | None = None
        self._looking = self._begun = False
        self._news = threading.Event()
        self._lock = threading.Lock()

    def expect(self) -> None:
        """There may be something new to tell."""
        self._news.set()

    def push_pass(self, now: datetime) -> float:
        """Do one thing; returns the seconds until there is more to do.

        Raises:
            ServiceError: it could not be asked who is logged in, or an undo waits for it.
            QueueError, FilesError: nothing can be stored.
        """
        with self._lock:
            if self._undo_step(now):
                return 0.0
            if not self._begun:  # other settings may have mended what they wait for
                self._batches.retry_failed()
                self._begun = True
            if self.problem():
                return EVERY_S
            item = self._batches.take(now) or self._fed(now)
            if item is None:
                self._rest(now)
                return EVERY_S
            self._do(item, now)
            return 0.0

    def undo(self, sync_id: int, now: datetime) -> int:
        """Have a sync taken back, by the next passes; returns the number of the undo in the log.

        Raises:
            NotQueued: there is nothing of that number to undo.
            ConfigError, ServiceError: it cannot be begun now.
        """
        with self._lock:
            if sync_id == self._sync:
                self._sync = self._sender = None
            return self._undoing.begin(sync_id, now)

    def undo_pass(self, now: datetime) -> bool:
        """One step of an undo, where nothing is to be told; False if none is under way."""
        with self._lock:
            return self._undo_step(now)

    def dry_run(self, now: datetime, limit: int = 100) -> Proposal:
        """What would be told now, and what not and why; nothing is sent.

        Args:
            limit: plays that are named; all are counted.

        Raises:
            ServiceError: it could not be asked what is there.
        """
        who = self._breaker.call(self._trakt.settings, at_once=True)
        self._store.enqueue(self._trakt.name, who.username, now)
        known = self._breaker.call(partial(Known, self._trakt), at_once=True)
        fewer = self._fewer(who.username, known.plays)
        sieve = Sieve(known, self._rule, self._home, once=who.watch_only_once)
        made = propose(self._store, self._trakt.name, who.username, sieve, now, limit=limit)
        made.problem = self.problem() or fewer
        return made

    def problem(self) -> str | None:
        """Why nothing is told, as a sentence, until a person says that it may go on."""
        return self._store.mark(self._trakt.name, STOPPED)

    def go_on(self, now: datetime) -> None:
        """A person has seen to it, or means it so: as after a login, or a history made smaller."""
        who = self._store.mark(self._trakt.name, WHO)
        self._mark(now, **{STOPPED: None, f"{SEEN}:{who}": None})
        with self._lock:
            self._batches.retry_failed()
            self._looking, self._looked_at = False, None
            self._news.set()

    # Within

    def _fed(self, now: datetime) -> Item | None:
        """Look for something to tell, where it is time to."""
        due = self._looked_at is None or not now - self._looked_at < LOOKS_EVERY
        if not (self._looking or due or self._news.is_set()) or not self._batches.has_room:
            return None
        account = self._store.mark(self._trakt.name, WHO) or self._asked(now)
        if not self._looking:
            self._news.clear()
            self._store.enqueue(self._trakt.name, account, now)
            self._looking, self._looked_at = True, now
        if self._batches.feed(account, now):
            return self._batches.take(now)
        self._looking = False
        return None

    def _do(self, item: Item, now: datetime) -> None:
        rows = self._batches.rows(item)
        try:
            require_settled(rows, now, self._trakt.name)
            told = self._breaker.call(lambda: self._send(item, rows, now)) if rows else ""
        except (Stopping, FilesError):
            self._queue.release(item.id, item.last_error)
            raise
        except (ServiceError, ConfigError) as error:
            self._put_off(item, error, now)
        else:
            if told is not None:
                self._batches.finish(item, told)

    def _send(self, item: Item, rows: list[OutboxRow], now: datetime) -> str | None:
        """What became of it; None where nothing was sent, as a person is asked."""
        account = item.data.get(ACCOUNT, "")
        if self._sender is None or not now - self._sender[1] < KNOWN_FOR:
            who = self._trakt.settings()
            self._mark(now, **{WHO: who.username})
            if who.username != account:
                return f"is for {account}, and {who.username} is logged in"
            known = Known(self._trakt)
            if why := self._fewer(account, known.plays):
                self._stop(item, why, now)
                return None
            self._mark(now, **{f"{SEEN}:{account}": str(known.plays)})
            sieve = Sieve(known, self._rule, self._home, once=who.watch_only_once)
            sender = Sender(self._store, self._trakt, sieve, self._begin_sync(account, now))
            self._sender = sender, now
        sender = self._sender[0]
        sender.send(rows, now)
        told = ", ".join(f"{count} {name}" for name, count in sorted(sender.counts.items()))
        log.info("%s: %s", item.title, told or "nothing to tell")
        return told

    def _asked(self, now: datetime) -> str:
        who = self._breaker.call(self._trakt.settings).username
        self._mark(now, **{WHO: who})
        return who

    def _fewer(self, account: str, plays: int) -> str | None:
        """Whether Trakt shows far less than last time, as a sentence."""
        before = int(self._store.mark(self._trakt.name, f"{SEEN}:{account}") or 0)
        lost = before - plays
        if lost <= FEWER or lost <= before * FEWER_SHARE:
            return None
        return f"Trakt shows {plays} plays of {account}, and showed {before} before; {WAITS}"

    def _begin_sync(self, account: str, now: datetime) -> int:
        """One that was running when the program ended goes on."""
        if self._sync is None:
            running = self._store.syncs(kind=PUSH, state=RUNNING, limit=1)
            self._sync = running[0].id if running else self._store.begin_sync(
                PUSH, now, provider=self._trakt.name,
                options={"account": account, "push_if_watched": self._rule},
            )  # fmt: skip
        return self._sync

    def _rest(self, now: datetime) -> None:
        """Nothing to do now: what Trakt has is asked anew next time."""
        self._sender = None
        if self._sync is not None and self._batches.is_idle:
            self._store.end_sync(self._sync, "done", now)
            self._sync = None

    def _undo_step(self, now: datetime) -> bool:
        if not self._undoing.step(now):
            return False
        who = self._store.mark(self._trakt.name, WHO)
        self._mark(now, **{f"{SEEN}:{who}": None})  # Trakt has fewer for it
        self._sender = None
        return True

    def _put_off(self, item: Item, error: ServiceError | ConfigError, now: datetime) -> None:
        self._sender = None if not isinstance(error, Unavailable) else self._sender
        if isinstance(error, Full) or type(error) is NotAuthorised:
            self._stop(item, f"{error}; {WAITS}", now)
            return
        failed = self._queue.fail(item.id, str(error), now + _wait(error, item), counted=False)
        if failed and item.last_error != str(error):
            log.warning("%s: %s", item.title, error)

    def _stop(self, item: Item, why: str, now: datetime) -> None:
        self._mark(now, **{STOPPED: why})
        self._queue.release(item.id, why)
        if self._sync is not None:
            self._store.end_sync(self._sync, "failed", now, why)
        self._sync = self._sender = None
        log.warning(why)

    def _mark(self, now: datetime, **values: str | None) -> None:
        self._store.set_marks(
            [(self._trakt.name, name, value) for name, value in values.items()], now
        )


def _wait(error: Exception, item: Item) -> timedelta:
    match error:
        case Unavailable():
            return timedelta(seconds=max(error.retry_after_s or 0.0, OUTAGE.total_seconds()))
        case Blocked():
            return after_block(item.searches)
        case LoggedOut() | ConfigError():
            return LOGIN_RESTS
    return REST
