"""The plays that a provider is to be told, as items of the queues: a hundred in each, a few items
at a time.

The outbox is the truth of what was sent; an item only says which of its rows go together. So each
batch has the retries, the files and the "why" that all other work has, and 100,000 plays need
neither a queue nor as many durable steps. What an item names and the outbox has done meanwhile is
left alone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from movie_sync.history.push_models import BATCH
from movie_sync.history.rows import OutboxRow, Outcome, Sending
from movie_sync.history.sifting import has_id
from movie_sync.history.store import HistoryStore
from movie_sync.models import Item, State
from movie_sync.queues import QueueManager

KIND = "watch"
BY = "history"  # who wants them
ACCOUNT, PLAYS = "account", "plays"  # in an item's data: whose, and the numbers of the rows
WINDOW = 3 * BATCH  # plays queued at once
PAGE = 500
OPEN = (Sending.WAITING, Sending.SENDING, Sending.UNKNOWN)
BY_HAND = "taken out of the queue by hand"

_FIRST = datetime.min.replace(tzinfo=UTC)


class Batches:
    """For one thread at a time.

    Args:
        provider: who is told.
    """

    def __init__(self, queue: QueueManager, store: HistoryStore, provider: str) -> None:
        self._queue, self._store, self._provider = queue, store, provider
        self._after = 0  # the row that was looked at last
        self._done = [item.id for item in self._items(State.COMPLETED)]

    def feed(self, account: str, now: datetime) -> int:
        """Queue the next plays that can be told; how many. The rest waits until these are done."""
        self._heed_removed(now)
        self._queue.forget(self._done)
        self._done = []
        rows = self._next(account)
        rows.sort(key=lambda row: (row.watched_at or _FIRST, row.id))
        self._queue.put_many(
            _item(self._provider, account, rows[start : start + BATCH], now)
            for start in range(0, len(rows), BATCH)
        )
        return len(rows)

    def take(self, now: datetime) -> Item | None:
        """The next batch, one that failed before and is due among them."""
        for due in self._queue.ready(now, KIND):
            self._queue.retry(due.id)
        return self._queue.take(KIND)

    def rows(self, item: Item) -> list[OutboxRow]:
        """What of an item is still to be told."""
        numbers = {one for one in item.data.get(PLAYS, ()) if isinstance(one, int)}
        if not numbers:
            return []
        found: list[OutboxRow] = []
        after, last = min(numbers) - 1, max(numbers)
        while after < last:
            page = self._store.outbox(
                self._provider, item.data.get(ACCOUNT, ""),
                (*OPEN, Sending.REFUSED), after_id=after, limit=PAGE,
            )  # fmt: skip
            found += [row for row in page if row.id in numbers and _is_open(row)]
            after = page[-1].id if len(page) == PAGE else last
        return sorted(found, key=lambda row: (row.watched_at or _FIRST, row.id))

    def finish(self, item: Item, told: str) -> None:
        self._queue.note(item.id, told=told)
        self._queue.complete(item.id)
        self._done.append(item.id)

    def retry_failed(self) -> None:
        """Something was mended, by settings or by hand."""
        for item in self._items(State.FAILED):
            if not item.permanent:
                self._queue.retry(item.id)

    @property
    def has_room(self) -> bool:
        """Whether more may be queued; a long outage makes no long queue."""
        if self._queue.waits(KIND):
            return False
        failed = [item for item in self._items(State.FAILED) if not item.permanent]
        return sum(len(item.data.get(PLAYS, ())) for item in failed) < WINDOW

    @property
    def is_idle(self) -> bool:
        """Whether no batch is under way, or waits for another try."""
        states = (State.PENDING, State.ACTIVE, State.FAILED)
        return not any(not item.permanent for state in states for item in self._items(state))

    def _next(self, account: str) -> list[OutboxRow]:
        """Rows that can be told and that no item has; begins anew once it came to the end."""
        held = self._held()
        found: list[OutboxRow] = []
        while len(found) < WINDOW:
            page = self._store.outbox(
                self._provider, account, OPEN, after_id=self._after, limit=PAGE
            )
            for row in page:
                self._after = row.id
                if row.id not in held and has_id(row.work):
                    found.append(row)
                    if len(found) == WINDOW:
                        return found
            if len(page) < PAGE:
                self._after = 0
                break
        return found

    def _held(self) -> set[int]:
        states = (State.PENDING, State.ACTIVE, State.FAILED)
        return {
            one for state in states for item in self._items(state)
            for one in item.data.get(PLAYS, ())
        }  # fmt: skip

    def _heed_removed(self, now: datetime) -> None:
        """What a person took out of the queue is not told, until they bring it back there."""
        for item in self._items(State.REMOVED):
            waiting = [row for row in self.rows(item) if row.state is Sending.WAITING]
            if waiting:
                self._store.mark_sent(
                    [Outcome(id=row.id, state=Sending.REFUSED, why=BY_HAND) for row in waiting],
                    now,
                )

    def _items(self, state: State) -> list[Item]:
        return [
            item for item in self._queue.iter(state)
            if item.kind == KIND and item.id.startswith(f"{KIND}:{self._provider}:")
        ]  # fmt: skip


def _is_open(row: OutboxRow) -> bool:
    return row.state in OPEN or row.why == BY_HAND


def _item(provider: str, account: str, rows: Sequence[OutboxRow], now: datetime) -> Item:
    return Item(
        id=f"{KIND}:{provider}:{account}:{min(row.id for row in rows)}",
        kind=KIND,
        title=_title(provider.title(), rows),
        wanted_by=(BY,),
        added_at=now,
        data={ACCOUNT: account, PLAYS: sorted(row.id for row in rows)},
    )


def _title(provider: str, rows: Sequence[OutboxRow]) -> str:
    if len(rows) == 1:
        return f"{provider}: {rows[0].work}"
    days = [f"{row.watched_at:%Y-%m-%d}" for row in rows if row.watched_at]
    spent = f" of {days[0]} to {days[-1]}" if days else ""
    return f"{provider}: {len(rows)} plays{spent}"
