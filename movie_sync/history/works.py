"""Which title of the library, and which episode of it, somebody outside means. In a transaction.

By ids, else by its very name and year; what is not there is made, and has no files. Ids that name
two titles are a question to a person, and their answer holds for every later telling of that work.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from movie_sync.history.episode_places import place_episodes
from movie_sync.history.statements import batches
from movie_sync.history_models import Work
from movie_sync.history_tables import work_questions
from movie_sync.library.rows import Conflict
from movie_sync.library.statements import insert
from movie_sync.library.title_writing import put_title
from movie_sync.library_models import Facts
from movie_sync.library_tables import provider_refs, title_keys, titles
from movie_sync.title_keys import strict

VIKI = "viki"
NO_SEASON, NO_EPISODE = -1, 0

Ref = tuple[str, str]  # provider and key


class Place(NamedTuple):
    """Where a work stands in the library."""

    title_id: int
    season: int = NO_SEASON  # where the season as a whole is meant
    episode_id: int = NO_EPISODE


class Placed(NamedTuple):
    places: list[Place | Conflict]  # in the order of the works
    made: int  # titles


def identity(work: Work) -> str:
    """Of its film or show: the same text for the same ids, or the same name and year."""
    if work.ids:
        return f"{work.kind}:" + ",".join(f"{one}={work.ids[one]}" for one in sorted(work.ids))
    return f"{work.kind}:{strict(work.title)}:{work.year or ''}"


def place(connection: Connection, works: Sequence[Work], now: datetime) -> Placed:
    """Titles and episodes are made where they are not there yet."""
    distinct = {identity(work): work for work in works}
    known = _known(connection, distinct.values())
    found: dict[str, int | Conflict] = {}
    made = 0
    for name, work in distinct.items():
        found[name] = title = _named(work, known)
        if title == 0:
            before = len(known)
            found[name] = _put(connection, work, known, now)
            made += len(known) > before
    _heed_answers(connection, found)
    asked = [(work, found[identity(work)]) for work in works]
    wanted = [(title, work) for work, title in asked if isinstance(title, int)]
    episodes = iter(place_episodes(connection, wanted))
    return Placed([
        title if isinstance(title, Conflict) else _place(title, work, next(episodes))
        for work, title in asked
    ], made)  # fmt: skip


def _place(title_id: int, work: Work, episode_id: int) -> Place:
    of_season = work.season is not None and work.episode is None
    return Place(title_id, work.season if of_season and work.season else NO_SEASON, episode_id)


def _known(connection: Connection, works: Iterable[Work]) -> dict[tuple[str, Ref], int]:
    """All of their ids that name a title."""
    asked: dict[tuple[str, str], set[str]] = {}
    for work in works:
        for provider, key in work.ids.items():
            asked.setdefault((str(work.kind), provider), set()).add(key)
    found = {}
    r = provider_refs.c
    for (kind, provider), keys in asked.items():
        for some in batches(keys):
            query = select(r.key, r.entity_id).where(r.entity == kind, r.provider == provider)
            for key, title_id in connection.execute(query.where(r.key.in_(some))):
                found[kind, (provider, key)] = title_id
    return found


def _named(work: Work, known: Mapping[tuple[str, Ref], int]) -> int:
    """The title that all of its ids name; 0 where one of them names none, or another."""
    named = {known.get((str(work.kind), one), 0) for one in work.ids.items()}
    return named.pop() if len(named) == 1 else 0


def _put(
    connection: Connection, work: Work, known: dict[tuple[str, Ref], int], now: datetime
) -> int | Conflict:
    """Viki numbers parts of a show apart: of its ids a title may have several."""
    kind, viki = str(work.kind), work.ids.get(VIKI)
    shown = known.get((kind, (VIKI, viki))) if viki else None
    world = {one: key for one, key in work.ids.items() if one != VIKI}
    if shown and not world:
        return shown
    if not work.ids:
        alike = _alike(connection, work)
        if alike:
            return alike[0] if len(alike) == 1 else _several(work, alike)
    title = put_title(connection, _facts(work, world or work.ids), now)
    if isinstance(title, Conflict):
        return title
    if shown and shown != title:
        return Conflict((shown, title), f"viki {viki} and {_told(world)} name two titles: {work}")
    if viki and not shown and world:
        insert(connection, provider_refs, [
            {"entity": kind, "provider": VIKI, "key": viki, "entity_id": title}
        ])  # fmt: skip
    known |= {(kind, one): title for one in work.ids.items()}
    return title


def _facts(work: Work, ids: Mapping[str, str]) -> Facts:
    title = work.title.strip() or _told(ids) or "?"
    return Facts(kind=work.kind, title=title, year=work.year, ids=dict(ids))


def _told(ids: Mapping[str, str]) -> str:
    return ", ".join(f"{provider} {key}" for provider, key in sorted(ids.items()))


def _alike(connection: Connection, work: Work) -> list[int]:
    """Titles of this very name, and of its year where that is told."""
    c = titles.c
    query = (
        select(c.id)
        .join(title_keys, title_keys.c.title_id == c.id)
        .where(title_keys.c.key == strict(work.title), title_keys.c.kind == str(work.kind))
        .where(title_keys.c.strict, c.deleted_at.is_(None))
    )
    if work.year is not None:
        query = query.where(c.year == work.year)
    return list(connection.execute(query.order_by(c.id)).scalars())


def _several(work: Work, alike: Collection[int]) -> Conflict:
    return Conflict(tuple(alike), f"{len(alike)} titles are called {work.title}: which is it?")


def _heed_answers(connection: Connection, found: dict[str, int | Conflict]) -> None:
    """What a person has said of these questions before."""
    asked = [name for name, title in found.items() if isinstance(title, Conflict)]
    c = work_questions.c
    for some in batches(asked):
        query = select(c.work, c.title_id).where(c.work.in_(some), c.title_id.is_not(None))
        for name, title_id in connection.execute(query):
            found[name] = title_id
