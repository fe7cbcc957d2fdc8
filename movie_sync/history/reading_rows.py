"""From rows of the database to what lists and pages show, and to works that others know."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from movie_sync.history.rows import PlayRow, ProgressRow, SeenRow
from movie_sync.history.statements import batches
from movie_sync.history_models import Work
from movie_sync.history_tables import plays, progress, seen
from movie_sync.library.title_writing import ids_of
from movie_sync.library_models import Kind
from movie_sync.library_tables import episodes, seasons, titles

p, g, x, e, s = plays.c, progress.c, titles.c, episodes.c, seasons.c

_NAMES = (x.kind, x.title, x.year, x.poster)
_EPISODE = (
    s.number.label("season"), e.number.label("episode"), e.name.label("episode_title"),
)  # fmt: skip
_PLAY = (
    p.id, p.key, p.source, p.title_id, p.episode_id, p.watched_at, p.at_s, p.local_day,
    p.day_only, p.zone, p.noted_at, p.sync_id, p.deleted_at, p.deleted_by,
)  # fmt: skip


def plays_query() -> Select[Any]:
    return (
        select(*_PLAY, *_NAMES, *_EPISODE, x.runtime_min, e.runtime_min.label("episode_min"))
        .join(titles, x.id == p.title_id)
        .outerjoin(episodes, e.id == p.episode_id)
        .outerjoin(seasons, s.id == e.season_id)
    )


def play_rows(connection: Connection, query: Select[Any]) -> list[PlayRow]:
    found = []
    for row in connection.execute(query):
        told = dict(row._mapping)
        of_episode = told.pop("episode_min")
        told["runtime_min"] = of_episode or told["runtime_min"]
        found.append(PlayRow(**told | {"kind": Kind(row.kind), "day_only": bool(row.day_only)}))
    return found


def progress_query() -> Select[Any]:
    """Of what is begun and was not watched since."""
    since = and_(seen.c.title_id == g.title_id, seen.c.episode_id == g.episode_id)
    return (
        select(progress, *_NAMES, *_EPISODE)
        .join(titles, x.id == g.title_id)
        .outerjoin(episodes, e.id == g.episode_id)
        .outerjoin(seasons, s.id == e.season_id)
        .outerjoin(seen, since)
        .where(g.position_s > 0, seen.c.last_s.is_(None) | (seen.c.last_s < g.at_s))
    )


def progress_rows(connection: Connection, query: Select[Any]) -> list[ProgressRow]:
    return [
        ProgressRow(**dict(row._mapping) | {
            "kind": Kind(row.kind), "episode_id": row.episode_id or None,
        })
        for row in connection.execute(query)
    ]  # fmt: skip


def seen_rows(connection: Connection, title_ids: Iterable[int]) -> list[SeenRow]:
    found = []
    c = seen.c
    for some in batches(title_ids):
        query = (
            select(
                c.title_id, c.episode_id, c.plays, c.first_at, c.last_at,
                s.number.label("season"), e.number.label("episode"),
            )
            .outerjoin(episodes, e.id == c.episode_id)
            .outerjoin(seasons, s.id == e.season_id)
            .where(c.title_id.in_(some))
            .order_by(c.title_id, s.number, e.number)
        )  # fmt: skip
        found += [
            SeenRow(**dict(row._mapping) | {"episode_id": row.episode_id or None})
            for row in connection.execute(query)
        ]
    return found


def works_of(
    connection: Connection, places: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], Work]:
    """What others know of these titles and episodes (0: none): names, numbers, ids."""
    found: dict[tuple[int, int], Work] = {}
    for some in batches(places):
        named = _titles(connection, {title_id for title_id, _ in some})
        numbered = _episodes(connection, {part for _, part in some if part})
        for title_id, part in some:
            found[title_id, part] = Work(**named[title_id], **numbered.get(part, {}))
    return found


def _titles(connection: Connection, title_ids: set[int]) -> dict[int, dict[str, Any]]:
    query = select(x.id, x.kind, x.title, x.year).where(x.id.in_(title_ids))
    found = {
        row.id: {"kind": Kind(row.kind), "title": row.title, "year": row.year}
        for row in connection.execute(query)
    }
    for kind in Kind:
        mine = [one for one, told in found.items() if told["kind"] is kind]
        for title_id, ids in ids_of(connection, str(kind), mine).items():
            found[title_id]["ids"] = ids
    return found


def _episodes(connection: Connection, episode_ids: set[int]) -> dict[int, dict[str, Any]]:
    if not episode_ids:
        return {}
    query = select(e.id, s.number.label("season"), e.number.label("number"), e.name)
    query = query.join(seasons, s.id == e.season_id).where(e.id.in_(episode_ids))
    ids = ids_of(connection, "episode", sorted(episode_ids))
    return {
        row.id: {
            "season": row.season, "episode": row.number, "episode_title": row.name,
            "episode_ids": ids[row.id],
        }
        for row in connection.execute(query)
    }  # fmt: skip
