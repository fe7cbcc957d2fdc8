"""Films and episodes of which there is more than one file.

What counts is the file, not who shows it; another edition, version or part is another thing.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, Subquery, and_, func, literal, select, union_all

from movie_sync.library.file_reading import files_of
from movie_sync.library.page_rows import Duplicate, FileRow
from movie_sync.library.statements import LISTED, episodes_of
from movie_sync.library_models import Kind
from movie_sync.library_tables import asset_episodes, assets, episodes, seasons, titles

_SLOT = [
    func.coalesce(assets.c.edition, "").label("edition"),
    func.coalesce(assets.c.version, "").label("version"),
    func.coalesce(assets.c.part, 0).label("part"),
]
_THERE = and_(LISTED, assets.c.deleted_at.is_(None))


def duplicates(connection: Connection, offset: int, limit: int) -> tuple[list[Duplicate], int]:
    """See `ReadingStore.duplicates`."""
    groups = _groups()
    total = connection.execute(select(func.count()).select_from(groups)).scalar_one()
    query = (
        select(groups, titles.c.title, titles.c.year)
        .join(titles, titles.c.id == groups.c.title_id)
        .order_by(titles.c.sort_key, groups.c.title_id, groups.c.episode_id, groups.c.edition)
        .order_by(groups.c.version, groups.c.part)
    )
    rows = connection.execute(query.offset(offset).limit(limit)).all()
    return _whole(connection, rows), total


def title_ids() -> Select[Any]:
    """Of the titles in which there are some."""
    return select(_groups().c.title_id)


def _groups() -> Subquery:
    return union_all(_films(), _episodes()).subquery()


def _films() -> Select[Any]:
    return (
        select(assets.c.title_id, literal(0).label("episode_id"), *_SLOT)
        .join(titles, titles.c.id == assets.c.title_id)
        .where(_THERE, titles.c.kind == str(Kind.FILM))
        .group_by(assets.c.title_id, *_SLOT)
        .having(func.count() > 1)
    )


def _episodes() -> Select[Any]:
    held = asset_episodes.c
    return (
        select(assets.c.title_id, held.episode_id, *_SLOT)
        .join(asset_episodes, held.asset_id == assets.c.id)
        .where(_THERE)
        .group_by(assets.c.title_id, held.episode_id, *_SLOT)
        .having(func.count() > 1)
    )


def _whole(connection: Connection, groups: Sequence[Any]) -> list[Duplicate]:
    ids = {group.title_id for group in groups}
    c = assets.c
    query = select(c.id, c.title_id, *_SLOT).where(_THERE, c.title_id.in_(ids))
    rows = connection.execute(query).all()
    held = episodes_of(connection, [row.id for row in rows])
    members = [
        [row.id for row in rows if _is_in(row, group, held.get(row.id, ()))] for group in groups
    ]
    found = files_of(connection, {one for ids_of_group in members for one in ids_of_group})
    numbers = _numbers(connection, [group.episode_id for group in groups])
    return [
        _duplicate(group, numbers, [found[one] for one in some])
        for group, some in zip(groups, members, strict=True)
    ]


def _is_in(row: Any, group: Any, held: Sequence[int]) -> bool:
    slot = (group.title_id, group.edition, group.version, group.part)
    same = (row.title_id, row.edition, row.version, row.part) == slot
    return same and (not group.episode_id or group.episode_id in held)


def _numbers(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    query = select(episodes.c.id, seasons.c.number, episodes.c.number).join(seasons)
    found = connection.execute(query.where(episodes.c.id.in_(ids)))
    return {row[0]: (row[1], row[2]) for row in found}


def _duplicate(
    group: Any, numbers: dict[int, tuple[int, int]], held: Sequence[FileRow]
) -> Duplicate:
    season, episode = numbers.get(group.episode_id, (None, None))
    sums = {one.checksum for one in held}
    return Duplicate(
        title_id=group.title_id,
        title=group.title,
        year=group.year,
        season=season,
        episode=episode,
        edition=group.edition or None,
        files=tuple(sorted(held, key=lambda one: (-(one.lines or 0), -one.size_bytes, one.id))),
        identical=len(sums) == 1 and None not in sums,
    )
