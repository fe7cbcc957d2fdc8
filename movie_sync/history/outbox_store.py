"""The part of the store that knows what each provider is to be told, and what became of it.

A row is never sent twice: what was sent without an answer is unknown until somebody has looked.
What a provider tells of a play itself is never put into its outbox.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, exists, func, literal, select, update

from movie_sync.history.reading_rows import works_of
from movie_sync.history.rows import OutboxRow, Outcome, Sending
from movie_sync.history.statements import Part, batches
from movie_sync.history_tables import outbox, play_tellings, plays
from movie_sync.library.statements import as_json, upsert

_texts = msgspec.json.Decoder(tuple[str, ...]).decode
o, p, t = outbox.c, plays.c, play_tellings.c


class OutboxStore(Part):
    def enqueue(
        self,
        provider: str,
        account: str,
        now: datetime,
        *,
        sources: Collection[str] | None = None,
        since: datetime | None = None,
        play_ids: Collection[int] | None = None,
    ) -> int:
        """Every play that is not in its outbox, and that the provider never told of itself: what
        was taken away there stays away.

        Args:
            sources: who told first; None is all but the provider.
            since: plays that were noted from then on.
        """
        told = exists().where(t.play_id == p.id, t.source == provider)
        there = exists().where(
            o.play_id == p.id, o.provider == provider, o.account == account
        )  # fmt: skip
        query = select(
            p.id, literal(provider), literal(account), literal(str(Sending.WAITING)),
            literal("[]"), literal(now, type_=o.made_at.type),
        ).where(p.deleted_at.is_(None), ~told, ~there)  # fmt: skip
        if sources is not None:
            query = query.where(p.source.in_(list(sources)))
        if since is not None:
            query = query.where(p.noted_at >= since)
        if play_ids is not None:
            query = query.where(p.id.in_(list(play_ids)))
        names = ["play_id", "provider", "account", "state", "remote_ids", "made_at"]
        with self.db.write() as connection:
            new = outbox.insert().from_select(names, query.order_by(p.id))
            made = connection.execute(new.execution_options(preserve_rowcount=True))
            return int(made.rowcount)

    def outbox(
        self,
        provider: str,
        account: str,
        states: Collection[Sending],
        *,
        after_id: int = 0,
        limit: int = 100,
    ) -> list[OutboxRow]:
        """In the order they were put in. What waits, and is gone meanwhile, is not among them."""
        mine = (o.provider == provider) & (o.account == account) & (o.id > after_id)
        gone = p.deleted_at.is_not(None) & (o.state == str(Sending.WAITING))
        named = [str(state) for state in states]
        query = _query().where(mine, o.state.in_(named), ~gone).order_by(o.id).limit(limit)
        with self.db.read() as connection:
            return _rows(connection, query)

    def outbox_of_sync(
        self, sync_id: int, states: Collection[Sending] = (Sending.DONE,)
    ) -> list[OutboxRow]:
        """What it sent."""
        named = [str(state) for state in states]
        query = _query().where(o.sync_id == sync_id, o.state.in_(named)).order_by(o.id)
        with self.db.read() as connection:
            return _rows(connection, query)

    def outbox_of_plays(self, play_ids: Iterable[int]) -> list[OutboxRow]:
        found = []
        with self.db.read() as connection:
            for some in batches(play_ids):
                found += _rows(connection, _query().where(o.play_id.in_(some)).order_by(o.id))
        return found

    def mark_sent(
        self, outcomes: Iterable[Outcome], now: datetime, sync_id: int | None = None
    ) -> int:
        """What became of them, in one transaction. The remote ids of what is done become what the
        provider calls the play, so that a reading of its history knows them again."""
        told = list(outcomes)
        with self.db.write() as connection:
            for some in batches(told):
                self._mark(connection, some, now, sync_id)
        return len(told)

    def _mark(
        self, connection: Connection, some: list[Outcome], now: datetime, sync_id: int | None
    ) -> None:
        query = select(o.id, o.play_id, o.provider, o.remote_ids, o.sync_id)
        before = {
            row.id: row
            for row in connection.execute(query.where(o.id.in_([one.id for one in some])))
        }
        rows, tellings = [], {}
        for one in some:
            row = before[one.id]
            ids = _texts(row.remote_ids) if one.remote_ids is None else one.remote_ids
            rows.append({
                "o_id": one.id, "state": str(one.state), "why": one.why, "tried_at": now,
                "remote_ids": as_json(ids), "sync_id": sync_id or row.sync_id,
            })  # fmt: skip
            for told_id in ids if one.state is Sending.DONE else ():
                key = f"{row.provider}:{told_id}"
                tellings[key] = {
                    "key": key, "play_id": row.play_id, "source": row.provider,
                    "told_id": told_id, "noted_at": now,
                }  # fmt: skip
        if rows:
            connection.execute(update(outbox).where(o.id == bindparam("o_id")), rows)
        kept = ("play_id", "source", "told_id", "noted_at")
        upsert(connection, play_tellings, list(tellings.values()), kept=kept)

    def queued(self, provider: str, account: str) -> dict[str, int]:
        """How many are in each state."""
        mine = (o.provider == provider) & (o.account == account)
        query = select(o.state, func.count()).where(mine).group_by(o.state)
        with self.db.read() as connection:
            return {state: count for state, count in connection.execute(query)}  # noqa: C416

    def requeue(self, provider: str, account: str, states: Collection[Sending]) -> int:
        """To be told again."""
        mine = (o.provider == provider) & (o.account == account)
        named = [str(state) for state in states]
        again = update(outbox).where(mine, o.state.in_(named))
        with self.db.write() as connection:
            made = connection.execute(again.values(state=str(Sending.WAITING), why=None))
            return int(made.rowcount)

    def taken_back(self, row_ids: Collection[int], now: datetime, why: str | None = None) -> int:
        """The provider has removed them: it does not tell of them now."""
        with self.db.write() as connection:
            for some in batches(row_ids):
                rows = connection.execute(
                    select(o.provider, o.remote_ids).where(o.id.in_(some))
                ).all()
                keys = [f"{row.provider}:{one}" for row in rows for one in _texts(row.remote_ids)]
                gone = update(play_tellings).where(t.key.in_(keys), t.gone_at.is_(None))
                connection.execute(gone.values(gone_at=now, gone_by="undo"))
                values = {"state": str(Sending.REMOVED), "why": why, "tried_at": now}
                connection.execute(update(outbox).where(o.id.in_(some)).values(values))
        return len(row_ids)


def _query() -> Any:
    return select(
        outbox, p.title_id, p.episode_id, p.source, p.watched_at, p.day_only, p.zone, p.local_day
    ).join(plays, p.id == o.play_id)


def _rows(connection: Connection, query: Any) -> list[OutboxRow]:
    rows = connection.execute(query).all()
    works = works_of(connection, {(row.title_id, row.episode_id or 0) for row in rows})
    return [
        OutboxRow(
            id=row.id, play_id=row.play_id, provider=row.provider, account=row.account,
            state=Sending(row.state), work=works[row.title_id, row.episode_id or 0],
            source=row.source, watched_at=row.watched_at, day_only=row.day_only, zone=row.zone,
            local_day=row.local_day, made_at=row.made_at, why=row.why, sync_id=row.sync_id,
            remote_ids=_texts(row.remote_ids), tried_at=row.tried_at, title_id=row.title_id,
        )
        for row in rows
    ]  # fmt: skip
