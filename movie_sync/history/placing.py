"""How plays are stored: which are new, and which tell of one that is there. In a transaction.

A key that was told before says nothing new, whatever date it comes with, for a play may have been
given a better one since. One who took a play away took it away for all who tell of that day.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct, structs
from sqlalchemy import Connection, bindparam, select, update

from movie_sync.history import waiting
from movie_sync.history.days import day_of
from movie_sync.history.rows import GONE, HAND, UNDONE, Batch, Saved
from movie_sync.history.statements import batches, next_id, of_works, refresh, seconds
from movie_sync.history.works import Place, place
from movie_sync.history_models import Play
from movie_sync.history_tables import play_tellings, plays
from movie_sync.library.rows import Conflict
from movie_sync.library.statements import Row, insert

SAME_MOMENT = timedelta(minutes=1)


class Known(Struct):
    """A play that is there, or was."""

    id: int
    title_id: int
    episode_id: int  # 0: none
    day: date | None
    watched_at: datetime | None
    day_only: bool
    deleted_by: str | None
    zone: str | None
    changed: bool = False  # its time
    back: bool = False


def save_plays(connection: Connection, batch: Batch, now: datetime, home: tzinfo | None) -> Saved:
    saved = Saved()
    for some in batches(batch.plays):
        saved += _Saving(connection, batch, now, home).save(some)
    return saved


class _Saving:
    """Of some plays, as many as one question to the database holds."""

    def __init__(
        self, connection: Connection, batch: Batch, now: datetime, home: tzinfo | None
    ) -> None:
        self.connection, self.batch, self.now, self.home = connection, batch, now, home
        self.counts = dict.fromkeys(("new", "linked", "known", "earlier", "back", "removed"), 0)
        self.plays: list[Row] = []
        self.tellings: list[Row] = []
        self.known: dict[tuple[int, int], list[Known]] = {}
        self.next_id = 0

    def save(self, told: Sequence[Play]) -> Saved:
        connection = self.connection
        new = self._not_told(told)
        if not new:
            return structs.replace(Saved(), **self.counts)
        placed = place(connection, [play.work for play in new], self.now)
        pairs = list(zip(new, placed.places, strict=True))
        asked = [(play, at) for play, at in pairs if isinstance(at, Conflict)]
        there = [(play, at) for play, at in pairs if isinstance(at, Place)]
        waits = waiting.put(connection, asked, self.now, self.batch.sync_id)
        waiting.forget(connection, [play.key for play, _ in there])
        self.known |= _plays_of(connection, {(at.title_id, at.episode_id) for _, at in there})
        self.next_id = next_id(connection, plays)
        touched = {(at.title_id, at.episode_id) for play, at in there if self._save(play, at)}
        insert(connection, plays, self.plays)
        insert(connection, play_tellings, self.tellings)
        touched |= self._write_changes()
        refresh(connection, touched)
        return structs.replace(Saved(waiting=waits, titles=placed.made), **self.counts)

    def _not_told(self, told: Sequence[Play]) -> list[Play]:
        """Those whose keys are new. What was gone is back; what was undone, where it may be."""
        distinct = {play.key: play for play in told}
        before = _told_before(self.connection, distinct)
        self.counts["known"] += len(before)
        wanted = (GONE, UNDONE) if self.batch.revive else (GONE,)
        back = [key for key, gone_by in before.items() if gone_by in wanted]
        self.counts["back"] += revive(self.connection, back, self.batch.sync_id)
        return [play for key, play in distinct.items() if key not in before]

    def _save(self, play: Play, at: Place) -> bool:
        """Whether there is another play than before."""
        day = day_of(play, self.home)
        mine = self.known.setdefault((at.title_id, at.episode_id), [])
        same = self._same(play, day, mine)
        self.tellings.append(self._telling(play, same.id if same else self.next_id))
        if same:
            self._link(play, day, same)
            return False
        self.plays.append(self._row(play, at, day))
        mine.append(Known(
            self.next_id, at.title_id, at.episode_id, day, play.watched_at, play.day_only,
            None, play.zone,
        ))  # fmt: skip
        self.next_id += 1
        self.counts["new"] += 1
        return True

    def _same(self, play: Play, day: date | None, known: Sequence[Known]) -> Known | None:
        """What is there before what was taken away, and of these the one of that day."""
        found = sorted(known, key=lambda one: (one.deleted_by is not None, one.day != day))
        return next((one for one in found if self._is_same(play, day, one)), None)

    def _is_same(self, play: Play, day: date | None, one: Known) -> bool:
        if one.deleted_by:
            return one.day == day
        if day is None or one.day is None:
            return True  # the one that is told without a date is the one that there is
        if self.batch.earliest and one.episode_id:
            return True
        if one.day != day:
            return False
        if self.batch.one_a_day or play.day_only or one.day_only:
            return True
        assert play.watched_at
        assert one.watched_at
        return abs(play.watched_at - one.watched_at) < SAME_MOMENT

    def _link(self, play: Play, day: date | None, one: Known) -> None:
        self.counts["linked"] += 1
        if one.deleted_by == HAND:
            self.counts["removed"] += 1
            return
        if one.deleted_by:
            one.deleted_by, one.back = None, True
            self.counts["back"] += 1
        earlier = day is not None and (one.day is None or day < one.day)
        exact = day is not None and day == one.day and one.day_only and not play.day_only
        if earlier or exact:
            one.watched_at, one.day, one.day_only = play.watched_at, day, play.day_only
            one.zone, one.changed = play.zone, True
            self.counts["earlier"] += earlier

    def _row(self, play: Play, at: Place, day: date | None) -> Row:
        return {
            "id": self.next_id, "key": play.key, "source": play.source,
            "title_id": at.title_id, "episode_id": at.episode_id or None,
            "watched_at": play.watched_at, "at_s": seconds(play.watched_at), "local_day": day,
            "day_only": play.day_only, "zone": play.zone, "noted_at": self.now,
            "sync_id": self.batch.sync_id,
        }  # fmt: skip

    def _telling(self, play: Play, play_id: int) -> Row:
        return {
            "key": play.key, "play_id": play_id, "source": play.source, "told_id": play.told_id,
            "watched_at": play.watched_at, "sync_id": self.batch.sync_id, "noted_at": self.now,
        }  # fmt: skip

    def _write_changes(self) -> set[tuple[int, int]]:
        all_of = [one for some in self.known.values() for one in some if one.changed or one.back]
        put_times(self.connection, [one for one in all_of if one.changed])
        put_back(self.connection, [one.id for one in all_of if one.back])
        return {(one.title_id, one.episode_id) for one in all_of}


def put_times(connection: Connection, changed: Iterable[Known]) -> None:
    rows = [
        {"p_id": one.id, "watched_at": one.watched_at, "at_s": seconds(one.watched_at),
         "local_day": one.day, "day_only": one.day_only, "zone": one.zone}
        for one in changed
    ]  # fmt: skip
    if rows:
        connection.execute(update(plays).where(plays.c.id == bindparam("p_id")), rows)


def put_back(connection: Connection, play_ids: Sequence[int]) -> None:
    for some in batches(play_ids):
        there = update(plays).where(plays.c.id.in_(some))
        connection.execute(there.values(deleted_at=None, deleted_by=None))


def revive(connection: Connection, keys: Iterable[str], sync_id: int | None) -> int:
    """Tellings that were undone, with their plays; not what a person took away one by one."""
    t, p = play_tellings.c, plays.c
    revived = 0
    for some in batches(keys):
        mine = update(play_tellings).where(t.key.in_(some))
        connection.execute(mine.values(gone_at=None, gone_by=None, sync_id=sync_id))
        query = (
            select(p.id, p.title_id, p.episode_id)
            .where(p.id.in_(select(t.play_id).where(t.key.in_(some))))
            .where(p.deleted_by.is_not(None), p.deleted_by != HAND)
        )
        rows = connection.execute(query).all()
        put_back(connection, [row.id for row in rows])
        refresh(connection, {(row.title_id, row.episode_id) for row in rows})
        revived += len(rows)
    return revived


def _told_before(connection: Connection, keys: Mapping[str, Play]) -> dict[str, str | None]:
    """These keys, each with what took it away."""
    t = play_tellings.c
    query = select(t.key, t.gone_by).where(t.key.in_(list(keys)))
    return {key: gone_by for key, gone_by in connection.execute(query)}  # noqa: C416 - no mapping


def _plays_of(
    connection: Connection, works: set[tuple[int, int]]
) -> dict[tuple[int, int], list[Known]]:
    p = plays.c
    query = select(
        p.id, p.title_id, p.episode_id, p.local_day, p.watched_at, p.day_only, p.deleted_by, p.zone
    ).order_by(p.at_s, p.id)
    found: dict[tuple[int, int], list[Known]] = {}
    for which in of_works(works):
        for row in connection.execute(query.where(which)):
            part = row.episode_id or 0
            found.setdefault((row.title_id, part), []).append(Known(
                row.id, row.title_id, part, row.local_day, row.watched_at, row.day_only,
                row.deleted_by, row.zone,
            ))  # fmt: skip
    return found
