"""The part of the store that keeps the log of syncs, how far each is, and providers' marks."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select, update

from movie_sync.history.rows import SyncRow
from movie_sync.history.statements import (
    Part,
    add_counts,
    counts_of,
    put_checkpoint,
    put_marks,
    sentences_of,
)
from movie_sync.history_tables import checkpoints, marks, syncs
from movie_sync.library.statements import as_json

RUNNING, INTERRUPTED = "running", "interrupted"
_options_of = msgspec.json.Decoder(dict[str, object]).decode
c = syncs.c


class SyncsStore(Part):
    def begin_sync(
        self,
        kind: str,
        now: datetime,
        *,
        provider: str | None = None,
        options: Mapping[str, object] | None = None,
        undoes: int | None = None,
    ) -> int:
        row = {
            "kind": kind, "provider": provider, "began_at": now, "state": RUNNING, "counts": "{}",
            "options": as_json(dict(options or {})), "problems": "[]", "undoes": undoes,
        }  # fmt: skip
        with self.db.write() as connection:
            made = connection.execute(syncs.insert().values(row))
            return int((made.inserted_primary_key or (0,))[0])

    def note_sync(
        self,
        sync_id: int,
        counts: Mapping[str, int] | None = None,
        problems: Iterable[str] = (),
        checkpoint: Mapping[str, str] | None = None,
    ) -> None:
        """Add to its counts and sentences."""
        with self.db.write() as connection:
            put_checkpoint(connection, sync_id, checkpoint or {})
            add_counts(connection, sync_id, counts or {}, problems)

    def set_counts(self, sync_id: int, counts: Mapping[str, int]) -> None:
        """As they are, and not in addition: a total, say."""
        with self.db.write() as connection:
            mine = c.id == sync_id
            before = counts_of(connection.execute(select(c.counts).where(mine)).scalar_one())
            after = as_json({**before, **counts})
            connection.execute(update(syncs).where(mine).values(counts=after))

    def end_sync(
        self,
        sync_id: int,
        state: str,
        now: datetime,
        problem: str | None = None,
        marks: Iterable[tuple[str, str, str | None]] = (),
    ) -> None:
        """With the marks that hold once all of it is done."""
        with self.db.write() as connection:
            values = {"state": state, "ended_at": now, "problem": problem}
            connection.execute(update(syncs).where(c.id == sync_id).values(values))
            put_marks(connection, marks, now)

    def resume_sync(self, sync_id: int) -> None:
        """It runs again, where it stood."""
        with self.db.write() as connection:
            values = {"state": RUNNING, "ended_at": None, "problem": None}
            connection.execute(update(syncs).where(c.id == sync_id).values(values))

    def interrupt_unended(self, now: datetime, kinds: Iterable[str] = ()) -> list[int]:
        """At the start of the program: what runs in the log has been killed."""
        running = (c.state == RUNNING) & (c.kind.in_(list(kinds)) if kinds else c.id > 0)
        with self.db.write() as connection:
            found = list(connection.execute(select(c.id).where(running)).scalars())
            values = {"state": INTERRUPTED, "ended_at": now}
            connection.execute(update(syncs).where(c.id.in_(found)).values(values))
        return found

    def sync(self, sync_id: int) -> SyncRow | None:
        with self.db.read() as connection:
            row = connection.execute(select(syncs).where(c.id == sync_id)).first()
        return _sync(row) if row else None

    def syncs(
        self,
        *,
        kind: str | None = None,
        state: str | None = None,
        before_id: int | None = None,
        limit: int = 60,
    ) -> list[SyncRow]:
        """The newest first."""
        query = select(syncs).order_by(c.id.desc()).limit(limit)
        if kind is not None:
            query = query.where(c.kind == kind)
        if state is not None:
            query = query.where(c.state == state)
        if before_id is not None:
            query = query.where(c.id < before_id)
        with self.db.read() as connection:
            return [_sync(row) for row in connection.execute(query)]

    def checkpoint(self, sync_id: int) -> dict[str, str]:
        k = checkpoints.c
        query = select(k.name, k.value).where(k.sync_id == sync_id).order_by(k.name)
        with self.db.read() as connection:
            return {name: value for name, value in connection.execute(query)}  # noqa: C416

    def mark(self, provider: str, name: str) -> str | None:
        return self.marks(provider).get(name)

    def marks(self, provider: str) -> dict[str, str]:
        m = marks.c
        query = select(m.name, m.value).where(m.provider == provider).order_by(m.name)
        with self.db.read() as connection:
            return {name: value for name, value in connection.execute(query)}  # noqa: C416

    def set_marks(self, told: Iterable[tuple[str, str, str | None]], now: datetime) -> None:
        """Provider, name and value; None removes one."""
        with self.db.write() as connection:
            put_marks(connection, told, now)


def _sync(row: Any) -> SyncRow:
    told = row._mapping
    values = {name: told[name] for name in SyncRow.__struct_fields__}
    return SyncRow(**values | {
        "counts": counts_of(row.counts), "options": _options_of(row.options),
        "problems": sentences_of(row.problems),
    })  # fmt: skip
