"""What `QueueManager` says of its items without changing any."""

import threading
from collections.abc import Iterator
from datetime import datetime

from movie_sync.journal import Syncs
from movie_sync.models import Item, State
from movie_sync.queue_load import statistics
from movie_sync.queue_store import Store


class Looks:
    """Safe from any thread; what is returned is as it was at that moment."""

    _store: Store

    def wake_on_pending(self, event: threading.Event) -> None:
        """Set this whenever something new waits, save what was merely put back."""
        self._store.items.on_pending.append(event)

    def wake_on_loading(self, event: threading.Event) -> None:
        """Set this whenever an active item has got its handle."""
        self._store.items.on_loading.append(event)

    def ready(self, now: datetime, kind: str | None = None) -> list[Item]:
        """What failed, and whose time to be tried again has come."""
        due = (item for item in self._failed(kind) if not item.permanent)
        return [item for item in due if item.retry_at and item.retry_at <= now]

    def next_retry_at(self, kind: str | None = None) -> datetime | None:
        """When the next failed item may be tried again."""
        return min((i.retry_at for i in self._failed(kind) if i.retry_at), default=None)

    def waits(self, kind: str) -> bool:
        """Whether an item of this kind is pending."""
        with self._store.lock:
            return self._store.items.first_pending(kind) is not None

    def get(self, id_: str) -> tuple[State, Item] | None:
        with self._store.lock:
            return self._store.items.find(id_)

    def iter(self, state: State) -> Iterator[Item]:
        with self._store.lock:
            return iter(self._store.items.of(state))

    def changed_since(self, seq: int) -> tuple[int, list[tuple[State, Item]]]:
        """What has changed after that number, and the number of the last change."""
        with self._store.lock:
            everything = [(state, self._store.items.of(state)) for state in State]
        top = max((item.seq for _, items in everything for item in items), default=seq)
        return max(top, seq), [(s, i) for s, items in everything for i in items if i.seq > seq]

    def counts(self) -> dict[State, int]:
        with self._store.lock:
            return {state: self._store.items.count(state) for state in State}

    def get_statistics(self) -> dict[str, int]:
        """How many films are in each state; errands and shows are not among them."""
        with self._store.lock:
            return statistics(self._store.items.of)

    @property
    def revision(self) -> int:
        """The number of the last change; the same number, the same queues."""
        return self._store.seq

    @property
    def trouble(self) -> list[str]:
        """What a person should know of the queue files, as sentences."""
        return self._store.trouble()

    @property
    def broken(self) -> str | None:
        """Why nothing can be changed now, as a sentence; None while all is well."""
        return self._store.broken

    @property
    def syncs(self) -> Syncs:
        """Of the journal."""
        return self._store.syncs

    def _failed(self, kind: str | None) -> list[Item]:
        with self._store.lock:
            failed = self._store.items.of(State.FAILED)
        return [item for item in failed if kind in (None, item.kind)]
