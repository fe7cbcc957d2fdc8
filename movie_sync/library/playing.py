"""How often each title was watched, as its row shows it. In a transaction of the caller's.

The history counts plays; a media server counts those of its own account, which the history may
have too: the larger of the two is the nearest to the truth.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import Connection, bindparam, func, select

from movie_sync.history_tables import seen
from movie_sync.library_tables import asset_views, assets, titles

_AT_ONCE = 500


def plays_of(connection: Connection, title_ids: Sequence[int]) -> dict[int, int]:
    """Of those that were watched at all."""
    shown = assets.c.extra.is_(None) & assets.c.merged_into.is_(None)
    of_servers = (
        select(assets.c.title_id, func.max(asset_views.c.count))
        .join(asset_views, asset_views.c.asset_id == assets.c.id)
        .where(assets.c.title_id.in_(title_ids), shown)
        .group_by(assets.c.title_id)
    )
    of_history = (
        select(seen.c.title_id, func.sum(seen.c.plays))
        .where(seen.c.title_id.in_(title_ids))
        .group_by(seen.c.title_id)
    )
    found: dict[int, int] = {}
    for query in (of_servers, of_history):
        for title_id, count in connection.execute(query):
            found[title_id] = max(found.get(title_id, 0), int(count))
    return found


def refresh_plays(connection: Connection, title_ids: Iterable[int]) -> None:
    given = iter(sorted(set(title_ids)))
    changed = titles.update().where(titles.c.id == bindparam("t_id"))
    while some := list(islice(given, _AT_ONCE)):
        found = plays_of(connection, some)
        rows = [{"t_id": one, "plays": found.get(one, 0)} for one in some]
        connection.execute(changed, rows)
