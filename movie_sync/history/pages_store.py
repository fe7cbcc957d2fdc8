"""The part of the store that lists and pages are read from. It writes nothing.

Every list goes on after the last row that it showed, so that it takes as long at its end as at
its beginning.
"""

from calendar import monthrange
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select

from movie_sync.history.reading_rows import (
    play_rows,
    plays_query,
    progress_query,
    progress_rows,
    seen_rows,
    works_of,
)
from movie_sync.history.rows import Counts, PlayRow, ProgressRow, SeenRow, TitleHistory
from movie_sync.history.statements import Part, after
from movie_sync.history.tastes_rows import rating_rows, wish_rows
from movie_sync.history_models import Day, Play
from movie_sync.history_tables import (
    outbox,
    plays,
    progress,
    ratings,
    seen,
    viki_containers,
    waiting_plays,
    wishes,
    work_questions,
)
from movie_sync.library_models import Kind
from movie_sync.library_tables import titles

p, x = plays.c, titles.c
THERE = p.deleted_at.is_(None)


class PagesStore(Part):
    def month(self, year: int, month: int) -> list[Day]:
        """The days that have any plays."""
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        query = (
            select(p.local_day, func.count())
            .where(p.local_day.between(first, last), THERE)
            .group_by(p.local_day)
            .order_by(p.local_day)
        )
        with self.db.read() as connection:
            return [Day(day, count) for day, count in connection.execute(query)]

    def years(self) -> dict[int, int]:
        """Plays of each year that has any, the newest first."""
        query = select(p.local_day, func.count()).where(p.local_day.is_not(None), THERE)
        found: dict[int, int] = {}
        with self.db.read() as connection:
            for day, count in connection.execute(query.group_by(p.local_day)):
                found[day.year] = found.get(day.year, 0) + count
        return dict(sorted(found.items(), reverse=True))

    def plays(
        self,
        *,
        title_id: int | None = None,
        source: str | None = None,
        kind: Kind | None = None,
        first_day: date | None = None,
        last_day: date | None = None,
        sync_id: int | None = None,
        deleted: bool = False,
        before: tuple[int, int] | None = None,
        limit: int = 60,
    ) -> list[PlayRow]:
        """The newest first; of which it is not known when, last.

        Args:
            deleted: those that were taken away, and no others.
            before: `at_s` and `id` of the last one that was shown.
        """
        query = plays_query().where(p.deleted_at.is_not(None) if deleted else THERE)
        wanted: tuple[tuple[Any, Any], ...] = (
            (p.title_id, title_id), (p.source, source), (x.kind, kind and str(kind)),
            (p.sync_id, sync_id),
        )  # fmt: skip
        for column, value in wanted:
            if value is not None:
                query = query.where(column == value)
        if first_day is not None:
            query = query.where(p.local_day >= first_day)
        if last_day is not None:
            query = query.where(p.local_day <= last_day)
        if before is not None:
            query = query.where(after((p.at_s, p.id), before, down=True))
        query = query.order_by(p.at_s.desc(), p.id.desc()).limit(limit)
        with self.db.read() as connection:
            return play_rows(connection, query)

    def day(self, day: date) -> list[PlayRow]:
        """All of one day, the first first."""
        query = plays_query().where(p.local_day == day, THERE).order_by(p.at_s, p.id)
        with self.db.read() as connection:
            return play_rows(connection, query)

    def play(self, play_id: int) -> PlayRow | None:
        """Also one that was taken away."""
        with self.db.read() as connection:
            found = play_rows(connection, plays_query().where(p.id == play_id))
        return found[0] if found else None

    def export(self, after_id: int = 0, limit: int = 1000) -> list[tuple[int, Play]]:
        """With their numbers, as they were told and with all ids that are known by now."""
        query = select(plays).where(THERE, p.id > after_id).order_by(p.id).limit(limit)
        with self.db.read() as connection:
            rows = connection.execute(query).all()
            works = works_of(connection, {(row.title_id, row.episode_id or 0) for row in rows})
        return [
            (row.id, Play(
                key=row.key, source=row.source, work=works[row.title_id, row.episode_id or 0],
                watched_at=row.watched_at, day_only=bool(row.day_only), zone=row.zone,
            ))
            for row in rows
        ]  # fmt: skip

    def title_history(self, title_id: int, limit: int = 60) -> TitleHistory:
        query = plays_query().where(p.title_id == title_id, THERE)
        query = query.order_by(p.at_s.desc(), p.id.desc()).limit(limit)
        with self.db.read() as connection:
            return TitleHistory(
                title_id=title_id,
                plays=tuple(play_rows(connection, query)),
                seen=tuple(seen_rows(connection, [title_id])),
                ratings=tuple(rating_rows(connection, ratings.c.title_id == title_id)),
                wishes=tuple(wish_rows(connection, wishes.c.title_id == title_id)),
                progress=tuple(progress_rows(connection, progress_query().where(x.id == title_id))),
            )

    def in_progress(
        self, *, before: tuple[int, int, int] | None = None, limit: int = 60
    ) -> list[ProgressRow]:
        """What is begun and was not watched since, the newest first.

        Args:
            before: `at_s`, `title_id` and `episode_id` (or 0) of the last one that was shown.
        """
        g = progress.c
        order = (g.at_s, g.title_id, g.episode_id)
        query = progress_query().order_by(*(column.desc() for column in order)).limit(limit)
        if before is not None:
            query = query.where(after(order, before, down=True))
        with self.db.read() as connection:
            return progress_rows(connection, query)

    def seen(self, title_ids: list[int]) -> dict[int, list[SeenRow]]:
        """What of each title is watched."""
        found: dict[int, list[SeenRow]] = {}
        with self.db.read() as connection:
            for row in seen_rows(connection, title_ids):
                found.setdefault(row.title_id, []).append(row)
        return found

    def counts(self) -> Counts:
        """All of it, in figures."""
        is_show = x.kind == str(Kind.SHOW)
        with self.db.read() as connection:

            def number(query: Select[Any]) -> int:
                return int(connection.execute(query).scalar_one() or 0)

            by_source = _counted(connection, select(p.source, func.count()).where(THERE)
                                 .group_by(p.source))  # fmt: skip
            of_titles = select(
                func.sum(cast(~is_show, Integer)), func.sum(cast(is_show, Integer))
            ).where(x.id.in_(select(seen.c.title_id)))
            films, shows = connection.execute(of_titles).one()
            open_ones = work_questions.c.settled_at.is_(None)
            unmatched = viki_containers.c.state.in_(("review", "none", "new"))
            return Counts(
                plays=sum(by_source.values()),
                films=films or 0,
                shows=shows or 0,
                episodes=number(select(func.count()).where(seen.c.episode_id > 0)),
                undated=number(select(func.count()).where(p.local_day.is_(None), THERE)),
                by_source=by_source,
                waiting=number(select(func.count()).select_from(waiting_plays)),
                questions=number(select(func.count()).where(open_ones)),
                unmatched=number(select(func.count()).where(unmatched)),
                outbox=_counted(
                    connection,
                    select(outbox.c.state, func.count()).group_by(outbox.c.state),
                ),
            )


def _counted(connection: Any, query: Select[Any]) -> dict[str, int]:
    return {name: count for name, count in connection.execute(query)}  # noqa: C416
