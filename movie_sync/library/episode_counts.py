"""How many episodes of a show there should be by a day, and which shows lack some.

What has no day, or is a special (season 0), is missed by nobody.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from movie_sync.library_tables import asset_episodes, assets, episodes, seasons


def aired(connection: Connection, title_ids: Collection[int], day: date) -> dict[int, int]:
    """How many episodes of each had aired by this day; those without any are left out."""
    c = episodes.c
    query = (
        select(c.title_id, func.count())
        .join(seasons, seasons.c.id == c.season_id)
        .where(c.title_id.in_(title_ids), _had_aired(day))
        .group_by(c.title_id)
    )
    return {title_id: count for title_id, count in connection.execute(query)}  # noqa: C416 - no mapping


def lacking(day: date) -> Select[Any]:
    """The titles of which some episode that had aired by this day is not there."""
    held = (
        exists()
        .where(asset_episodes.c.episode_id == episodes.c.id)
        .where(assets.c.id == asset_episodes.c.asset_id, assets.c.deleted_at.is_(None))
    )
    c = episodes.c
    of_seasons = select(c.title_id).join(seasons, seasons.c.id == c.season_id)
    return of_seasons.where(_had_aired(day), ~held)


def _had_aired(day: date) -> ColumnElement[bool]:
    c = episodes.c
    return and_(c.deleted_at.is_(None), c.aired_on <= day, seasons.c.number > 0)
