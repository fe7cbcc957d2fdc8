"""The names that the moves of `QueueManager` have in the user's design."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from movie_sync.models import Item


class Moves(Protocol):
    """What those names stand for."""

    _now: Callable[[], datetime]

    def put_many(self, items: Iterable[Item]) -> int: ...
    def take(self, kind: str) -> Item | None: ...
    def fail(self, id_: str, error: str, retry_at: datetime | None) -> Item | None: ...
    def ready(self, now: datetime, kind: str | None) -> list[Item]: ...
    def retry(self, id_: str) -> Item | None: ...
    def complete(self, id_: str, **changes: Any) -> Item | None: ...


class DesignNames:
    """What `QueueManager` answers to besides."""

    def add_to_pending(self: Moves, item: Item) -> bool:
        """False when it is known already."""
        return self.put_many([item]) == 1

    def get_next_pending(self: Moves, kind: str = "film") -> Item | None:
        return self.take(kind)

    def add_to_failed(self: Moves, item: Item, error: str, retry_at: datetime) -> Item | None:
        return self.fail(item.id, error, retry_at)

    def get_movies_ready_for_retry(self: Moves, max_retries: int) -> list[Item]:
        return [item for item in self.ready(self._now(), "film") if item.attempts < max_retries]

    def move_failed_to_pending(self: Moves, item: Item) -> Item | None:
        return self.retry(item.id)

    def add_to_completed(self: Moves, item: Item) -> Item | None:
        return self.complete(item.id)
