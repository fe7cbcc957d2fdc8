"""Plays that are of another work than was thought. In a transaction of the caller's.

Where the other work has a play of that day already the two are one: what tells of the one tells
of the other from then on.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from movie_sync.history.rows import MERGED
from movie_sync.history.statements import batches, refresh
from movie_sync.history.works import Place, place
from movie_sync.history_models import Work
from movie_sync.history_tables import outbox, play_tellings, plays, progress
from movie_sync.library import episode_writing
from movie_sync.library.statements import upsert
from movie_sync.library_tables import episodes, seasons, titles

p = plays.c


def replace_works(connection: Connection, works: Mapping[str, Work], now: datetime) -> int:
    """The plays of these keys; how many moved. A work whose ids clash moves nothing."""
    moved = 0
    t = play_tellings.c
    for some in batches(works):
        query = select(t.key, t.play_id).where(t.key.in_(some))
        play_ids = {key: play_id for key, play_id in connection.execute(query)}  # noqa: C416
        keys = list(play_ids)
        placed = place(connection, [works[key] for key in keys], now)
        targets = {
            play_ids[key]: at
            for key, at in zip(keys, placed.places, strict=True)
            if isinstance(at, Place)
        }
        moved += move(connection, targets, now)
    return moved


def move(connection: Connection, targets: Mapping[int, Place], now: datetime) -> int:
    query = select(p.id, p.title_id, p.episode_id, p.local_day).where(p.id.in_(list(targets)))
    touched, moved = set(), 0
    for row in connection.execute(query.order_by(p.id)).all():
        at = targets[row.id]
        if (row.title_id, row.episode_id or 0) == (at.title_id, at.episode_id):
            continue
        moved += 1
        other = _same_day(connection, row, at)
        if other is not None:
            _join(connection, row.id, other, now)
        else:
            there = {"title_id": at.title_id, "episode_id": at.episode_id or None}
            connection.execute(update(plays).where(p.id == row.id).values(there))
        touched |= {(row.title_id, row.episode_id), (at.title_id, at.episode_id)}
    refresh(connection, touched)
    return moved


def _same_day(connection: Connection, row: Any, at: Place) -> int | None:
    of_work = (p.title_id == at.title_id) & p.episode_id.is_not_distinct_from(at.episode_id or None)
    same = of_work & p.local_day.is_not_distinct_from(row.local_day) & p.deleted_at.is_(None)
    return connection.execute(select(p.id).where(same, p.id != row.id)).scalar()


def _join(connection: Connection, play_id: int, into: int, now: datetime) -> None:
    o = outbox.c
    to_it = update(play_tellings).where(play_tellings.c.play_id == play_id)
    connection.execute(to_it.values(play_id=into))
    known = select(o.provider, o.account).where(o.play_id == into)
    taken = {tuple(row) for row in connection.execute(known)}
    mine = select(o.id, o.provider, o.account).where(o.play_id == play_id)
    for row in connection.execute(mine).all():
        if (row.provider, row.account) not in taken:
            connection.execute(update(outbox).where(o.id == row.id).values(play_id=into))
    gone = update(plays).where(p.id == play_id)
    connection.execute(gone.values(deleted_at=now, deleted_by=MERGED))


def follow_merged(connection: Connection, now: datetime) -> int:
    """Plays and progress of titles that have become part of others go there too."""
    x = titles.c
    query = select(p.id, p.episode_id, x.merged_into).join(titles, x.id == p.title_id)
    rows = connection.execute(query.where(x.merged_into.is_not(None)).order_by(p.id)).all()
    same = _same_episodes(connection, {(row.episode_id, row.merged_into) for row in rows})
    return move(connection, {
        row.id: Place(row.merged_into, episode_id=same[row.episode_id, row.merged_into])
        for row in rows
    }, now)  # fmt: skip


def _same_episodes(
    connection: Connection, wanted: Iterable[tuple[int | None, int]]
) -> dict[tuple[int | None, int], int]:
    """Those of the same numbers in another title; 0 for none."""
    found: dict[tuple[int | None, int], int] = {}
    e, s = episodes.c, seasons.c
    for episode_id, into in wanted:
        found[episode_id, into] = 0
        if episode_id is not None:
            query = select(s.number, e.number).join(seasons, s.id == e.season_id)
            season, number = connection.execute(query.where(e.id == episode_id)).one()
            (same,) = episode_writing.episode_ids(connection, into, season, [number])
            found[episode_id, into] = same
    return found


def move_progress(connection: Connection, source: str, at: Mapping[tuple[int, int], Place]) -> None:
    """From (title, episode) to other places."""
    g = progress.c
    for (title_id, episode_id), to in at.items():
        if (title_id, episode_id) == (to.title_id, to.episode_id):
            continue
        mine = (g.title_id == title_id) & (g.episode_id == episode_id) & (g.source == source)
        row = connection.execute(select(progress).where(mine)).first()
        if row is not None:
            connection.execute(progress.delete().where(mine))
            there = {"title_id": to.title_id, "episode_id": to.episode_id}
            upsert(connection, progress, [dict(row._mapping) | there])
