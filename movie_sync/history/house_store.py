"""Plays of the house, stored: what a webhook told, and what media servers count by themselves.

A webhook names an episode by the title of its show, where the library knows the very file; so the
file says which show that is. A server's count is no event: only a new time of the last watching is
a play, and one without a time is the play of a day that nobody knows.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import String, cast, or_, select

from movie_sync.history.house_reading import Heard
from movie_sync.history.reading_rows import works_of
from movie_sync.history.rows import Batch, Saved
from movie_sync.history.statements import AT_ONCE
from movie_sync.history.store import HistoryStore
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind
from movie_sync.library_tables import (
    asset_episodes,
    asset_views,
    assets,
    sightings,
    sources,
    titles,
)
from movie_sync.title_keys import strict

PROVIDER = "views"  # of the marks of how far each source's views were taken
OF_WORLD = ("imdb", "tmdb", "tvdb", "trakt")

a, v, s, o, x = assets.c, asset_views.c, sightings.c, sources.c, titles.c


def save_heard(store: HistoryStore, heard: Heard, now: datetime) -> Saved:
    """Nothing, where it is neither a play nor a rating."""
    told = heard.play or heard.rating
    if told is None:
        return Saved()
    work = _known(store, told.work, heard.uri)
    plays = [replace(heard.play, work=work)] if heard.play else []
    ratings = [replace(heard.rating, work=work)] if heard.rating else []
    return store.save(Batch(plays=plays, ratings=ratings), now)


def save_views(store: HistoryStore, now: datetime) -> Saved:
    """What media servers have counted since the last time; what was told of then is left."""
    saved = Saved()
    with store.db.read() as connection:
        query = select(o.id, o.name, o.kind).where(o.deleted_at.is_(None))
        servers = [row for row in connection.execute(query) if row.kind != "folder"]
    for source in servers:
        saved += _of_source(store, source, now)
    return saved


def _known(store: HistoryStore, work: Work, uri: str | None) -> Work:
    """With the ids of the show that the library has the file of; its name has to agree, for
    another server may number its files alike."""
    if uri is None or work.kind is not Kind.SHOW or any(one in work.ids for one in OF_WORLD):
        return work
    query = (
        select(a.title_id, x.title)
        .join(sightings, s.asset_id == a.id)
        .join(titles, x.id == a.title_id)
        .where(cast(s.uri, String).like(f"{uri}%"), s.deleted_at.is_(None))
        .where(x.kind == str(work.kind))
    )
    with store.db.read() as connection:
        found = {
            row.title_id
            for row in connection.execute(query)
            if strict(row.title) == strict(work.title)
        }
        if len(found) != 1:
            return work
        title_id = found.pop()
        known = works_of(connection, {(title_id, 0)})[title_id, 0]
    return replace(work, title=known.title, year=known.year, ids=known.ids)


def _of_source(store: HistoryStore, source: Any, now: datetime) -> Saved:
    saved = Saved()
    rows = _viewed(store, source.id, store.mark(PROVIDER, source.name))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        batch = Batch(plays=_plays(store, source, some), marks=_mark(source.name, some))
        saved += store.save(batch, now)
    return saved


def _viewed(store: HistoryStore, source_id: int, since: str | None) -> Sequence[Any]:
    """The oldest first, so that a kill leaves the mark where the reading stood."""
    query = (
        select(v.asset_id, v.last_at, a.title_id, asset_episodes.c.episode_id)
        .join(assets, a.id == v.asset_id)
        .outerjoin(asset_episodes, asset_episodes.c.asset_id == a.id)
        .where(v.source_id == source_id, v.count > 0, a.title_id.is_not(None))
        .where(a.extra.is_(None), a.merged_into.is_(None))
    )
    if since is not None:
        then = datetime.fromisoformat(since)
        query = query.where(or_(v.last_at.is_(None), v.last_at >= then))
    with store.db.read() as connection:
        rows = connection.execute(query.order_by(v.asset_id)).all()
    return sorted(rows, key=lambda row: row.last_at.timestamp() if row.last_at else 0.0)


def _mark(name: str, rows: Sequence[Any]) -> list[tuple[str, str, str | None]]:
    newest = max((row.last_at for row in rows if row.last_at), default=None)
    return [(PROVIDER, name, newest.isoformat())] if newest else []


def _plays(store: HistoryStore, source: Any, rows: Sequence[Any]) -> list[Play]:
    with store.db.read() as connection:
        works = works_of(connection, {(row.title_id, row.episode_id or 0) for row in rows})
    found = []
    for row in rows:
        at = int(row.last_at.timestamp()) if row.last_at else "unknown"
        work = works[row.title_id, row.episode_id or 0]
        if work.kind is Kind.SHOW and row.episode_id is None:
            continue  # of which episode is not known
        found.append(Play(
            key=f"{source.kind}:views:{source.name}:{row.asset_id}:{row.episode_id or 0}:{at}",
            source=source.kind, work=work, watched_at=row.last_at,
        ))  # fmt: skip
    return found
