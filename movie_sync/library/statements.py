"""What all parts of the library's store say to the database in the same way."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Executable, Table, and_, bindparam, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from movie_sync.db import Database
from movie_sync.library.playing import plays_of
from movie_sync.library.rows import Probe
from movie_sync.library_models import Told
from movie_sync.library_tables import (
    asset_episodes,
    assets,
    sightings,
    titles,
)

AT_ONCE = 500  # rows in one statement, and names in one question
LISTED = and_(assets.c.extra.is_(None), assets.c.merged_into.is_(None))  # a file of a title

T = TypeVar("T")
Row = dict[str, Any]


class Part:
    """A part of the store; each says another kind of thing to the same database."""

    def __init__(self, db: Database) -> None:
        self.db = db


def as_json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


numbers_of = msgspec.json.Decoder(tuple[int, ...]).decode


def told_json(told: Sequence[Told]) -> str:
    """A name that is no UTF-8 is told of with a question mark."""
    try:
        return as_json(told)
    except UnicodeEncodeError:
        plain = json.dumps(msgspec.to_builtins(told))
        return re.sub(r"\\ud[c-f]..", "?", plain)


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    given = iter(values)
    while some := list(islice(given, AT_ONCE)):
        yield some


def upsert(
    connection: Connection, table: Table, rows: Sequence[Row], kept: Collection[str] = ()
) -> None:
    """Insert these rows, or set the ones with their keys to them.

    Args:
        kept: columns that stay as they are in a row that is there.
    """
    if rows:
        names = tuple(rows[0])
        dialect = connection.dialect.name
        connection.execute(_upserting(table, names, tuple(kept), dialect), rows)


@cache
def _upserting(
    table: Table, names: tuple[str, ...], kept: tuple[str, ...], dialect: str
) -> Executable:
    kind: Any = sqlite if dialect == "sqlite" else postgresql
    new = kind.insert(table)
    key = [column.name for column in table.primary_key]
    others = {name: new.excluded[name] for name in names if name not in key and name not in kept}
    whole: Executable = (
        new.on_conflict_do_update(index_elements=key, set_=others)
        if others
        else new.on_conflict_do_nothing(index_elements=key)
    )
    return whole


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def next_id(connection: Connection, table: Table) -> int:
    """The number of the next row; no other writes meanwhile, for there is one writer."""
    return int(connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()) + 1


def episodes_of(connection: Connection, asset_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The episodes that each file holds."""
    found: dict[int, tuple[int, ...]] = {}
    a, e = asset_episodes.c.asset_id, asset_episodes.c.episode_id
    for some in batches(asset_ids):
        for asset_id, episode_id in connection.execute(
            select(a, e).where(a.in_(some)).order_by(a, e)
        ):
            found[asset_id] = (*found.get(asset_id, ()), episode_id)
    return found


def refresh(connection: Connection, title_ids: Iterable[int | None]) -> None:
    """Bring what titles show of their files in step with them."""
    for some in batches(sorted({one for one in title_ids if one is not None})):
        found = {title_id: _nothing(title_id) for title_id in some}
        for row in _sums(connection, some):
            found[row["t_id"]] |= row
        _add_names(connection, found)
        connection.execute(
            titles.update().where(titles.c.id == bindparam("t_id")), list(found.values())
        )


def _nothing(title_id: int) -> Row:
    zero = ("files", "gone_files", "broken_files", "episodes_owned", "size_bytes", "plays")
    empty: Row = dict.fromkeys(zero, 0) | {"lines": None, "hdr": None, "added_at": None}
    return empty | {"t_id": title_id, "audio_languages": "", "source_ids": ""}


def _sums(connection: Connection, title_ids: Sequence[int]) -> list[Row]:
    there = assets.c.deleted_at.is_(None)
    broken = and_(there, assets.c.probe == str(Probe.BROKEN))

    def of(condition: Any, value: Any, otherwise: Any = 0) -> Any:
        return func.sum(case((condition, value), else_=otherwise))

    query = (
        select(
            assets.c.title_id.label("t_id"),
            of(there, 1).label("files"),
            of(~there, 1).label("gone_files"),
            of(broken, 1).label("broken_files"),
            of(there, assets.c.size_bytes).label("size_bytes"),
            func.max(case((there, assets.c.lines))).label("lines"),
            func.max(case((there, assets.c.hdr))).label("hdr"),
            func.min(assets.c.discovered_at).label("added_at"),
        )
        .where(assets.c.title_id.in_(title_ids), LISTED)
        .group_by(assets.c.title_id)
    )
    rows = [dict(row._mapping) for row in connection.execute(query)]
    return [row | {"size_bytes": int(row["size_bytes"])} for row in rows]


def _add_names(connection: Connection, found: Mapping[int, Row]) -> None:
    """Languages, sources, episodes and plays: what no sum can tell."""
    of_title = and_(assets.c.title_id.in_(list(found)), LISTED)
    there = and_(of_title, assets.c.deleted_at.is_(None))
    spoken = select(assets.c.title_id, assets.c.audio_languages).where(there).distinct()
    for title_id, languages in connection.execute(spoken):
        found[title_id]["audio_languages"] = joined(
            [*found[title_id]["audio_languages"].split(","), *languages.split(",")]
        )
    told = (
        select(assets.c.title_id, sightings.c.source_id)
        .join(sightings, sightings.c.asset_id == assets.c.id)
        .where(there, sightings.c.deleted_at.is_(None))
        .distinct()
    )
    for title_id, source_id in connection.execute(told):
        found[title_id]["source_ids"] = joined(
            [*found[title_id]["source_ids"].split(","), str(source_id)]
        )
    owned = (
        select(assets.c.title_id, func.count(asset_episodes.c.episode_id.distinct()))
        .join(asset_episodes, asset_episodes.c.asset_id == assets.c.id)
        .where(there)
        .group_by(assets.c.title_id)
    )
    for title_id, count in connection.execute(owned):
        found[title_id]["episodes_owned"] = count
    for title_id, plays in plays_of(connection, list(found)).items():
        found[title_id]["plays"] = plays


def joined(names: Iterable[str | None]) -> str:
    """ ",en,ro,": so that one is found by ",ro,"; nothing where there are none."""
    some = sorted({name for name in names if name})
    return f",{','.join(some)}," if some else ""
