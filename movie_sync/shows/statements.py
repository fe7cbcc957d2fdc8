"""What the store of shows says to the database, and the one rule of what a verdict may change."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, select

from movie_sync.models import Show
from movie_sync.shows.rows import (
    SHOW_COLUMNS,
    STATE_COLUMNS,
    StateRow,
    show_of,
    state_of,
    state_row,
)
from movie_sync.shows.verdict import ShowState, Verdict
from movie_sync.tables import meta, show_states, shows

AT_ONCE = 500  # rows in one statement
APPROVED = "approved"  # the code of a show that a person let pass, so that review is over
UNLISTED = "unlisted"  # the code of one that TVMaze has no more
DECIDED = frozenset(
    (ShowState.QUEUED, ShowState.ADDED, ShowState.EXISTS, ShowState.SKIPPED, ShowState.GONE)
)

T = TypeVar("T")
Known = tuple[Show, StateRow]


def changes(verdict: Verdict, before: StateRow | None, *, news: bool = False) -> bool:
    """Whether a verdict is to be stored.

    Args:
        news: TVMaze has the show under another TVDB id now, so that a failure is no more.
    """
    if before is None:
        return True
    unlisted = before.state is ShowState.GONE and before.code == UNLISTED
    if before.state in DECIDED and not unlisted:
        return False
    if before.state is ShowState.FAILED:
        return news or verdict.state is ShowState.FILTERED
    approved = before.state is ShowState.PENDING and before.code == APPROVED
    if approved and verdict.state in (ShowState.REVIEW, ShowState.PENDING):
        return False
    return not before.says(verdict)


def renumbered(
    connection: Connection, found: Collection[Show], before: Mapping[int, StateRow]
) -> set[int]:
    """Of those that failed, the shows whose TVDB id has changed."""
    failed = [known for known, row in before.items() if row.state is ShowState.FAILED]
    now = {show.tvmaze_id: show.tvdb_id for show in found}
    query = select(shows.c.tvmaze_id, shows.c.tvdb_id).where(shows.c.tvmaze_id.in_(failed))
    were = connection.execute(query).all() if failed else ()
    return {tvmaze_id for tvmaze_id, tvdb_id in were if now[tvmaze_id] != tvdb_id}


def states(connection: Connection, ids: Iterable[int]) -> dict[int, StateRow]:
    found: dict[int, StateRow] = {}
    for some in batches(ids):
        query = select(show_states.c.tvmaze_id, *STATE_COLUMNS)
        asked = connection.execute(query.where(show_states.c.tvmaze_id.in_(some)))
        found |= {row[0]: state_of(row[1:]) for row in asked}
    return found


def put_states(connection: Connection, states: Mapping[int, StateRow]) -> None:
    for some in batches(states.items()):
        upsert(connection, show_states, [state_row(known, state) for known, state in some])


def get_meta(connection: Connection, key: str) -> str | None:
    return connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()


def put_meta(connection: Connection, marks: Mapping[str, str | None]) -> None:
    gone = [key for key, value in marks.items() if value is None]
    if gone:
        connection.execute(meta.delete().where(meta.c.key.in_(gone)))
    kept = [{"key": key, "value": value} for key, value in marks.items() if value is not None]
    upsert(connection, meta, kept)


def upsert(connection: Connection, table: Table, values: list[dict[str, Any]]) -> None:
    """Insert these rows, or replace the ones with their keys. The rows are used up.

    The statement is handed over as text: over a whole catalogue, what the library does to each
    value of each row would take longer than the database does.
    """
    if not values:
        return
    dialect = connection.dialect
    prepared = {
        column.name: prepare
        for column in table.columns
        if (prepare := column.type.dialect_impl(dialect).bind_processor(dialect))
    }
    for row in values:
        for name, prepare in prepared.items():
            row[name] = prepare(row[name])
    connection.exec_driver_sql(_upserting(table, dialect.name), values)


@cache
def _upserting(table: Table, dialect: str) -> str:
    kind: Any = import_module(f"sqlalchemy.dialects.{dialect}")  # the other one is large
    new = kind.insert(table)
    key = [column.name for column in table.primary_key]
    others = {name: column for name, column in new.excluded.items() if name not in key}
    whole = new.on_conflict_do_update(index_elements=key, set_=others)
    by_name = "named" if dialect == "sqlite" else "pyformat"
    return str(whole.compile(dialect=kind.dialect(paramstyle=by_name)))


def known() -> Select[Any]:
    return select(*SHOW_COLUMNS, *STATE_COLUMNS).select_from(show_states.join(shows))


def as_known(row: Any) -> Known:
    cut = len(SHOW_COLUMNS)
    return show_of(row[:cut]), state_of(row[cut:])


def matching(query: Select[Any], state: ShowState | None, text: str) -> Select[Any]:
    if state is not None:
        query = query.where(show_states.c.state == str(state))
    return query.where(shows.c.title.icontains(text, autoescape=True)) if text else query


def streamed(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    found = connection.execution_options(yield_per=AT_ONCE).execute(query)
    return iter(found.partitions())


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    given = iter(values)
    while some := list(islice(given, AT_ONCE)):
        yield some
