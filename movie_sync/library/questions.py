"""Questions to a person, and what they decided. Each works within a transaction of its caller's.

A choice is never changed or removed; undoing it is a date.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select, update

from movie_sync.library.rows import ChoiceRow, ReviewRow, Standing
from movie_sync.library.statements import as_json
from movie_sync.library_tables import assets
from movie_sync.metadata_tables import choices, review_items

OPEN = "open"

_object = msgspec.json.Decoder(dict[str, Any]).decode
_objects = msgspec.json.Decoder(tuple[dict[str, Any], ...]).decode


def add_choice(
    connection: Connection,
    kind: str,
    subject: str,
    data: Mapping[str, Any],
    sentence: str,
    *,
    now: datetime,
) -> int:
    made = connection.execute(
        choices.insert().values(
            kind=kind, subject=subject, data=as_json(data), sentence=sentence, made_at=now
        )
    )
    return int((made.inserted_primary_key or (0,))[0])


def choice_of(row: Any) -> ChoiceRow:
    return ChoiceRow(**{**row._mapping, "data": _object(row.data)})


def ask(
    connection: Connection,
    reason: str,
    sentence: str,
    candidates: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    asset_id: int | None = None,
    title_id: int | None = None,
    confidence: float | None = None,
) -> int:
    """See `MatchStore.ask`."""
    if asset_id is not None:
        mine = (assets.c.id == asset_id) & assets.c.by_hand.is_(False)
        set_ = update(assets).where(mine).values(state=str(Standing.REVIEW))
        if connection.execute(set_).rowcount == 0:
            return 0
    c, subject = review_items.c, f"asset:{asset_id}" if asset_id else f"title:{title_id}"
    asked = {
        "reason": reason, "sentence": sentence, "confidence": confidence,
        "candidates": as_json(candidates), "asset_id": asset_id, "title_id": title_id,
    }  # fmt: skip
    same = (c.subject == subject) & (c.state == OPEN)
    there = connection.execute(select(c.id).where(same)).scalar()
    if there is not None:
        connection.execute(update(review_items).where(c.id == there).values(asked))
        return int(there)
    new = review_items.insert().values(asked | {"subject": subject, "state": OPEN, "asked_at": now})
    return int((connection.execute(new).inserted_primary_key or (0,))[0])


def settle(
    connection: Connection,
    review_id: int,
    now: datetime,
    choice_id: int | None = None,
    state: str = "settled",
) -> bool:
    mine = (review_items.c.id == review_id) & (review_items.c.state == OPEN)
    values = {"state": state, "settled_at": now, "choice_id": choice_id}
    return connection.execute(update(review_items).where(mine).values(values)).rowcount == 1


def reopen(connection: Connection, review_id: int) -> bool:
    """Ask again what was settled; False where another question of it is open."""
    c = review_items.c
    subject = select(c.subject).where(c.id == review_id).scalar_subquery()
    if connection.execute(select(c.id).where(c.subject == subject, c.state == OPEN)).first():
        return False
    values = {"state": OPEN, "settled_at": None, "choice_id": None}
    return (
        connection.execute(update(review_items).where(c.id == review_id).values(values)).rowcount
        == 1
    )


def reviews(
    connection: Connection, state: str, after: int, limit: int, reason: str | None = None
) -> list[ReviewRow]:
    c = review_items.c
    query = _rows().where(c.state == state, c.id > after).order_by(c.id).limit(limit)
    if reason is not None:
        query = query.where(c.reason == reason)
    return [_review(row) for row in connection.execute(query)]


def review(connection: Connection, review_id: int) -> ReviewRow | None:
    row = connection.execute(_rows().where(review_items.c.id == review_id)).first()
    return _review(row) if row else None


def counts(connection: Connection) -> dict[str, int]:
    c = review_items.c
    query = select(c.reason, func.count()).where(c.state == OPEN).group_by(c.reason)
    return {reason: count for reason, count in connection.execute(query)}  # noqa: C416 - no mapping


def _rows() -> Select[Any]:
    of_file = (assets.c.path, assets.c.size_bytes, assets.c.duration_ms)
    return select(review_items, *of_file).outerjoin(assets, assets.c.id == review_items.c.asset_id)


def _review(row: Any) -> ReviewRow:
    return ReviewRow(**{**row._mapping, "candidates": _objects(row.candidates)})


def reviews_of(connection: Connection, title_id: int) -> list[ReviewRow]:
    """The open ones of a title and of its files."""
    of_it = (review_items.c.title_id == title_id) | (assets.c.title_id == title_id)
    query = _rows().where(review_items.c.state == OPEN, of_it).order_by(review_items.c.id)
    return [_review(row) for row in connection.execute(query)]
