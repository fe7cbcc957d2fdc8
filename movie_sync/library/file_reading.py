"""Files as people see them: what each is, where it lies, what is inside, and who tells of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, select

from movie_sync.library.media_rows import media_of
from movie_sync.library.page_rows import FileRow, SightingRow
from movie_sync.library.rows import Probe, Standing
from movie_sync.library.statements import batches, episodes_of
from movie_sync.library_models import Marker, MarkerKind, Match, Sidecar
from movie_sync.library_tables import (
    asset_media,
    asset_views,
    assets,
    markers,
    sidecars,
    sightings,
    sources,
)

T = TypeVar("T")


def files(connection: Connection, which: Any) -> list[FileRow]:
    """Those that fit, by what they hold: edition, part, and the best picture first."""
    c = assets.c
    order = (c.edition.nulls_first(), c.part.nulls_first(), c.lines.desc().nulls_last(), c.id)
    return _whole(connection, connection.execute(select(assets).where(which).order_by(*order)))


def files_of(connection: Connection, asset_ids: Iterable[int]) -> dict[int, FileRow]:
    found: dict[int, FileRow] = {}
    for some in batches(asset_ids):
        found |= {row.id: row for row in files(connection, assets.c.id.in_(some))}
    return found


def _whole(connection: Connection, rows: Iterable[Any]) -> list[FileRow]:
    found = []
    for some in batches(rows):
        found += _some(connection, some)
    return found


def _some(connection: Connection, rows: Sequence[Any]) -> list[FileRow]:
    ids = [row.id for row in rows]
    held = episodes_of(connection, ids)
    inside = dict(
        connection.execute(
            select(asset_media.c.asset_id, asset_media.c.media).where(
                asset_media.c.asset_id.in_(ids)
            )
        ).all()
    )
    shown = _sightings(connection, ids)
    beside = _by_asset(connection, sidecars, ids, _sidecar)
    marked = _by_asset(connection, markers, ids, _marker)
    played = select(asset_views.c.asset_id, func.max(asset_views.c.count)).where(
        asset_views.c.asset_id.in_(ids)
    )
    plays = dict(connection.execute(played.group_by(asset_views.c.asset_id)).all())
    return [
        _file(
            row,
            episode_ids=held.get(row.id, ()),
            media=media_of(inside[row.id]) if row.id in inside else None,
            sightings=tuple(shown.get(row.id, ())),
            sidecars=tuple(beside.get(row.id, ())),
            markers=tuple(marked.get(row.id, ())),
            plays=plays.get(row.id, 0),
        )
        for row in rows
    ]


def _file(row: Any, **more: Any) -> FileRow:
    match = None
    if row.matched_by is not None:
        match = Match(by=row.matched_by, confidence=row.confidence, sentence=row.sentence)
    same = {
        name: value for name, value in row._mapping.items() if name in FileRow.__struct_fields__
    }
    return FileRow(
        **(same | more | {"probe": Probe(row.probe)}), standing=Standing(row.state), match=match
    )


def _sightings(connection: Connection, ids: Sequence[int]) -> dict[int, list[SightingRow]]:
    c = sightings.c
    query = (
        select(
            c.asset_id, sources.c.name.label("source"), sources.c.kind, c.uri, c.path,
            c.first_at, c.problem, c.deleted_at, sources.c.away_since,
        )
        .join(sources, sources.c.id == c.source_id)
        .where(c.asset_id.in_(ids))
        .order_by(c.asset_id, sources.c.id, c.uri)
    )  # fmt: skip
    found: dict[int, list[SightingRow]] = {}
    for row in connection.execute(query):
        values = dict(row._mapping)
        found.setdefault(values.pop("asset_id"), []).append(SightingRow(**values))
    return found


def _by_asset(
    connection: Connection, table: Table, ids: Sequence[int], make: Callable[[Any], T]
) -> dict[int, list[T]]:
    c = table.c
    query = select(table).where(c.asset_id.in_(ids))
    found: dict[int, list[T]] = {}
    for row in connection.execute(query.order_by(c.asset_id, c.source_id, c.position)):
        found.setdefault(row.asset_id, []).append(make(row))
    return found


def _sidecar(row: Any) -> Sidecar:
    return Sidecar(
        path=row.path,
        what=row.what,
        language=row.language,
        forced=row.forced,
        hearing_impaired=row.hearing_impaired,
    )


def _marker(row: Any) -> Marker:
    return Marker(
        kind=MarkerKind(row.kind), start_ms=row.start_ms, end_ms=row.end_ms, title=row.title
    )
