"""How files that are no longer found are marked, and how one is known again that has moved.

Nothing is deleted: a file that is found again has its match and its history back. Where a scan
came upon the new place of a file first, the two turn out to be one here.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, exists, select, update

from movie_sync.library.media_rows import PROBE
from movie_sync.library.rows import Saved, Standing
from movie_sync.library.statements import Row, batches, refresh
from movie_sync.library_tables import (
    asset_episodes,
    asset_media,
    asset_views,
    assets,
    markers,
    sidecars,
    sightings,
    sources,
)
from movie_sync.metadata_tables import review_items


class _Place(Struct, frozen=True):
    uri: str
    asset_id: int
    size_bytes: int
    mtime_ns: int

    @property
    def likeness(self) -> tuple[int, int]:
        return self.size_bytes, self.mtime_ns


def mark_gone(
    connection: Connection,
    source_id: int,
    uris: Collection[str],
    now: datetime,
    *,
    may_have_moved: bool,
) -> Saved:
    """See `FoundStore.mark_gone`; at most AT_ONCE of them."""
    gone = _places(connection, source_id, uris)
    moves = _moves(gone, _newcomers(connection, source_id, gone) if may_have_moved else {})
    if moves:
        _move(connection, source_id, moves, now)
    left = {old.uri for old, _ in moves}
    lost = [one for one in gone if one.uri not in left]
    uris = [one.uri for one in lost]
    here = (sightings.c.source_id == source_id) & sightings.c.uri.in_(uris)
    connection.execute(update(sightings).where(here).values(deleted_at=now, changed_at=now))
    _mark_assets(connection, [one.asset_id for one in lost], now)
    touched = {one.asset_id for one in gone}
    titles = select(assets.c.title_id).where(assets.c.id.in_(touched))
    refresh(connection, connection.execute(titles).scalars().all())
    return Saved(gone=len(lost), moved=len(moves))


def _places(connection: Connection, source_id: int, uris: Collection[str]) -> list[_Place]:
    c = sightings.c
    query = select(c.uri, c.asset_id, c.size_bytes, c.mtime_ns).where(
        c.source_id == source_id, c.uri.in_(uris), c.deleted_at.is_(None)
    )
    return [_Place(*row) for row in connection.execute(query)]


def _newcomers(
    connection: Connection, source_id: int, gone: Sequence[_Place]
) -> dict[tuple[int, int], list[_Place]]:
    """What this source showed first since its scan began, of the sizes that are missed now."""
    sizes = {one.size_bytes for one in gone if one.size_bytes > 0 and one.mtime_ns > 0}
    began = connection.execute(
        select(sources.c.scan_began_at).where(sources.c.id == source_id)
    ).scalar()
    if not sizes or began is None:
        return {}
    c = sightings.c
    query = (
        select(c.uri, c.asset_id, c.size_bytes, c.mtime_ns)
        .join(assets, assets.c.id == c.asset_id)
        .where(c.source_id == source_id, c.first_at >= began, c.deleted_at.is_(None))
        .where(c.size_bytes.in_(sizes), assets.c.by_hand.is_(False))
        .where(assets.c.discovered_at >= began)
    )
    missed = {one.uri for one in gone}
    found: dict[tuple[int, int], list[_Place]] = {}
    for row in connection.execute(query):
        if row[0] not in missed:
            place = _Place(*row)
            found.setdefault(place.likeness, []).append(place)
    return found


def _moves(
    gone: Sequence[_Place], newcomers: dict[tuple[int, int], list[_Place]]
) -> list[tuple[_Place, _Place]]:
    """Pairs of old and new places; where more than one may be meant, those of the same name."""
    moves = []
    for old in gone:
        there = newcomers.get(old.likeness, [])
        alike = [new for new in there if PurePath(new.uri).name == PurePath(old.uri).name]
        chosen = there if len(there) == 1 else alike
        if len(chosen) == 1 and chosen[0].asset_id != old.asset_id:
            moves.append((old, chosen[0]))
            there.remove(chosen[0])
    return moves


def _move(
    connection: Connection, source_id: int, moves: Sequence[tuple[_Place, _Place]], now: datetime
) -> None:
    told = _told(connection, source_id, [place.uri for pair in moves for place in pair])
    here = (sightings.c.source_id == source_id) & (sightings.c.uri == bindparam("old"))
    connection.execute(delete(sightings).where(here), [{"old": old.uri} for old, _ in moves])
    absorb(connection, [(old.asset_id, new.asset_id) for old, new in moves], now)
    renamed = [old.asset_id for old, new in moves if told[old.uri] != told[new.uri]]
    mine = assets.c.id.in_(renamed) & assets.c.by_hand.is_(False)
    connection.execute(update(assets).where(mine).values(state=str(Standing.WAITING)))


def _told(connection: Connection, source_id: int, uris: Sequence[str]) -> dict[str, str]:
    c = sightings.c
    found: dict[str, str] = {}
    for some in batches(uris):
        query = select(c.uri, c.told).where(c.source_id == source_id, c.uri.in_(some))
        found |= {uri: told for uri, told in connection.execute(query)}  # noqa: C416 - no mapping
    return found


def absorb(connection: Connection, pairs: Sequence[tuple[int, int]], now: datetime) -> None:
    """Of each pair make one file: the first has the place of the other, and all told of that."""
    both = [{"kept": kept, "other": other} for kept, other in pairs]
    others = [other for _, other in pairs]
    c = assets.c
    paths = select(c.id, c.path).where(c.id.in_(others))
    path_of = {row.id: row.path for row in connection.execute(paths)}
    kept: Any = bindparam("kept")
    other: Any = bindparam("other")
    nowhere = {"path": None, "deleted_at": now, "title_id": None, "merged_into": kept}
    connection.execute(update(assets).where(c.id == other).values(nowhere), both)
    here: Row = {"path": bindparam("place"), "deleted_at": None, "changed_at": now}
    placed = [{"kept": one, "place": path_of[left]} for one, left in pairs]
    connection.execute(update(assets).where(c.id == kept).values(here), placed)
    shown = select(sightings.c.source_id).where(sightings.c.asset_id == other)
    for table in (sidecars, markers, asset_views):
        of_probe = (table.c.asset_id == other) & (table.c.source_id == PROBE)
        connection.execute(delete(table).where(of_probe), both)
        before = (table.c.asset_id == kept) & table.c.source_id.in_(shown)
        connection.execute(delete(table).where(before), both)
        to_kept = update(table).where(table.c.asset_id == other).values(asset_id=kept)
        connection.execute(to_kept, both)
    moved = update(sightings).where(sightings.c.asset_id == other).values(asset_id=kept)
    connection.execute(moved, both)
    for table in (asset_episodes, asset_media):
        connection.execute(delete(table).where(table.c.asset_id.in_(others)))
    asked = review_items.c.asset_id.in_(others) & (review_items.c.state == "open")
    moot = {"state": "moot", "settled_at": now}
    connection.execute(update(review_items).where(asked).values(moot))


def _mark_assets(connection: Connection, asset_ids: Sequence[int], now: datetime) -> None:
    """Those that no source shows any more are gone."""
    shown = exists().where(sightings.c.asset_id == assets.c.id, sightings.c.deleted_at.is_(None))
    lost = assets.c.id.in_(asset_ids) & ~shown
    connection.execute(update(assets).where(lost).values(deleted_at=now))
