"""Two titles that are one, and two again. Within a transaction of the caller's.

The one that goes keeps its row and its history, and says into which it went.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select, update

from movie_sync.library import episode_writing, matching
from movie_sync.library.recording import newest_assignment
from movie_sync.library.statements import episodes_of
from movie_sync.library_models import Match
from movie_sync.library_tables import assets, episodes, provider_refs, seasons, titles


class Merged(Struct, frozen=True):
    was: str
    now: str
    assignments: list[int]
    refs: list[list[str]]  # provider and key of the ids that went along, or were given up


def merge(connection: Connection, title_id: int, into: int, now: datetime) -> Merged | str:
    """A sentence where that cannot be."""
    c = titles.c
    query = select(c.id, c.kind, c.title, c.year).where(c.id.in_((title_id, into)))
    rows = {row.id: row for row in connection.execute(query.where(c.deleted_at.is_(None)))}
    if len(rows) != 2:
        return "one of the two titles is not there; nothing was changed"
    gone, kept = rows[title_id], rows[into]
    if gone.kind != kept.kind:
        return "a film and a show cannot be one; nothing was changed"
    sentence = f"{kept.title} and {gone.title} are one, as a person said"
    made = [_move(connection, row, into, sentence, now) for row in _files(connection, title_id)]
    refs = _move_refs(connection, gone.kind, title_id, into)
    values = {"merged_into": into, "deleted_at": now}
    connection.execute(update(titles).where(c.id == title_id).values(values))
    moved = [one for one in made if one is not None]
    return Merged(_name(gone), _name(kept), moved, refs)


def part_again(connection: Connection, data: dict[str, Any]) -> None:
    """The title is back, with its ids; its files follow as their answers are undone."""
    title_id, into = data["title_id"], data["into"]
    back = update(titles).where(titles.c.id == title_id)
    connection.execute(back.values(merged_into=None, deleted_at=None))
    r = provider_refs.c
    for kind, provider, key in data.get("refs", ()):
        mine = (r.entity == kind) & (r.provider == provider) & (r.key == key)
        connection.execute(
            update(provider_refs).where(mine, r.entity_id == into).values(entity_id=title_id)
        )


def _files(connection: Connection, title_id: int) -> list[Any]:
    return list(connection.execute(select(assets).where(assets.c.title_id == title_id)))


def _move(connection: Connection, row: Any, into: int, why: str, now: datetime) -> int | None:
    """The file's new answer, as sure as the one before."""
    held = episodes_of(connection, [row.id]).get(row.id, ())
    match = Match(by=row.matched_by, confidence=row.confidence, sentence=why)
    matching.assign(
        connection, row.id, into, _same_episodes(connection, held, into), match, now=now,
        edition=row.edition, version=row.version, part=row.part,
    )  # fmt: skip
    return newest_assignment(connection, row.id)


def _same_episodes(connection: Connection, held: tuple[int, ...], into: int) -> list[int]:
    """Those of the same numbers."""
    query = (
        select(seasons.c.number, episodes.c.number)
        .join(seasons, seasons.c.id == episodes.c.season_id)
        .where(episodes.c.id.in_(held))
        .order_by(seasons.c.number, episodes.c.number)
    )
    found: list[int] = []
    for season, number in connection.execute(query).all() if held else ():
        found += episode_writing.episode_ids(connection, into, season, [number])
    return found


def _move_refs(connection: Connection, kind: str, title_id: int, into: int) -> list[list[str]]:
    """An id names the title that is left, so that nobody makes the other one anew."""
    r = provider_refs.c
    mine = (r.entity == kind) & (r.entity_id == title_id)
    moved = connection.execute(select(r.provider, r.key).where(mine)).all()
    connection.execute(update(provider_refs).where(mine).values(entity_id=into))
    return [[kind, row.provider, row.key] for row in moved]


def _name(row: Any) -> str:
    return f'"{row.title}" ({row.year})' if row.year else f'"{row.title}"'
