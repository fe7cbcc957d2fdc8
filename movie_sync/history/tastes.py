"""How ratings, wishes and progress are stored: one of a work and source. In a transaction.

What is not told again is not gone: only who has read a whole list can say what left it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, Table, and_, select, update

from movie_sync.history.rows import Batch, RatingRow, Saved
from movie_sync.history.statements import batches, seconds
from movie_sync.history.works import NO_EPISODE, Place, place
from movie_sync.history_models import Progress, Rating, Wish, Work
from movie_sync.history_tables import progress, ratings, wishes
from movie_sync.library.rows import Conflict
from movie_sync.library.statements import Row, upsert

Key = tuple[int | str, ...]  # of a row: title ... source
Told = Sequence[tuple[Any, Place]]


def save(connection: Connection, batch: Batch, now: datetime) -> Saved:
    new, problems, made = {}, [], 0
    parts: tuple[tuple[str, Sequence[Any], Any], ...] = (
        ("ratings", batch.ratings, _ratings),
        ("wishes", batch.wishes, _wishes),
        ("progress", batch.progress, _progress),
    )
    for name, told, write in parts:
        new[name] = 0
        for some in batches(told):
            placed = place(connection, [one.work for one in some], now)
            made += placed.made
            there = []
            for one, at in zip(some, placed.places, strict=True):
                if isinstance(at, Conflict):
                    problems.append(f"{one.work}: {at.sentence}; its {_ONE[name]} was not stored")
                else:
                    there.append((one, at))
            new[name] += write(connection, there, batch.sync_id, now)
    return structs.replace(Saved(titles=made, problems=tuple(problems)), **new)


_ONE = {"ratings": "rating", "wishes": "place on the watchlist", "progress": "progress"}


def _ratings(connection: Connection, told: Told, sync_id: int | None, now: datetime) -> int:
    """The newest of a work and source holds."""
    rows: dict[Key, Row] = {}
    one: Rating
    for one, at in told:
        key = (*at, one.source)
        row = _row(at, one.source, sync_id, now) | {
            "tenths": one.tenths, "rated_at": one.rated_at
        }  # fmt: skip
        if key not in rows or seconds(one.rated_at) >= seconds(rows[key]["rated_at"]):
            rows[key] = row
    before = _before(connection, ratings, rows)
    changed = [
        row for key, row in rows.items()
        if (old := before.get(key)) is None or old["gone_at"] or (
            (old["tenths"], old["rated_at"]) != (row["tenths"], row["rated_at"])
            and seconds(row["rated_at"]) >= seconds(old["rated_at"])
        )
    ]  # fmt: skip
    upsert(connection, ratings, changed)
    return len(changed)


def _wishes(connection: Connection, told: Told, sync_id: int | None, now: datetime) -> int:
    rows: dict[Key, Row] = {}
    one: Wish
    for one, at in told:
        row = _row(at, one.source, sync_id, now) | {"listed_at": one.listed_at}
        rows[*at, one.source] = row
    before = _before(connection, wishes, rows)
    new = [row for key, row in rows.items() if key not in before or before[key]["gone_at"]]
    upsert(connection, wishes, new)
    return len(new)


def _progress(connection: Connection, told: Told, sync_id: int | None, now: datetime) -> int:
    """The newest holds, whatever comes later."""
    rows: dict[Key, Row] = {}
    one: Progress
    for one, at in sorted(told, key=lambda pair: pair[0].at):
        rows[at.title_id, at.episode_id, one.source] = {
            "title_id": at.title_id, "episode_id": at.episode_id, "source": one.source,
            "at": one.at, "at_s": seconds(one.at), "position_s": one.position_s,
            "duration_s": one.duration_s, "credits_s": one.credits_s,
        }  # fmt: skip
    before = _before(connection, progress, rows)
    newer = [row for key, row in rows.items() if key not in before or row["at"] > before[key]["at"]]
    upsert(connection, progress, newer)
    return len(newer)


def _row(at: Place, source: str, sync_id: int | None, now: datetime) -> Row:
    return {
        "title_id": at.title_id, "season": at.season, "episode_id": at.episode_id,
        "source": source, "noted_at": now, "sync_id": sync_id, "gone_at": None,
    }  # fmt: skip


def _before(connection: Connection, table: Table, keys: Iterable[Key]) -> dict[Key, Row]:
    """The rows of these keys, as they are."""
    names = [column.name for column in table.primary_key]
    asked = list(keys)
    c = table.c
    which = and_(
        c.title_id.in_({key[0] for key in asked}), c.source.in_({key[-1] for key in asked})
    )
    return {
        tuple(row._mapping[name] for name in names): dict(row._mapping)
        for row in connection.execute(select(table).where(which))
    }


def mark_gone(
    connection: Connection, table: Table, source: str, keep: Iterable[Work], now: datetime
) -> int:
    """What a source lists no more. Works that are kept and not known yet are made."""
    kept = set()
    for some in batches(keep):
        kept |= {at for at in place(connection, some, now).places if isinstance(at, Place)}
    c = table.c
    there = (c.source == source) & c.gone_at.is_(None)
    query = select(c.title_id, c.season, c.episode_id).where(there)
    gone = [row for row in connection.execute(query) if Place(*row) not in kept]
    for title_id, season, episode_id in gone:
        mine = (c.title_id == title_id) & (c.season == season) & (c.episode_id == episode_id)
        connection.execute(update(table).where(there, mine).values(gone_at=now))
    return len(gone)


def seasonless(season: int) -> int | None:
    return season if season >= 0 else None


def partless(episode_id: int) -> int | None:
    return episode_id if episode_id != NO_EPISODE else None


def rating_of(row: Any, work: Work) -> tuple[RatingRow, Rating]:
    """As a list shows it, and as others are told of it."""
    season = seasonless(row.season)
    shown = RatingRow(
        title_id=row.title_id, season=season, episode_id=partless(row.episode_id),
        source=row.source, tenths=row.tenths, rated_at=row.rated_at,
    )  # fmt: skip
    named = structs.replace(work, season=season) if season is not None else work
    told = Rating(work=named, source=row.source, tenths=row.tenths, rated_at=row.rated_at)
    return shown, told
