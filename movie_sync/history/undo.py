"""A sync taken back: at Trakt first, by the numbers of just the plays that it sent, then here.

An undo is a sync of its own, and stands in the log before anything is removed. What is removed
there is noted after each request, so that it goes on where it was when the program was killed.
Whatever else a person has at Trakt stays: nothing is ever removed by the name of a work, nor what
Trakt had before we told it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from movie_sync.breaker import Breaker
from movie_sync.errors import BadAnswer, ConfigError, NotQueued, Refused
from movie_sync.history.push_models import BATCH, PUSH, UNDO, Trakt
from movie_sync.history.rows import OutboxRow, Outcome, Sending, SyncRow
from movie_sync.history.store import HistoryStore
from movie_sync.history.verifying import find, require_settled

SENT = (Sending.DONE, Sending.SENDING, Sending.UNKNOWN)
RUNNING, INTERRUPTED, UNDONE = "running", "interrupted", "undone"
TAKEN_BACK, REMOVED = "taken_back", "removed"  # what an undo counts: there, and here
PAGE = 500
WHY = "its sync was undone"


class Undoing:
    """For one thread at a time.

    Args:
        trakt: None where it is off; what was never told can be undone all the same.
    """

    def __init__(self, store: HistoryStore, trakt: Trakt | None, breaker: Breaker) -> None:
        self._store, self._trakt, self._breaker = store, trakt, breaker
        self._left: dict[int, list[OutboxRow]] = {}  # by the number of the undo

    def begin(self, sync_id: int, now: datetime) -> int:
        """Have a sync undone, by `step` from now on. Returns the number of the undo.

        Raises:
            NotQueued: there is nothing of that number to undo.
            ConfigError: it told an account that nobody is logged in to.
            ServiceError: nothing was begun.
        """
        undone = self._undoable(sync_id)
        for one in self._unfinished():
            if one.undoes == sync_id:
                return one.id
        self._require_login(self._sent(undone))
        if undone.state == RUNNING:
            self._store.end_sync(sync_id, "cancelled", now, "it was undone")
        provider = self._trakt.name if self._trakt else None
        return self._store.begin_sync(UNDO, now, provider=provider, undoes=sync_id)

    def step(self, now: datetime) -> bool:
        """One request's worth of the oldest undo; False if none is under way.

        Raises:
            ServiceError: it goes on when this is called again.
            Refused, BadAnswer: the same; but this undo has ended, and is to be begun again.
        """
        undo = next(iter(self._unfinished()), None)
        if undo is None or undo.undoes is None:
            return False
        try:
            self._step(undo, undo.undoes, now)
        except (Refused, BadAnswer) as error:
            self._store.end_sync(undo.id, "failed", now, str(error))
            raise
        return True

    def _step(self, undo: SyncRow, sync_id: int, now: datetime) -> None:
        undone = self._store.sync(sync_id)
        if undone is None:
            self._store.end_sync(undo.id, "done", now)
            return
        if undo.id not in self._left:
            self._left[undo.id] = self._sent(undone)
            self._store.resume_sync(undo.id)
        left = self._left[undo.id]
        if left:
            count = self._take_back(left[:BATCH], undone, now)
            del left[:BATCH]
            self._store.note_sync(undo.id, {TAKEN_BACK: count})
            return
        self._end(undo, undone, now)

    def _end(self, undo: SyncRow, undone: SyncRow, now: datetime) -> None:
        if undone.kind != PUSH:
            self._store.note_sync(undo.id, {REMOVED: self._store.undo_sync(undone.id, now)})
        self._store.end_sync(undone.id, UNDONE, now)
        self._store.end_sync(undo.id, "done", now)
        del self._left[undo.id]

    def _take_back(self, rows: Sequence[OutboxRow], undone: SyncRow, now: datetime) -> int:
        """Of those plays that nobody else tells of; the others stay there as here."""
        named = self._named(rows, now)
        mine = named if undone.kind == PUSH else self._told_by_none_else(named, undone.id)
        numbers = [int(one) for row in mine for one in row.remote_ids if one.isdigit()]
        for start in range(0, len(numbers), BATCH):
            assert self._trakt
            self._breaker.call(partial(self._trakt.remove, numbers[start : start + BATCH]))
        self._store.taken_back([row.id for row in mine], now, WHY)
        return len(numbers)

    def _named(self, rows: Sequence[OutboxRow], now: datetime) -> list[OutboxRow]:
        """With the numbers that Trakt has for them; what has none did not arrive, or is gone."""
        nameless = [row for row in rows if not row.remote_ids]
        if not nameless:
            return list(rows)
        assert self._trakt
        trakt = self._trakt
        require_settled(nameless, now, trakt.name)
        found = self._breaker.call(lambda: find(trakt, nameless))
        self._store.mark_sent(
            [
                Outcome(id=one, state=Sending.DONE, remote_ids=(str(number),))
                for one, number in found.items()
            ],
            now,
        )
        kept = [row for row in rows if row.remote_ids or row.id not in found]
        renamed = self._store.outbox_of_plays([row.play_id for row in nameless])
        return kept + [row for row in renamed if row.id in found]

    def _told_by_none_else(self, rows: Sequence[OutboxRow], sync_id: int) -> list[OutboxRow]:
        tellings = self._store.tellings([row.play_id for row in rows])
        return [
            row
            for row in rows
            if all(
                one.gone_at or one.sync_id == sync_id
                or one.key in {f"{row.provider}:{number}" for number in row.remote_ids}
                for one in tellings.get(row.play_id, ())
            )
        ]  # fmt: skip

    def _sent(self, undone: SyncRow) -> list[OutboxRow]:
        """What Trakt was told, or may have been, of what the sync sent or brought."""
        if undone.kind == PUSH:
            return self._store.outbox_of_sync(undone.id, SENT)
        found: list[OutboxRow] = []
        before: tuple[int, int] | None = None
        while plays := self._store.plays(sync_id=undone.id, before=before, limit=PAGE):
            rows = self._store.outbox_of_plays([one.id for one in plays])
            found += [row for row in rows if row.state in SENT]
            before = plays[-1].at_s, plays[-1].id
        return found

    def _undoable(self, sync_id: int) -> SyncRow:
        found = self._store.sync(sync_id)
        if found is None:
            raise NotQueued(f"no sync has the number {sync_id}; nothing was undone")
        if found.kind == UNDO:
            raise NotQueued(f"sync {sync_id} is an undo; nothing was undone")
        if found.state == UNDONE:
            raise NotQueued(f"sync {sync_id} is undone already")
        return found

    def _require_login(self, rows: Sequence[OutboxRow]) -> None:
        accounts = {row.account for row in rows}
        if not accounts:
            return
        count = "1 play" if len(rows) == 1 else f"{len(rows)} plays"
        if self._trakt is None:
            raise ConfigError(
                f"Trakt was told of {count} of it, and is off; nothing was undone; set "
                "trakt.enabled to true and log in"
            )
        here = self._breaker.call(self._trakt.settings, at_once=True).username
        if accounts != {here}:
            names = " and ".join(sorted(accounts - {here}))
            raise ConfigError(
                f"{count} of it were told to the account {names}, and {here} is logged in; "
                "nothing was undone"
            )

    def _unfinished(self) -> list[SyncRow]:
        """The oldest first."""
        found = self._store.syncs(kind=UNDO)
        return [one for one in reversed(found) if one.state in {RUNNING, INTERRUPTED}]
