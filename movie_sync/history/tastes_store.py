"""The part of the store that keeps how works were liked, what is wished for, and what was seen."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from movie_sync.history import moving, tastes, waiting
from movie_sync.history.reading_rows import works_of
from movie_sync.history.rows import QuestionRow, RatingRow, Watched, WishRow
from movie_sync.history.statements import Part, after
from movie_sync.history.tastes_rows import wishes_of, wishes_query
from movie_sync.history_models import Rating, Work
from movie_sync.history_tables import ratings, seen, waiting_plays, wishes, work_questions
from movie_sync.library.statements import numbers_of
from movie_sync.library.title_writing import ids_of
from movie_sync.library_models import Kind
from movie_sync.library_tables import titles

r, w, x, q = ratings.c, wishes.c, titles.c, work_questions.c


class TastesStore(Part):
    def gone_wishes(self, source: str, keep: Iterable[Work], now: datetime) -> int:
        """Of a list that was read whole: what does not stand on it any more."""
        with self.db.write() as connection:
            return tastes.mark_gone(connection, wishes, source, keep, now)

    def gone_ratings(self, source: str, keep: Iterable[Work], now: datetime) -> int:
        """Likewise."""
        with self.db.write() as connection:
            return tastes.mark_gone(connection, ratings, source, keep, now)

    def wishes(
        self,
        *,
        source: str | None = None,
        kind: Kind | None = None,
        after_row: tuple[int, int, int, str] | None = None,
        limit: int = 500,
    ) -> list[WishRow]:
        """By title.

        Args:
            after_row: title, season (or -1), episode (or 0) and source of the last one.
        """
        query = wishes_query().limit(limit)
        if source is not None:
            query = query.where(w.source == source)
        if kind is not None:
            query = query.where(x.kind == str(kind))
        if after_row is not None:
            order = (w.title_id, w.season, w.episode_id, w.source)
            query = query.where(after(order, after_row, down=False))
        with self.db.read() as connection:
            return wishes_of(connection, query)

    def ratings(
        self, *, source: str | None = None, after_title: int = 0, limit: int = 500
    ) -> list[tuple[RatingRow, Rating]]:
        """Of so many titles, by title, with the work as others know it."""
        query = select(r.title_id).where(r.title_id > after_title, r.gone_at.is_(None)).distinct()
        if source is not None:
            query = query.where(r.source == source)
        mine = select(ratings).where(r.gone_at.is_(None))
        if source is not None:
            mine = mine.where(r.source == source)
        with self.db.read() as connection:
            wanted = list(connection.execute(query.order_by(r.title_id).limit(limit)).scalars())
            order = (r.title_id, r.season, r.episode_id, r.source)
            rows = connection.execute(mine.where(r.title_id.in_(wanted)).order_by(*order)).all()
            works = works_of(connection, {(row.title_id, row.episode_id) for row in rows})
        return [tastes.rating_of(row, works[row.title_id, row.episode_id]) for row in rows]

    def watched(
        self,
        *,
        kind: Kind | None = None,
        since: datetime | None = None,
        after_id: int = 0,
        limit: int = 500,
    ) -> list[Watched]:
        """Titles of which anything is watched, with what others call them; by number."""
        c = seen.c
        query = (
            select(
                x.id, x.kind, x.title, x.year, func.sum(c.plays).label("plays"),
                func.count().filter(c.episode_id > 0).label("episodes"),
                func.max(c.last_at).label("last_at"),
            )
            .join(titles, x.id == c.title_id)
            .where(c.title_id > after_id)
            .group_by(x.id, x.kind, x.title, x.year)
            .order_by(x.id)
            .limit(limit)
        )  # fmt: skip
        if kind is not None:
            query = query.where(x.kind == str(kind))
        if since is not None:
            query = query.having(func.max(c.last_at) >= since)
        with self.db.read() as connection:
            rows = connection.execute(query).all()
            ids: dict[int, dict[str, str]] = {}
            for one in Kind:
                mine = [row.id for row in rows if row.kind == one]
                ids |= ids_of(connection, str(one), mine)
        return [
            Watched(
                title_id=row.id, kind=Kind(row.kind), title=row.title, year=row.year,
                ids=ids[row.id], plays=int(row.plays), episodes=row.episodes, last_at=row.last_at,
            )
            for row in rows
        ]  # fmt: skip

    def questions(
        self, *, after_id: int = 0, limit: int = 60, settled: bool = False
    ) -> list[QuestionRow]:
        """Which title a work is, where its ids name two; with how many plays wait for it."""
        waits = (
            select(func.count())
            .where(waiting_plays.c.question_id == q.id)
            .correlate(work_questions)
            .scalar_subquery()
        )
        state = q.settled_at.is_not(None) if settled else q.settled_at.is_(None)
        query = select(work_questions, waits.label("waits")).where(q.id > after_id, state)
        with self.db.read() as connection:
            rows = connection.execute(query.order_by(q.id).limit(limit)).all()
        return [
            QuestionRow(
                id=row.id, work=waiting.work_of(row.shown), sentence=row.sentence,
                title_ids=numbers_of(row.title_ids), asked_at=row.asked_at, plays=row.waits,
                title_id=row.title_id, settled_at=row.settled_at,
            )
            for row in rows
        ]  # fmt: skip

    def follow_merged(self, now: datetime) -> int:
        """Plays of titles that have become part of others are of those; says how many moved."""
        with self.db.write() as connection:
            return moving.follow_merged(connection, now)
