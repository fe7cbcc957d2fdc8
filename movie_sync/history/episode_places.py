"""Which episodes of the library are meant, many at once. In a transaction of the caller's.

An id that names an episode of the very show is trusted more than a number, for others count them
otherwise; what is not there is made.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from movie_sync.history.statements import batches
from movie_sync.history_models import Work
from movie_sync.library.statements import Row, insert, upsert
from movie_sync.library_tables import episodes, provider_refs, seasons

EPISODE = "episode"

Number = tuple[int, int, int]  # title, season, episode
Ref = tuple[str, str]


def place_episodes(connection: Connection, wanted: Sequence[tuple[int, Work]]) -> list[int]:
    """In the order of the works; 0 for one that names no episode.

    Args:
        wanted: title and work; a season that is not told is that of the specials.
    """
    told = [(title_id, work) for title_id, work in wanted if work.episode is not None]
    if not told:
        return [0] * len(wanted)
    refs = _refs(connection, (work for _, work in told))
    titles_of = _titles(connection, set(refs.values()))
    chosen: dict[Number, int] = {}
    for title_id, work in told:
        mine = (refs.get(one) for one in work.episode_ids.items())
        named = next((one for one in mine if one and titles_of[one] == title_id), None)
        if named:
            chosen[_number(title_id, work)] = named
    numbered = [one for one in told if _number(*one) not in chosen]
    chosen |= _by_number(connection, numbered)
    _add_refs(connection, told, chosen, refs)
    return [
        chosen[_number(title_id, work)] if work.episode is not None else 0
        for title_id, work in wanted
    ]


def _number(title_id: int, work: Work) -> Number:
    assert work.episode is not None
    return title_id, work.season or 0, work.episode


def _refs(connection: Connection, works: Iterable[Work]) -> dict[Ref, int]:
    asked: dict[str, set[str]] = {}
    for work in works:
        for provider, key in work.episode_ids.items():
            asked.setdefault(provider, set()).add(key)
    found = {}
    r = provider_refs.c
    for provider, keys in asked.items():
        for some in batches(keys):
            query = select(r.key, r.entity_id).where(r.entity == EPISODE, r.provider == provider)
            for key, episode_id in connection.execute(query.where(r.key.in_(some))):
                found[provider, key] = episode_id
    return found


def _titles(connection: Connection, episode_ids: Iterable[int]) -> dict[int, int]:
    found = dict.fromkeys(episode_ids, 0)
    c = episodes.c
    for some in batches(list(found)):
        rows = connection.execute(select(c.id, c.title_id).where(c.id.in_(some)))
        found.update({episode_id: title_id for episode_id, title_id in rows})  # noqa: C416
    return found


def _by_number(connection: Connection, wanted: Sequence[tuple[int, Work]]) -> dict[Number, int]:
    if not wanted:
        return {}
    named = {_number(*one): one[1].episode_title for one in wanted}
    season_ids = _seasons(connection, {number[:2] for number in named})
    known = _episodes(connection, season_ids, named)
    new = [
        {"title_id": number[0], "season_id": season_ids[number[:2]], "number": number[2],
         "name": name}
        for number, name in named.items() if number not in known
    ]  # fmt: skip
    for some in batches(new):
        insert(connection, episodes, some)
    return _episodes(connection, season_ids, named) if new else known


def _seasons(
    connection: Connection, wanted: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    pairs = sorted(wanted)
    known = _season_ids(connection, pairs)
    new = [pair for pair in pairs if pair not in known]
    insert(connection, seasons, [{"title_id": one, "number": number} for one, number in new])
    return _season_ids(connection, pairs) if new else known


def _season_ids(
    connection: Connection, wanted: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    found = {}
    c = seasons.c
    for some in batches({title_id for title_id, _ in wanted}):
        query = select(c.title_id, c.number, c.id).where(c.title_id.in_(some))
        for title_id, number, season_id in connection.execute(query):
            found[title_id, number] = season_id
    return found


def _episodes(
    connection: Connection, season_ids: dict[tuple[int, int], int], wanted: Iterable[Number]
) -> dict[Number, int]:
    of_season = {season_id: pair for pair, season_id in season_ids.items()}
    asked = {season_ids[number[:2]] for number in wanted}
    numbers = sorted({number[2] for number in wanted})
    found: dict[Number, int] = {}
    c = episodes.c
    for some in batches(asked):
        query = select(c.season_id, c.number, c.id).where(c.season_id.in_(some))
        for season_id, number, episode_id in connection.execute(query.where(c.number.in_(numbers))):
            found[(*of_season[season_id], number)] = episode_id
    return found


def _add_refs(
    connection: Connection,
    told: Iterable[tuple[int, Work]],
    chosen: dict[Number, int],
    refs: dict[Ref, int],
) -> None:
    """An id that names another episode stays with that one."""
    rows: dict[Ref, Row] = {
        one: {
            "entity": EPISODE, "provider": one[0], "key": one[1],
            "entity_id": chosen[_number(title_id, work)],
        }
        for title_id, work in told
        for one in work.episode_ids.items()
        if one not in refs
    }  # fmt: skip
    for some in batches(rows.values()):
        upsert(connection, provider_refs, some, kept=("entity_id",))
