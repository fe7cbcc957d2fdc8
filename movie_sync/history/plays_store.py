"""The part of the store that keeps plays, and takes them away again.

Nothing is deleted: a play that is gone says since when, and who took it away.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, select, update

from movie_sync.history import moving, tastes, waiting
from movie_sync.history.days import local_day
from movie_sync.history.placing import put_back, save_plays
from movie_sync.history.rows import GONE, HAND, UNDONE, Batch, Saved, TellingRow
from movie_sync.history.statements import (
    Part,
    add_counts,
    batches,
    put_checkpoint,
    put_marks,
    refresh,
    seconds,
    title_exists,
)
from movie_sync.history_models import Play, Work
from movie_sync.history_tables import play_tellings, plays, waiting_plays, work_questions

p, t = plays.c, play_tellings.c
TOLD = (t.key, t.play_id, t.source, t.told_id, t.watched_at, t.noted_at, t.sync_id, t.gone_at)


class PlaysStore(Part):
    def save(self, batch: Batch, now: datetime) -> Saved:
        """All of it, or nothing. What was stored before is left alone, so that it may be told
        again after a kill."""
        with self.db.write() as connection:
            return write(connection, batch, now, self.zone)

    def save_plays(self, told: Iterable[Play], now: datetime, **fields: Any) -> Saved:
        """As `save`, of plays; `fields` are those of `Batch`."""
        return self.save(Batch(plays=tuple(told), **fields), now)

    def known_keys(self, keys: Iterable[str]) -> set[str]:
        """Those of them that were told before, also of plays that were taken away or wait."""
        found: set[str] = set()
        w = waiting_plays.c
        with self.db.read() as connection:
            for some in batches(keys):
                found |= set(connection.execute(select(t.key).where(t.key.in_(some))).scalars())
                found |= set(connection.execute(select(w.key).where(w.key.in_(some))).scalars())
        return found

    def told(self, source: str, after_key: str = "", limit: int = 1000) -> list[TellingRow]:
        """All that a source tells of now, by key."""
        query = select(*TOLD).where(t.source == source, t.key > after_key, t.gone_at.is_(None))
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(t.key).limit(limit))
            return [TellingRow(**row._mapping) for row in rows]

    def tellings(self, play_ids: Iterable[int]) -> dict[int, tuple[TellingRow, ...]]:
        """Of each play, also what is told no more, the first first."""
        found: dict[int, tuple[TellingRow, ...]] = {}
        with self.db.read() as connection:
            for some in batches(play_ids):
                query = select(*TOLD).where(t.play_id.in_(some)).order_by(t.noted_at, t.key)
                for row in connection.execute(query):
                    one = TellingRow(**row._mapping)
                    found[one.play_id] = (*found.get(one.play_id, ()), one)
        return found

    def mark_gone(self, keys: Iterable[str], now: datetime) -> int:
        """Their source tells of these no more. Says how many plays are told by nobody now."""
        with self.db.write() as connection:
            return sum(take_away(connection, t.key.in_(some), GONE, now) for some in batches(keys))

    def undo_sync(self, sync_id: int, now: datetime) -> int:
        """Take back what it brought. Says how many plays are told by nobody now; plays of others
        that it only told of too stay."""
        with self.db.write() as connection:
            connection.execute(waiting_plays.delete().where(waiting_plays.c.sync_id == sync_id))
            return take_away(connection, t.sync_id == sync_id, UNDONE, now)

    def remove_plays(self, play_ids: Collection[int], now: datetime) -> int:
        """By hand: they stay away, whoever tells of that day."""
        there = p.deleted_at.is_(None)
        with self.db.write() as connection:
            return sum(
                mark_deleted(connection, p.id.in_(some) & there, HAND, now)
                for some in batches(play_ids)
            )

    def restore_plays(self, play_ids: Collection[int], now: datetime) -> int:
        """Whoever took them away."""
        restored = 0
        with self.db.write() as connection:
            for some in batches(play_ids):
                gone = p.id.in_(some) & p.deleted_at.is_not(None)
                query = select(p.id, p.title_id, p.episode_id).where(gone)
                rows = connection.execute(query).all()
                put_back(connection, [row.id for row in rows])
                refresh(connection, {(row.title_id, row.episode_id) for row in rows})
                restored += len(rows)
        return restored

    def set_date(
        self, play_id: int, watched_at: datetime | None, *, day_only: bool = False
    ) -> bool:
        """At home; what it was told with is kept. False: there is no such play."""
        with self.db.write() as connection:
            query = select(p.title_id, p.episode_id).where(p.id == play_id)
            row = connection.execute(query).first()
            if row is None:
                return False
            values = {
                "watched_at": watched_at, "at_s": seconds(watched_at), "day_only": day_only,
                "zone": None,
                "local_day": local_day(watched_at, self.zone) if watched_at else None,
            }  # fmt: skip
            connection.execute(update(plays).where(p.id == play_id).values(values))
            refresh(connection, {(row.title_id, row.episode_id)})
            return True

    def replace_works(self, works: Mapping[str, Work], now: datetime) -> int:
        """The plays of these keys are of other works, as after a match. Says how many moved."""
        with self.db.write() as connection:
            return moving.replace_works(connection, works, now)

    def settle_question(self, question_id: int, title_id: int, now: datetime) -> Saved | None:
        """A person says which title is meant: what waits for it is stored, and so will be what
        comes. None: there is no such question, or no such title."""
        c = work_questions.c
        with self.db.write() as connection:
            if not title_exists(connection, title_id):
                return None
            answer = update(work_questions).where(c.id == question_id)
            made = connection.execute(answer.values(title_id=title_id, settled_at=now))
            if not made.rowcount:
                return None
            waiting_ones = waiting.of_question(connection, question_id)
            return write(connection, Batch(plays=waiting_ones), now, self.zone)


def write(connection: Connection, batch: Batch, now: datetime, home: tzinfo | None) -> Saved:
    """A batch, in a transaction of the caller's."""
    saved = save_plays(connection, batch, now, home)
    saved += tastes.save(connection, batch, now)
    put_marks(connection, batch.marks, now)
    if batch.sync_id is not None:
        put_checkpoint(connection, batch.sync_id, batch.checkpoint)
        counts = dict(batch.counts)
        for name, value in saved.counts.items():
            counts[name] = counts.get(name, 0) + value
        add_counts(connection, batch.sync_id, counts, (*batch.problems, *saved.problems))
    return saved


def take_away(connection: Connection, which: ColumnElement[bool], by: str, now: datetime) -> int:
    """Tellings, and the plays that nobody else tells of."""
    there = which & t.gone_at.is_(None)
    mine = list(connection.execute(select(t.play_id).where(there).distinct()).scalars())
    connection.execute(update(play_tellings).where(there).values(gone_at=now, gone_by=by))
    still = exists().where(t.play_id == p.id, t.gone_at.is_(None))
    return sum(
        mark_deleted(connection, p.id.in_(some) & p.deleted_at.is_(None) & ~still, by, now)
        for some in batches(mine)
    )


def mark_deleted(connection: Connection, which: ColumnElement[bool], by: str, now: datetime) -> int:
    rows = connection.execute(select(p.id, p.title_id, p.episode_id).where(which)).all()
    for some in batches(rows):
        mine = update(plays).where(p.id.in_([row.id for row in some]))
        connection.execute(mine.values(deleted_at=now, deleted_by=by))
        refresh(connection, {(row.title_id, row.episode_id) for row in some})
    return len(rows)
