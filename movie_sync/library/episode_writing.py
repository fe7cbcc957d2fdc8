"""How seasons and episodes are stored: as they are told of, and as files need them.

An episode that is told of no more is gone only where no file holds it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select, update

from movie_sync.library.statements import Row, batches, insert, upsert
from movie_sync.library_models import EpisodeFacts, Ids, SeasonFacts
from movie_sync.library_tables import asset_episodes, episodes, provider_refs, seasons


def episode_ids(
    connection: Connection, title_id: int, season: int, numbers: Sequence[int]
) -> tuple[int, ...]:
    """In the order of the numbers. What is not there is made, and is known by its number alone."""
    season_id = _season_id(connection, title_id, season)
    known = _numbered(connection, season_id)
    new = [number for number in dict.fromkeys(numbers) if number not in known]
    insert(connection, episodes, [
        {"title_id": title_id, "season_id": season_id, "number": number} for number in new
    ])  # fmt: skip
    if new:
        known = _numbered(connection, season_id)
    found = tuple(known[number] for number in numbers)
    there = episodes.c.id.in_(found) & episodes.c.deleted_at.is_not(None)
    connection.execute(update(episodes).where(there).values(deleted_at=None))
    return found


def put_seasons(
    connection: Connection, title_id: int, told: Iterable[SeasonFacts], now: datetime
) -> None:
    for season in told:
        season_id = _season_id(connection, title_id, season.number)
        values = {
            "name": season.name, "overview": season.overview, "aired_on": season.aired_on,
            "poster": season.poster, "deleted_at": None,
        }  # fmt: skip
        connection.execute(update(seasons).where(seasons.c.id == season_id).values(values))
        put_refs(connection, "season", [(season_id, season.ids)])
        if season.episodes:
            _put_episodes(connection, title_id, season_id, season.episodes, now)


def _put_episodes(
    connection: Connection,
    title_id: int,
    season_id: int,
    told: Sequence[EpisodeFacts],
    now: datetime,
) -> None:
    before = _numbered(connection, season_id)
    by_number = {one.number: one for one in told}
    new = [one for number, one in by_number.items() if number not in before]
    bare = {"title_id": title_id, "season_id": season_id}
    insert(connection, episodes, [bare | {"number": one.number} for one in new])
    known = _numbered(connection, season_id) if new else before
    rows = [
        bare | {"id": known[number], "deleted_at": None} | _row(one)
        for number, one in by_number.items()
    ]
    for some in batches(rows):
        upsert(connection, episodes, some)
    refs = [(known[number], one.ids) for number, one in by_number.items()]
    put_refs(connection, "episode", refs)
    left = [one for number, one in before.items() if number not in by_number]
    held = exists().where(asset_episodes.c.episode_id == episodes.c.id)
    unheld = episodes.c.id.in_(left) & ~held & episodes.c.deleted_at.is_(None)
    connection.execute(update(episodes).where(unheld).values(deleted_at=now))


def _row(one: EpisodeFacts) -> Row:
    return {
        "number": one.number,
        "absolute": one.absolute,
        "name": one.name,
        "overview": one.overview,
        "aired_on": one.aired_on,
        "runtime_min": one.runtime_min,
        "still": one.still,
    }


def put_refs(connection: Connection, entity: str, refs: Iterable[tuple[int, Ids]]) -> None:
    """An id that another had names this one from now on, for providers number anew at times."""
    rows: dict[tuple[str, str], Row] = {
        (provider, key): {
            "entity": entity, "provider": provider, "key": key, "entity_id": entity_id,
        }
        for entity_id, ids in refs
        for provider, key in ids.items()
    }  # fmt: skip
    for some in batches(rows.values()):
        upsert(connection, provider_refs, some)


def _season_id(connection: Connection, title_id: int, number: int) -> int:
    c = seasons.c
    mine = select(c.id).where(c.title_id == title_id, c.number == number)
    known = connection.execute(mine).scalar()
    if known is None:
        made = connection.execute(seasons.insert().values(title_id=title_id, number=number))
        known = (made.inserted_primary_key or (0,))[0]
    return int(known)


def _numbered(connection: Connection, season_id: int) -> dict[int, int]:
    query = select(episodes.c.number, episodes.c.id).where(episodes.c.season_id == season_id)
    return {number: episode_id for number, episode_id in connection.execute(query)}  # noqa: C416 - no mapping
