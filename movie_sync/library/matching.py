"""What a file is taken for, and why. Each function works within a transaction of its caller's.

Every answer is kept: undoing the newest brings back the one before it. A program's answer never
takes the place of a person's.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from movie_sync.library.rows import Answer, Standing
from movie_sync.library.statements import Row, as_json, episodes_of, insert, numbers_of, refresh
from movie_sync.library_models import Match
from movie_sync.library_tables import asset_episodes, assets
from movie_sync.metadata_tables import assignments, review_items

HAND = "hand"
_SAID = [
    "title_id",
    "edition",
    "version",
    "part",
    "matched_by",
    "confidence",
    "sentence",
    "state",
    "by_hand",
]

_BEFORE = select(*(assets.c[name] for name in _SAID)).where(assets.c.id == bindparam("known_id"))
_SET = (
    update(assets)
    .where(assets.c.id == bindparam("known_id"))
    .values({name: bindparam(f"to_{name}") for name in (*_SAID, "matched_at")})
)
_EMPTY = delete(asset_episodes).where(asset_episodes.c.asset_id == bindparam("known_id"))
_MOOT = (
    update(review_items)
    .where(review_items.c.asset_id == bindparam("known_id"), review_items.c.state == "open")
    .values(state="moot", settled_at=bindparam("to_settled_at"))
)


def assign(
    connection: Connection,
    asset_id: int,
    title_id: int,
    episode_ids: Sequence[int],
    match: Match,
    *,
    now: datetime,
    edition: str | None = None,
    version: str | None = None,
    part: int | None = None,
) -> bool:
    """See `MatchStore.assign`."""
    said = _said(Standing.MATCHED, match)
    said |= {"title_id": title_id, "edition": edition, "part": part}
    touched = _answer(connection, asset_id, said | {"version": version}, episode_ids, now)
    return _done(connection, touched)


def assign_many(connection: Connection, answers: Iterable[Answer], now: datetime) -> int:
    """See `MatchStore.assign_many`."""
    touched: set[int | None] = set()
    kept = 0
    for one in answers:
        said = _said(Standing.MATCHED, one.match)
        said |= {"title_id": one.title_id, "edition": one.edition, "part": one.part}
        titles = _answer(connection, one.asset_id, said | {"version": None}, one.episode_ids, now)
        kept += titles is not None
        touched |= titles or set()
    refresh(connection, touched)
    return kept


def unassign(
    connection: Connection, asset_id: int, standing: Standing, match: Match, now: datetime
) -> bool:
    """See `MatchStore.unassign`."""
    said = _said(standing, match)
    said |= {"title_id": None, "edition": None, "part": None, "version": None}
    return _done(connection, _answer(connection, asset_id, said, (), now))


def undo(connection: Connection, assignment_id: int, now: datetime) -> bool:
    """See `MatchStore.undo_assignment`."""
    c = assignments.c
    open_one = (c.id == assignment_id) & c.undone_at.is_(None)
    asset_id = connection.execute(select(c.asset_id).where(open_one)).scalar()
    if asset_id is None:
        return False
    connection.execute(update(assignments).where(open_one).values(undone_at=now))
    left = select(assignments).where(c.asset_id == asset_id, c.undone_at.is_(None))
    row = connection.execute(left.order_by(c.id.desc()).limit(1)).first()
    if row is None:
        nothing: Row = dict.fromkeys(_SAID)
        said = nothing | {"state": str(Standing.WAITING), "by_hand": False}
        touched = _put(connection, asset_id, said, (), now)
    else:
        said = {name: row._mapping[name] for name in _SAID}
        touched = _put(connection, asset_id, said, numbers_of(row.episode_ids), now)
    return _done(connection, touched)


def _said(standing: Standing, match: Match) -> Row:
    return {
        "state": str(standing),
        "matched_by": match.by,
        "confidence": match.confidence,
        "sentence": match.sentence,
        "by_hand": match.by == HAND,
    }


def _done(connection: Connection, touched: set[int | None] | None) -> bool:
    refresh(connection, touched or ())
    return touched is not None


def _answer(
    connection: Connection, asset_id: int, said: Row, episode_ids: Sequence[int], now: datetime
) -> set[int | None] | None:
    """The titles that it touches; None where a person has said otherwise."""
    before = dict(connection.execute(_BEFORE, {"known_id": asset_id}).one()._mapping)
    if before["by_hand"] and not said["by_hand"]:
        return None
    if not said["by_hand"] and said["version"] is None:
        said["version"] = before["version"]
    held = episodes_of(connection, [asset_id]).get(asset_id, ())
    same = all(before[name] == value for name, value in said.items() if name != "state")
    if same and held == tuple(sorted(episode_ids)) and said["title_id"] is not None:
        values = {"state": said["state"]}
        connection.execute(update(assets).where(assets.c.id == asset_id).values(values))
        _close_questions(connection, asset_id, now)
        return set()
    touched = _put(connection, asset_id, said, episode_ids, now)
    kept = {"asset_id": asset_id, "episode_ids": as_json(tuple(episode_ids)), "made_at": now}
    connection.execute(assignments.insert(), said | kept)
    return touched


def _put(
    connection: Connection, asset_id: int, said: Row, episode_ids: Sequence[int], now: datetime
) -> set[int | None]:
    before = connection.execute(_BEFORE, {"known_id": asset_id}).one().title_id
    values = {f"to_{name}": value for name, value in said.items()}
    connection.execute(_SET, values | {"known_id": asset_id, "to_matched_at": now})
    put_episodes(connection, asset_id, episode_ids)
    if said["state"] != Standing.REVIEW:
        _close_questions(connection, asset_id, now)
    return {before, said["title_id"]}


def put_episodes(connection: Connection, asset_id: int, episode_ids: Sequence[int]) -> None:
    connection.execute(_EMPTY, {"known_id": asset_id})
    insert(connection, asset_episodes, [
        {"asset_id": asset_id, "episode_id": one} for one in dict.fromkeys(episode_ids)
    ])  # fmt: skip


def _close_questions(connection: Connection, asset_id: int, now: datetime) -> None:
    connection.execute(_MOOT, {"known_id": asset_id, "to_settled_at": now})
