"""Ratings and wishes as lists show them."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from movie_sync.history.rows import RatingRow, WishRow
from movie_sync.history.statements import seconds
from movie_sync.history.tastes import partless, seasonless
from movie_sync.history_tables import ratings, wishes
from movie_sync.library.title_writing import ids_of
from movie_sync.library_models import Kind
from movie_sync.library_tables import titles

r, w, x = ratings.c, wishes.c, titles.c


def rating_rows(connection: Connection, which: ColumnElement[bool]) -> list[RatingRow]:
    """The newest first."""
    rows = connection.execute(select(ratings).where(which, r.gone_at.is_(None))).all()
    return [
        RatingRow(
            title_id=row.title_id, season=seasonless(row.season),
            episode_id=partless(row.episode_id), source=row.source, tenths=row.tenths,
            rated_at=row.rated_at,
        )
        for row in sorted(rows, key=lambda row: (seconds(row.rated_at), row.source), reverse=True)
    ]  # fmt: skip


def wish_rows(connection: Connection, which: ColumnElement[bool]) -> list[WishRow]:
    return wishes_of(connection, wishes_query().where(which))


def wishes_query() -> Select[Any]:
    return (
        select(wishes, x.kind, x.title, x.year, x.files)
        .join(titles, x.id == w.title_id)
        .where(w.gone_at.is_(None))
        .order_by(w.title_id, w.season, w.episode_id, w.source)
    )


def wishes_of(connection: Connection, query: Select[Any]) -> list[WishRow]:
    rows = connection.execute(query).all()
    ids: dict[int, dict[str, str]] = {}
    for kind in Kind:
        mine = sorted({row.title_id for row in rows if row.kind == kind})
        ids |= ids_of(connection, str(kind), mine)
    return [
        WishRow(
            title_id=row.title_id, kind=Kind(row.kind), title=row.title, year=row.year,
            ids=ids[row.title_id], source=row.source, listed_at=row.listed_at,
            season=seasonless(row.season), episode_id=partless(row.episode_id),
            owned=row.files > 0,
        )
        for row in rows
    ]  # fmt: skip
