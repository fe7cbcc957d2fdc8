"""What is new at Trakt comes here, and once a week all of it is compared.

    one question    whether anything changed since the last time           (none: that was all)
    news            watched since the last success, and a day before that  (dates as they are told)
    a comparison    what was added there with an older date, and what was taken away there

Each mark says when the last one that succeeded in all its parts *began*, so that what happened
meanwhile is asked for the next time. It is moved only when everything is stored.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from msgspec import Struct
from sqlalchemy import Table, func, select

from movie_sync.errors import MovieSyncError
from movie_sync.history.import_models import COMPARE, NEWS
from movie_sync.history.import_rows import ImportRows
from movie_sync.history.importing import COMPARED_AT, IMPORTED_AT, SYNCED_AT, unended
from movie_sync.history.reconcile import Asked, compare, look_up
from movie_sync.history.rows import SyncRow
from movie_sync.history.store import HistoryStore
from movie_sync.history.taking import Manner, Taking
from movie_sync.history_models import Rating, Wish, Work
from movie_sync.history_tables import ratings, wishes
from movie_sync.library_models import Kind
from movie_sync.services.trakt_shapes import NAME
from movie_sync.trakt_models import Activities, Listed

log = logging.getLogger(__name__)

GONE_SHARE, GONE = 0.1, 20  # of ratings and wishes: more than both is not believed
ACTIVITIES = ("films_watched_at", "episodes_watched_at", "rated_at", "wished_at")

Mark = tuple[str, str, str | None]


class Told(Asked, Protocol):
    """What a sync asks of Trakt; `services.trakt.Trakt` is one."""

    def last_activities(self) -> Activities: ...
    def ratings(self) -> Listed: ...
    def watchlist(self) -> Listed: ...


class Pace(Struct, frozen=True, kw_only=True):
    every: timedelta = timedelta(hours=6)
    overlap: timedelta = timedelta(hours=24)
    compare_every: timedelta = timedelta(days=7)
    rate: Literal["missing", "all", "none"] = "missing"
    watchlist: bool = True


class TraktSync:
    """For one thread at a time."""

    def __init__(
        self,
        store: HistoryStore,
        rows: ImportRows,
        taking: Taking,
        trakt: Told,
        pace: Pace,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._rows, self._taking = store, rows, taking
        self._trakt, self._pace, self._clock = trakt, pace, clock
        self._manner = Manner(source=NAME, rate=pace.rate)

    def due_at(self, now: datetime) -> datetime:
        """When news are to be asked for next."""
        return _due(self._store.mark(NAME, SYNCED_AT), self._pace.every, now)

    def compare_due_at(self, now: datetime) -> datetime | None:
        """When all is to be compared next; None before the whole was imported, as then all of it
        would be missing here."""
        marks = self._store.marks(NAME)
        if IMPORTED_AT not in marks:
            return None
        return _due(marks.get(COMPARED_AT), self._pace.compare_every, now)

    def run(self, now: datetime) -> SyncRow | None:
        """Take over what is new; None where nothing changed, or an import is not at its end: that
        one has to see series before their news do.

        Raises as Trakt does: what came until then is stored, and is asked for again.
        """
        if unended(self._store):
            return None
        marks = self._store.marks(NAME)
        told = self._trakt.last_activities()
        seen = {name: _text(getattr(told, name)) for name in ACTIVITIES}
        changed = {name for name, at in seen.items() if at != marks.get(name)}
        ends: list[Mark] = [(NAME, name, at) for name, at in seen.items()]
        ends.append((NAME, SYNCED_AT, now.isoformat()))
        if not changed:
            self._store.set_marks(ends, self._clock())
            return None
        with self._logged(NEWS, now) as sync_id:
            self._read_news(sync_id, changed, self._since(marks.get(SYNCED_AT), now))
            if "rated_at" in changed and self._pace.rate != "none":
                self._read_ratings(sync_id)
            if "wished_at" in changed and self._pace.watchlist:
                self._read_wishes(sync_id)
            self._store.end_sync(sync_id, "done", self._clock(), marks=ends)
        return self._store.sync(sync_id)

    def compare(self, now: datetime, *, accept: bool = False) -> SyncRow | None:
        """Compare all of it; what is missing comes, what is gone there is marked.

        Args:
            accept: believe that everything that Trakt does not list any more was taken away.
        """
        with self._logged(COMPARE, now) as sync_id:
            again = self._rows.entries_left_out(NAME)
            compared = compare(self._store.db, self._trakt, again)
            if compared.doubt and not accept:
                log.warning("history: %s", compared.doubt)
                self._store.end_sync(sync_id, "done", self._clock(), compared.doubt)
                return self._store.sync(sync_id)
            self._taking.take(again, self._manner, self._clock(), sync_id=sync_id)
            found = set[str]()
            for some in look_up(self._trakt, compared):
                found |= {play.key for play in some}
                self._taking.take(some, self._manner, self._clock(), sync_id=sync_id)
            gone = [one.key for each in compared.extra.values() for one in each]
            gone = [key for key in gone if key not in found]
            self._store.mark_gone(gone, self._clock())
            self._store.note_sync(sync_id, {"gone": len(gone)} if gone else {})
            marks = [(NAME, COMPARED_AT, now.isoformat())]
            self._store.end_sync(sync_id, "done", self._clock(), marks=marks)
        return self._store.sync(sync_id)

    def _since(self, last: str | None, now: datetime) -> datetime:
        """A clock that was put back since must not hide what was watched."""
        before = min(datetime.fromisoformat(last), now) if last else now
        return before - self._pace.overlap

    def _read_news(self, sync_id: int, changed: set[str], since: datetime) -> None:
        kinds = [
            kind
            for kind, name in ((Kind.FILM, ACTIVITIES[0]), (Kind.SHOW, ACTIVITIES[1]))
            if name in changed
        ]
        if not kinds:
            return
        for page in self._trakt.history(kinds[0] if len(kinds) == 1 else None, start_at=since):
            self._taking.take(
                [one.play for one in page.plays], self._manner, self._clock(), sync_id=sync_id,
                unread=[f"{NAME}: {problem}" for problem in page.problems],
            )  # fmt: skip

    def _read_ratings(self, sync_id: int) -> None:
        listed = self._trakt.ratings()
        keep = self._take(sync_id, listed.ratings, listed.problems)
        if self._is_believed(sync_id, ratings, len(listed.ratings), listed.problems):
            self._store.gone_ratings(NAME, keep, self._clock())

    def _read_wishes(self, sync_id: int) -> None:
        listed = self._trakt.watchlist()
        keep = self._take(sync_id, listed.wishes, listed.problems)
        if self._is_believed(sync_id, wishes, len(listed.wishes), listed.problems):
            self._store.gone_wishes(NAME, keep, self._clock())

    def _take(
        self, sync_id: int, entries: Sequence[Rating | Wish], problems: Sequence[str]
    ) -> list[Work]:
        """Store these, and say whose they are."""
        unread = [f"{NAME}: {problem}" for problem in problems]
        now = self._clock()
        taken = self._taking.take(entries, self._manner, now, sync_id=sync_id, unread=unread)
        return [one.work for one in taken.kept]

    def _is_believed(
        self, sync_id: int, table: Table, listed: int, problems: Sequence[str]
    ) -> bool:
        """Whether what a list does not hold was taken off it."""
        mine = (table.c.source == NAME) & table.c.gone_at.is_(None)
        with self._store.db.read() as connection:
            before = connection.execute(select(func.count()).where(mine)).scalar_one()
        if problems:
            return False
        if before - listed <= max(GONE, GONE_SHARE * before):
            return True
        what = f"Trakt lists {listed} {table.name} and had {before}"
        sentence = f"{what}; that is not believed, and none was taken for gone"
        log.warning("history: %s", sentence)
        self._store.note_sync(sync_id, problems=[sentence])
        return False

    @contextmanager
    def _logged(self, kind: str, now: datetime) -> Iterator[int]:
        """A sync in the log that says why it ended, where it fails."""
        sync_id = self._store.begin_sync(kind, now, provider=NAME)
        try:
            yield sync_id
        except MovieSyncError as error:
            self._store.end_sync(sync_id, "failed", self._clock(), str(error))
            raise


def _due(last: str | None, every: timedelta, now: datetime) -> datetime:
    if last is None:
        return now
    at = datetime.fromisoformat(last)
    return now if at > now else at + every  # the clock may have been set back


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
