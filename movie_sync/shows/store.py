"""Where shows are kept: what TVMaze says of each, and what became of it here.

A page of the catalogue, the verdicts on it and the mark of how far the reading is are stored in
one transaction. A verdict never touches what a person or Sonarr has decided; `set_state` does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, func, select

from movie_sync.db import Database
from movie_sync.models import Show
from movie_sync.shows import rows
from movie_sync.shows import statements as sql
from movie_sync.shows.rows import (
    SHOW_COLUMNS,
    STATE_COLUMNS,
    StateRow,
    facts_row,
    judged,
    show_of,
    state_of,
)
from movie_sync.shows.statements import AT_ONCE, DECIDED, UNLISTED, Known
from movie_sync.shows.verdict import ABANDONED, ShowState, Verdict
from movie_sync.tables import meta, show_states, shows

PAGE, HIGHEST_ID = "shows.page", "shows.highest_id"
Rows = list[Known]


class ShowStore:
    """For any number of threads."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def save_page(
        self, page: int, found: Collection[Show], verdicts: Mapping[int, Verdict], now: datetime
    ) -> int:
        """As `save`, with the mark that this page of the index is done."""
        highest = max((show.tvmaze_id for show in found), default=0)
        return self.save(found, verdicts, now, {PAGE: str(page)}, highest)

    def save(
        self,
        found: Collection[Show],
        verdicts: Mapping[int, Verdict],
        now: datetime,
        marks: Mapping[str, str | None] | None = None,
        highest_id: int = 0,
    ) -> int:
        """Store facts, the states that they change, and marks: all or nothing.

        Args:
            verdicts: by the show's id; one that is missing leaves the state as it is.
            marks: of the meta table; None removes one.

        Returns how many states changed.
        """
        with self.db.write() as connection:
            before = sql.states(connection, [show.tvmaze_id for show in found])
            renumbered = sql.renumbered(connection, found, before)
            for some in sql.batches(found):
                sql.upsert(connection, shows, [facts_row(show, now) for show in some])
            changed = {
                tvmaze_id: judged(verdict, before.get(tvmaze_id), now)
                for tvmaze_id, verdict in verdicts.items()
                if sql.changes(verdict, before.get(tvmaze_id), news=tvmaze_id in renumbered)
            }
            sql.put_states(connection, changed)
            sql.put_meta(connection, marks or {})
            if highest_id > int(sql.get_meta(connection, HIGHEST_ID) or 0):
                sql.put_meta(connection, {HIGHEST_ID: str(highest_id)})
        return len(changed)

    def write_verdicts(self, changed: Iterable[tuple[int, Verdict]], now: datetime) -> int:
        """Store what is new of these, in one transaction; returns how many rows were written."""
        written, given = 0, iter(changed)
        with self.db.write() as connection:
            while some := dict(islice(given, AT_ONCE)):
                before = sql.states(connection, some)
                new = {
                    tvmaze_id: judged(verdict, before.get(tvmaze_id), now)
                    for tvmaze_id, verdict in some.items()
                    if sql.changes(verdict, before.get(tvmaze_id))
                }
                sql.put_states(connection, new)
                written += len(new)
        return written

    def set_state(
        self, tvmaze_id: int, state: ShowState, *, now: datetime | None = None, **facts: Any
    ) -> StateRow:
        """Decide, whatever any verdict says. `facts` are fields of StateRow; others stay.

        Raises:
            KeyError: there is no such show.
        """
        now = now or datetime.now(UTC)
        with self.db.write() as connection:
            known = connection.execute(
                select(shows.c.tvmaze_id).where(shows.c.tvmaze_id == tvmaze_id)
            ).first()
            if known is None:
                raise KeyError(tvmaze_id)
            before = sql.states(connection, [tvmaze_id]).get(tvmaze_id)
            before = before or StateRow(state=state, changed_at=now)
            waits = before.pending_since if state is ShowState.PENDING_TVDB else None
            fields = {"state": state, "changed_at": now, "pending_since": waits} | facts
            after = rows.changed(before, fields)
            sql.put_states(connection, {tvmaze_id: after})
        return after

    def abandon(self, before: datetime, now: datetime) -> int:
        """Give up the shows that have waited for a TVDB id since before this; says how many."""
        waiting = show_states.c.state == str(ShowState.PENDING_TVDB)
        sentence = "it never got a TVDB id; begun anew once TVmaze gives it one"
        with self.db.write() as connection:
            done = connection.execute(
                show_states.update()
                .where(waiting, show_states.c.pending_since < before)
                .values(state=str(ShowState.FAILED), code=ABANDONED, sentence=sentence)
                .values(changed_at=now, pending_since=None)
            )
        return done.rowcount

    def unlist(self, ids: Collection[int], now: datetime) -> int:
        """TVMaze has these no more. What was decided of one stays; the others are gone."""
        sentence = "TVmaze no longer lists it"
        with self.db.write() as connection:
            new = {
                tvmaze_id: StateRow(
                    state=ShowState.GONE, code=UNLISTED, sentence=sentence, changed_at=now
                )
                for tvmaze_id, before in sql.states(connection, ids).items()
                if before.state not in DECIDED
            }
            sql.put_states(connection, new)
        return len(new)

    def updated_map(self) -> dict[int, int]:
        """When TVMaze changed each show last, as far as we know."""
        with self.db.read() as connection:
            return _as_dict(connection, select(shows.c.tvmaze_id, shows.c.updated_s))

    def all_shows(self) -> Iterator[Show]:
        """Every show by its id, a few in memory at a time."""
        with self.db.read() as connection:
            found = sql.streamed(connection, select(*SHOW_COLUMNS).order_by(shows.c.tvmaze_id))
            for some in found:
                yield from map(show_of, some)

    def all_known(self) -> Iterator[tuple[Show, StateRow | None]]:
        """Every show by its id with what became of it, a few in memory at a time."""
        query = select(*SHOW_COLUMNS, *STATE_COLUMNS).select_from(shows.outerjoin(show_states))
        cut = len(SHOW_COLUMNS)
        with self.db.read() as connection:
            for some in sql.streamed(connection, query.order_by(shows.c.tvmaze_id)):
                for row in some:
                    state = state_of(row[cut:]) if row[cut] is not None else None
                    yield show_of(row[:cut]), state

    def states(self, *wanted: ShowState) -> dict[int, StateRow]:
        """What became of each show that is in one of these states; of every one by default."""
        query = select(show_states.c.tvmaze_id, *STATE_COLUMNS)
        if wanted:
            query = query.where(show_states.c.state.in_([str(state) for state in wanted]))
        with self.db.read() as connection:
            found = sql.streamed(connection, query)
            return {row[0]: state_of(row[1:]) for some in found for row in some}

    def get(self, tvmaze_id: int) -> Known | None:
        with self.db.read() as connection:
            query = sql.known().where(shows.c.tvmaze_id == tvmaze_id)
            row = connection.execute(query).first()
        return sql.as_known(row) if row else None

    def list(
        self,
        state: ShowState | None = None,
        text: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> "Rows":
        """Some of the shows, the newest at TVMaze first. `text` stands anywhere in the title."""
        query = sql.matching(sql.known(), state, text).order_by(show_states.c.tvmaze_id.desc())
        with self.db.read() as connection:
            found = connection.execute(query.limit(limit).offset(offset)).all()
        return [sql.as_known(row) for row in found]

    def count(self, state: ShowState | None = None, text: str = "") -> int:
        """How many shows `list` would give without a limit."""
        query = select(func.count()).select_from(show_states.join(shows) if text else show_states)
        with self.db.read() as connection:
            return int(connection.execute(sql.matching(query, state, text)).scalar_one())

    def counts(self) -> dict[str, int]:
        """How many shows are in each state that has any."""
        state = show_states.c.state
        with self.db.read() as connection:
            return _as_dict(connection, select(state, func.count()).group_by(state))

    def counts_by_reason(self, state: ShowState = ShowState.FILTERED) -> dict[str, int]:
        code = show_states.c.code
        query = select(code, func.count()).where(show_states.c.state == str(state)).group_by(code)
        with self.db.read() as connection:
            return _as_dict(connection, query)

    def meta(self, key: str) -> str | None:
        with self.db.read() as connection:
            return sql.get_meta(connection, key)

    def all_meta(self) -> dict[str, str]:
        with self.db.read() as connection:
            return _as_dict(connection, select(meta.c.key, meta.c.value))

    def set_meta(self, marks: Mapping[str, str | None]) -> None:
        """None removes one."""
        with self.db.write() as connection:
            sql.put_meta(connection, marks)


def _as_dict(connection: Connection, query: Select[Any]) -> dict[Any, Any]:
    return {key: value for key, value in connection.execute(query)}  # noqa: C416 - no mapping
