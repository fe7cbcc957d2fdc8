"""A container of Viki's becomes the title that it was matched with. In the caller's transaction.

Viki's numbers are not those of others: its plays and its progress go to where the mapping of the
match says. What the mapping places nowhere, as specials, stays where it is.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from movie_sync.history import moving
from movie_sync.history.match_models import Mapping
from movie_sync.history.viki_rows import standing_of
from movie_sync.history.viki_watching import play_key
from movie_sync.history.works import VIKI, Place, place
from movie_sync.history_models import Work
from movie_sync.history_tables import plays, progress, viki_containers, viki_videos
from movie_sync.library.merging import merge
from movie_sync.library.rows import Conflict
from movie_sync.library.title_writing import ids_of, named_by, put_ids, put_title
from movie_sync.library_models import Facts, Kind
from movie_sync.library_tables import episodes, provider_refs, titles

c, v, p = viki_containers.c, viki_videos.c, plays.c


def adopt(
    connection: Connection, container_id: str, facts: Facts, now: datetime
) -> int | Conflict | None:
    query = select(c.title_id, c.standing).where(c.id == container_id)
    row = connection.execute(query).first()
    if row is None:
        return None
    mapping = standing_of(row.standing).mapping if row.standing else Mapping()
    own = row.title_id or _own(connection, container_id, facts.kind)
    was_bare = own is not None and _is_bare(connection, own)
    title = _title(connection, own if was_bare else None, facts, now)
    if isinstance(title, Conflict):
        return title
    works = _works(connection, container_id, facts, mapping)
    moving.replace_works(connection, works, now)
    connection.execute(update(viki_containers).where(c.id == container_id).values(title_id=title))
    if own and was_bare:
        _move_progress(connection, own, facts, mapping, now)
        if own != title and not _has_plays(connection, own):
            merge(connection, own, title, now)
    return title


def _own(connection: Connection, container_id: str, kind: Kind) -> int | None:
    """The title that was made for it, before anybody knew more."""
    r = provider_refs.c
    mine = (r.provider == VIKI) & (r.key == container_id)
    of_kind = (r.entity == str(kind)).desc()
    query = select(r.entity_id).where(mine, r.entity.in_(list(map(str, Kind)))).order_by(of_kind)
    return connection.execute(query).scalar()


def _title(connection: Connection, own: int | None, facts: Facts, now: datetime) -> int | Conflict:
    """The one of these ids; where there is none, its own gets them."""
    if own and not named_by(connection, facts.kind, facts.ids):
        kind = connection.execute(select(titles.c.kind).where(titles.c.id == own)).scalar()
        if kind == facts.kind:
            return put_ids(connection, str(facts.kind), own, facts.ids) or own
    return put_title(connection, facts, now)


def _is_bare(connection: Connection, title_id: int) -> bool:
    """Whether Viki alone knows it."""
    kind = connection.execute(select(titles.c.kind).where(titles.c.id == title_id)).scalar_one()
    return not ids_of(connection, kind, [title_id])[title_id].keys() - {VIKI}


def _has_plays(connection: Connection, title_id: int) -> bool:
    there = select(p.id).where(p.title_id == title_id, p.deleted_at.is_(None)).limit(1)
    return connection.execute(there).first() is not None


def _works(
    connection: Connection, container_id: str, facts: Facts, mapping: Mapping
) -> dict[str, Work]:
    """What each of its plays is now, by key."""
    query = select(v.id, v.number, v.plays).where(v.container_id == container_id, v.plays > 0)
    found: dict[str, Work] = {}
    for video_id, number, count in connection.execute(query):
        work = _work(facts, mapping, number)
        if work is not None:
            found |= {play_key(video_id, one): work for one in range(1, count + 1)}
    return found


def _work(facts: Facts, mapping: Mapping, number: int | None) -> Work | None:
    named = {"kind": facts.kind, "title": facts.title, "year": facts.year, "ids": facts.ids}
    if facts.kind is Kind.FILM:
        return Work(**named)  # type: ignore[arg-type]
    at = mapping.place(number) if number is not None else None
    if at is None:
        return None
    return Work(**named, season=at.season, episode=at.number)  # type: ignore[arg-type]


def _move_progress(
    connection: Connection, own: int, facts: Facts, mapping: Mapping, now: datetime
) -> None:
    g, e = progress.c, episodes.c
    query = (
        select(g.episode_id, e.number)
        .outerjoin(episodes, e.id == g.episode_id)
        .where(g.title_id == own, g.source == VIKI)
    )
    told = [
        (row.episode_id, _work(facts, mapping, row.number)) for row in connection.execute(query)
    ]
    works = {episode_id: work for episode_id, work in told if work is not None}
    placed = place(connection, list(works.values()), now)
    moving.move_progress(connection, VIKI, {
        (own, episode_id): at
        for episode_id, at in zip(works, placed.places, strict=True) if isinstance(at, Place)
    })  # fmt: skip
