"""Titles of which anything is watched, as a person looks through them: the latest first; and how
much waits for that person.

It only reads. A list goes on after its last row, so that it takes as long at its end as at its
beginning.
"""

from collections.abc import Collection

from sqlalchemy import func, select, tuple_

from movie_sync.db import Database
from movie_sync.history.shelf_rows import ShelfRow
from movie_sync.history_tables import seen, viki_containers, work_questions
from movie_sync.library_models import Kind
from movie_sync.library_tables import titles

c, x = seen.c, titles.c


def shelf(
    db: Database,
    *,
    kind: Kind | None = None,
    only: Collection[int] | None = None,
    before: tuple[int, int] | None = None,
    limit: int = 60,
) -> list[ShelfRow]:
    """What was watched last comes first.

    Args:
        only: numbers of titles; no others.
        before: `last_s` and `title_id` of the last one that was shown.
    """
    last_s = func.max(c.last_s)
    sums = select(
        c.title_id, func.sum(c.plays).label("plays"), last_s.label("last_s"),
        func.count().filter(c.episode_id > 0).label("episodes"),
        func.max(c.last_at).label("last_at"),
    ).group_by(c.title_id)  # fmt: skip
    if only is not None:
        sums = sums.where(c.title_id.in_(only))
    each = sums.subquery()
    query = select(each, x.kind, x.title, x.year).join(titles, x.id == each.c.title_id)
    if kind is not None:
        query = query.where(x.kind == str(kind))
    if before is not None:
        query = query.where(tuple_(each.c.last_s, each.c.title_id) < before)
    query = query.order_by(each.c.last_s.desc(), each.c.title_id.desc()).limit(limit)
    with db.read() as connection:
        return [
            ShelfRow(**dict(row._mapping) | {"kind": Kind(row.kind), "plays": int(row.plays)})
            for row in connection.execute(query)
        ]


def count_asked(db: Database) -> int:
    """Questions that a person alone can answer."""
    shown = viki_containers.c.state == "review"
    asked = work_questions.c.settled_at.is_(None)
    with db.read() as connection:
        return sum(
            connection.execute(select(func.count()).where(which)).scalar_one()
            for which in (shown, asked)
        )


def count_states(db: Database) -> dict[str, int]:
    """How many shows and films of Viki's stand how; those that are matched are one state."""
    s = viki_containers.c.state
    found: dict[str, int] = {}
    with db.read() as connection:
        for state, count in connection.execute(select(s, func.count()).group_by(s)):
            name = "matched" if state in {"auto", "manual"} else state
            found[name] = found.get(name, 0) + count
    return found
