"""What all parts of the history's store say to the database in the same way."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, or_, select

from movie_sync.db import Database
from movie_sync.history_tables import checkpoints, marks, plays, seen, syncs
from movie_sync.library.playing import refresh_plays
from movie_sync.library.statements import as_json, upsert
from movie_sync.library_tables import titles

AT_ONCE = 500  # rows in one statement, and names in one question
MOST_PROBLEMS = 100  # sentences that a sync keeps

T = TypeVar("T")
sentences_of = msgspec.json.Decoder(tuple[str, ...]).decode
counts_of = msgspec.json.Decoder(dict[str, int]).decode


class Part:
    """A part of the store; each says another kind of thing to the same database.

    Args:
        zone: where the person lives; None is the zone of the machine.
    """

    def __init__(self, db: Database, zone: tzinfo | None = None) -> None:
        self.db = db
        self.zone = zone


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    given = iter(values)
    while some := list(islice(given, AT_ONCE)):
        yield some


def seconds(moment: datetime | None) -> int:
    """Since 1970, to sort by; 0 where it is not known when."""
    return int(moment.timestamp()) if moment else 0


def next_id(connection: Connection, table: Any) -> int:
    """The number of the next row; no other writes meanwhile, for there is one writer."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1


def put_marks(
    connection: Connection, told: Iterable[tuple[str, str, str | None]], now: datetime
) -> None:
    values = {(provider, name): value for provider, name, value in told}
    m = marks.c
    for (provider, name), value in values.items():
        if value is None:
            connection.execute(delete(marks).where(m.provider == provider, m.name == name))
    upsert(connection, marks, [
        {"provider": provider, "name": name, "value": value, "set_at": now}
        for (provider, name), value in values.items() if value is not None
    ])  # fmt: skip


def put_checkpoint(connection: Connection, sync_id: int, told: Mapping[str, str]) -> None:
    rows = [{"sync_id": sync_id, "name": name, "value": value} for name, value in told.items()]
    upsert(connection, checkpoints, rows)


def add_counts(
    connection: Connection, sync_id: int, counts: Mapping[str, int], problems: Iterable[str]
) -> None:
    """To those that the sync has; of problems the first are kept."""
    mine = syncs.c.id == sync_id
    row = connection.execute(select(syncs.c.counts, syncs.c.problems).where(mine)).one()
    sums = counts_of(row.counts)
    for name, value in counts.items():
        sums[name] = sums.get(name, 0) + value
    said = (*sentences_of(row.problems), *problems)[:MOST_PROBLEMS]
    values = {"counts": as_json(sums), "problems": as_json(said)}
    connection.execute(syncs.update().where(mine).values(values))


def refresh(connection: Connection, works: Iterable[tuple[int, int | None]]) -> None:
    """Bring what is seen of these titles and episodes, and what titles show, in step with plays."""
    pairs = {(title_id, episode_id or 0) for title_id, episode_id in works}
    for some in batches(pairs):
        _refresh_some(connection, some)
    refresh_plays(connection, {title_id for title_id, _ in pairs})


def _refresh_some(connection: Connection, pairs: list[tuple[int, int]]) -> None:
    rows = [
        dict(row._mapping) | {"episode_id": row.episode_id or 0}
        for which in of_works(pairs)
        for row in connection.execute(_sums(which))
    ]
    upsert(connection, seen, rows)
    left = set(pairs) - {(row["title_id"], row["episode_id"]) for row in rows}
    s = seen.c
    for title_id, part in left:
        connection.execute(delete(seen).where(s.title_id == title_id, s.episode_id == part))


def of_works(works: Collection[tuple[int, int]]) -> Iterator[ColumnElement[bool]]:
    """Conditions that their plays meet, one of them each; a question for none reads them all."""
    whole = [title_id for title_id, part in works if not part]
    parts = [part for _, part in works if part]
    if whole:
        yield plays.c.episode_id.is_(None) & plays.c.title_id.in_(whole)
    if parts:
        yield plays.c.episode_id.in_(parts)


def _sums(which: ColumnElement[bool]) -> Any:
    p = plays.c
    return (
        select(
            p.title_id, p.episode_id, func.count().label("plays"),
            func.min(p.watched_at).label("first_at"), func.max(p.watched_at).label("last_at"),
            func.max(p.at_s).label("last_s"),
        )
        .where(which, p.deleted_at.is_(None))
        .group_by(p.title_id, p.episode_id)
    )  # fmt: skip


def after(columns: tuple[Any, ...], values: tuple[Any, ...], *, down: bool) -> ColumnElement[bool]:
    """What comes after these values, in the order of these columns."""
    first, *rest = columns
    value, *others = values
    beyond = first < value if down else first > value
    if not rest:
        return beyond  # type: ignore[no-any-return]
    return or_(beyond, (first == value) & after(tuple(rest), tuple(others), down=down))


def title_exists(connection: Connection, title_id: int) -> bool:
    there = select(titles.c.id).where(titles.c.id == title_id, titles.c.deleted_at.is_(None))
    return connection.execute(there).first() is not None
