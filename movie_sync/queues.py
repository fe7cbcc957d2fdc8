"""`QueueManager`: the only thing that workers share, and the only one that changes states.

    pending -> active -> completed
       ^         |
       |         +--> failed --> pending (when `retry_at` has come) or given up
       +-- release (nobody's fault)         any of them --> removed --> restored

Every change is on disk when its method returns, save a claim: a claim that a power cut forgets is
still pending. Methods that move an item return it as it is now, or None where it is no longer in
the state they begin from, because a person was faster.
"""

import os
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from movie_sync import queue_moves as moves
from movie_sync.errors import QueueError
from movie_sync.journal import Change
from movie_sync.models import Item, State
from movie_sync.queue_looks import Looks
from movie_sync.queue_names import DesignNames
from movie_sync.queue_store import IDLE_S, Store
from movie_sync.retries import Retries

_UTC_NOW = partial(datetime.now, UTC)

LIVE = (State.PENDING, State.ACTIVE, State.FAILED, State.COMPLETED)
AT_REST = (State.PENDING, State.FAILED, State.COMPLETED, State.REMOVED)


class QueueManager(Looks, DesignNames):
    """All queues of one home folder. One process at a time may open them."""

    def __init__(
        self,
        folder: Path,
        *,
        retries: Retries | None = None,
        now: Callable[[], datetime] = _UTC_NOW,
        idle_s: float = IDLE_S,
        sync: Callable[[int], object] = os.fdatasync,
    ) -> None:
        self._retries, self._now = retries or Retries(), now
        self._store = Store(folder, idle_s=idle_s, on_edit=moves.fitted, sync=sync)
        self._recover()
        self._store.start()

    # Adding

    def put_many(self, items: Iterable[Item]) -> int:
        """Queue what is new, and give what is known its new wants; returns how many are new."""
        changes: dict[str, Change] = {}
        new = 0
        with self._store.lock:
            for item in items:
                _, state, known = changes.get(item.id) or (item.id, *self._find(item.id))
                if state is None or known is None:
                    changes[item.id] = (item.id, State.PENDING, moves.fitted(State.PENDING, item))
                    new += 1
                elif change := moves.wanted_again(state, known, item.wanted_by):
                    changes[item.id] = change
            ticket = self._store.apply(list(changes.values()))
        self._store.wait(ticket)
        return new

    def unwant(self, ids: Iterable[str], source: str) -> list[Item]:
        """A source no longer lists these; returns what nobody wants now.

        What waits is set aside as removed; what is under way or done stays as it is.
        """
        changes: list[tuple[str, State, Item]] = []
        with self._store.lock:
            for id_ in dict.fromkeys(ids):
                state, item = self._find(id_)
                if state and item and source in item.wanted_by:
                    changes.append((id_, *moves.unwanted(state, item, source, self._now())))
            ticket = self._store.apply(changes)
        self._store.wait(ticket)
        return [item for _, _, item in changes if not item.wanted_by]

    # Working

    def take(self, kind: str, wanted: Callable[[Item], bool] | None = None) -> Item | None:
        """Claim the next pending item, of those that are `wanted`; it is active until its outcome
        is told."""
        with self._store.lock:
            item = self._store.items.first_pending(kind, wanted)
            if item is None:
                return None
            taken = replace(item, claims=item.claims + 1, step="searching")
            self._store.apply([(item.id, State.ACTIVE, taken)], finishing=True)
            return self._find(item.id)[1]

    def update(self, id_: str, **changes: Any) -> Item | None:
        """Change fields of an active item, as before giving it to a torrent client."""
        return self._move(
            id_, (State.ACTIVE,), lambda state, item: (state, replace(item, **changes))
        )

    def note(self, id_: str, **data: Any) -> Item | None:
        """Change what the item's data say, in whatever state it is; None takes a key out."""
        return self._move(id_, tuple(State), lambda state, item: (state, moves.noted(item, data)))

    def show_progress(self, id_: str, progress: float, step: str) -> None:
        """Show how far an active item is. Not journaled: a crash forgets it."""
        with self._store.lock:
            state, item = self._find(id_)
            if item and state is State.ACTIVE and (item.progress, item.step) != (progress, step):
                self._store.show(replace(item, progress=progress, step=step))

    def complete(self, id_: str, **changes: Any) -> Item | None:
        done = {**moves.AT_REST, "retry_at": None, "last_error": None, "completed_at": self._now()}
        return self._move(
            id_,
            (State.ACTIVE, State.PENDING),
            lambda _, item: (State.COMPLETED, replace(item, **(done | changes))),
        )

    def fail(
        self,
        id_: str,
        error: str,
        retry_at: datetime | None,
        *,
        counted: bool = True,
        permanent: bool = False,
        **changes: Any,
    ) -> Item | None:
        """An active item came to nothing. It fails, or is removed if nobody wants it any more.

        Args:
            error: a sentence for a person.
            retry_at: when it is tried again; None gives it up.
            counted: uses up one of the attempts; else it is one more search that found nothing.
            permanent: never try it again by ourselves.
        """

        def failed(_: State, item: Item) -> tuple[State, Item]:
            return moves.failed(
                replace(item, **changes), error, retry_at, self._retries.max_retries, self._now(),
                counted=counted, permanent=permanent,
            )  # fmt: skip

        return self._move(id_, (State.ACTIVE,), failed)

    def reopen(self, id_: str) -> Item | None:
        """Look for something better than what is done; `settle` ends that."""
        return self._move(id_, (State.COMPLETED,), lambda _, item: moves.reopened(item))

    def settle(self, id_: str, **data: Any) -> Item | None:
        """Nothing better came of it: done as before, with this added to its data."""

        def settled(state: State, item: Item) -> tuple[State, Item]:
            state, item = moves.settled(item)
            return state, moves.noted(item, data)

        return self._move(id_, (State.ACTIVE, State.PENDING, State.FAILED), settled)

    def release(self, id_: str, why: str | None = None) -> Item | None:
        """Put a claimed item back in its place, as if it had not been taken."""
        return self._move(
            id_, (State.ACTIVE,), lambda _, item: moves.released(item, why, self._now())
        )

    def retry(self, id_: str, *, afresh: bool = False) -> Item | None:
        """Queue a failed item again; `afresh` forgets its failures, as a person would want."""
        return self._move(
            id_,
            (State.FAILED,),
            lambda _, item: (State.PENDING, moves.queued_again(item, afresh=afresh)),
        )

    # A person's wishes

    def skip(self, id_: str) -> Item | None:
        """Never look for it, until it is retried by hand."""
        why = {"permanent": True, "retry_at": None, "last_error": "skipped by hand"}
        return self._move(
            id_, (State.PENDING, State.FAILED), lambda _, item: (State.FAILED, replace(item, **why))
        )

    def remove(self, id_: str, by: str = moves.BY_HAND, **data: Any) -> Item | None:
        """Set it aside, with this noted in its data; nothing outside is touched. What a person
        removed stays so even if a list still names it."""
        return self._move(
            id_,
            LIVE,
            lambda state, item: moves.removed(state, moves.noted(item, data), by, self._now()),
        )

    def restore(self, id_: str) -> Item | None:
        """Bring back what was removed: done if it was done, else pending."""
        return self._move(id_, (State.REMOVED,), lambda _, item: moves.restored(item))

    def merge(self, id_: str, into: str) -> None:
        """Two items turn out to be one thing: the second takes over the wants of the first."""
        with self._store.lock:
            _, gone = self._find(id_)
            state, kept = self._find(into)
            if not (gone and state and kept) or id_ == into:
                return
            ticket = self._store.apply([(id_, None, None), moves.merged(gone, state, kept)])
        self._store.wait(ticket)

    def forget(self, ids: Iterable[str]) -> int:
        """Know nothing of these any more, as of errands done long ago; returns how many were
        known. What is under way stays."""
        with self._store.lock:
            found = [(id_, self._find(id_)[0]) for id_ in dict.fromkeys(ids)]
            gone: list[Change] = [
                (id_, None, None) for id_, state in found if state not in (None, State.ACTIVE)
            ]
            ticket = self._store.apply(gone)
        self._store.wait(ticket)
        return len(gone)

    def close(self) -> None:
        """Leave everything in the files. Raises QueueError; the journal then holds the rest."""
        with suppress(QueueError):  # a claim that cannot be put back now is at the next start
            for item in self._claimed():
                self.release(item.id, item.last_error)
        self._store.close()

    # Within

    def _find(self, id_: str) -> tuple[State, Item] | tuple[None, None]:
        return self._store.items.find(id_) or (None, None)

    def _move(
        self,
        id_: str,
        begins: Collection[State],
        change: Callable[[State, Item], tuple[State, Item]],
    ) -> Item | None:
        with self._store.lock:
            state, item = self._find(id_)
            if state is None or item is None or state not in begins:
                return None
            ticket = self._store.apply([(id_, *change(state, item))], finishing=True)
            _, moved = self._find(id_)
        self._store.wait(ticket)
        return moved

    def _claimed(self) -> list[Item]:
        """Active, and with no download that goes on without us."""
        return [item for item in self.iter(State.ACTIVE) if item.handle is None]

    def _recover(self) -> None:
        """Undo claims whose outcome was never told, and mend what a person left in the files."""
        now = self._now()
        changes = [moves.unclaimed(item, self._retries, now) for item in self._claimed()]
        for state in AT_REST:
            for item in self.iter(state):
                fitted = moves.fitted(state, item)
                if fitted is not item or not item.pos:
                    changes.append((item.id, state, fitted))
        with self._store.lock:
            ticket = self._store.apply(changes, finishing=True)
        self._store.wait(ticket)
