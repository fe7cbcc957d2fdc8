"""How titles come to be, and what is told of them is stored. Each works within a transaction.

An id of the world names one title of its kind, for ever. Ids that name two are a question for a
person, and nothing is stored then.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from movie_sync.library import title_rows
from movie_sync.library.episode_writing import put_seasons
from movie_sync.library.rows import Conflict
from movie_sync.library.statements import insert, upsert
from movie_sync.library_models import Facts, Ids, Kind
from movie_sync.library_tables import provider_refs, title_keys, titles
from movie_sync.metadata_tables import collections, people, title_credits, title_facts
from movie_sync.title_keys import strict

# Ids of a server say which of its entries is meant, not which work that is.
OF_SERVERS = frozenset(("plex", "jellyfin"))

# Made once: over a whole library, making them takes longer than what they ask.
_r = provider_refs.c
_NAMED = select(_r.entity_id).where(
    _r.entity == bindparam("of"), _r.provider == bindparam("by"), _r.key == bindparam("as")
)
# Put in order here: SQLite would read all ids there are, to have them in that order.
_IDS = select(_r.provider, _r.key, _r.entity_id).where(
    _r.entity == bindparam("of"), _r.entity_id.in_(bindparam("ids", expanding=True))
)
_ALIKE = (
    select(titles.c.id, titles.c.year)
    .join(title_keys, title_keys.c.title_id == titles.c.id)
    .where(title_keys.c.key == bindparam("written"), title_keys.c.kind == bindparam("kind_"))
    .where(title_keys.c.strict, titles.c.deleted_at.is_(None))
)


def put_title(connection: Connection, facts: Facts, now: datetime) -> int | Conflict:
    """See `TitleStore.put_title`."""
    named = named_by(connection, facts.kind, facts.ids)
    if len(named) > 1:
        return _two(connection, named, facts.ids)
    title_id = next(iter(named), None) or _unnamed(connection, facts)
    if title_id is None:
        return _make(connection, facts, now)
    clash = put_ids(connection, str(facts.kind), title_id, facts.ids)
    return clash or title_id


def save_facts(
    connection: Connection, title_id: int, facts: Facts, now: datetime
) -> Conflict | None:
    """See `TitleStore.save_facts`."""
    row = title_rows.title_row(facts)
    if facts.collection is not None:
        upsert(connection, collections, [title_rows.collection_row(facts.collection)])
    connection.execute(
        update(titles).where(titles.c.id == title_id).values(row | {"facts_at": now})
    )
    _put_texts(connection, title_id, facts)
    connection.execute(delete(title_credits).where(title_credits.c.title_id == title_id))
    upsert(connection, people, title_rows.person_rows((*facts.cast, *facts.crew)))
    insert(connection, title_credits, title_rows.credit_rows(title_id, facts))
    put_seasons(connection, title_id, facts.seasons, now)
    return put_ids(connection, str(facts.kind), title_id, facts.ids)


def named_by(connection: Connection, kind: Kind, ids: Ids) -> dict[int, list[str]]:
    """The titles that these ids name, each with the providers that say so."""
    found: dict[int, list[str]] = {}
    for (provider, _), title_id in _taken(connection, str(kind), ids).items():
        found.setdefault(title_id, []).append(provider)
    return found


def _taken(connection: Connection, entity: str, ids: Ids) -> dict[tuple[str, str], int]:
    """Those of the ids that are known, each with whose it is."""
    found = {}
    for provider, key in ids.items():
        asked = {"of": entity, "by": provider, "as": key}
        known = connection.execute(_NAMED, asked).scalar()
        if known is not None:
            found[provider, key] = int(known)
    return found


def ids_of(connection: Connection, entity: str, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What providers call each of these; of several keys of one provider, the first."""
    found: dict[int, dict[str, str]] = {one: {} for one in ids}
    asked = {"of": entity, "ids": list(ids)}
    rows = connection.execute(_IDS, asked).all() if ids else ()
    for provider, key, entity_id in sorted(map(tuple, rows)):
        found[entity_id].setdefault(provider, key)
    return found


def put_ids(connection: Connection, entity: str, entity_id: int, ids: Ids) -> Conflict | None:
    """Keep what providers call it. Nothing is kept where an id is another's, or one differs."""
    taken = _taken(connection, entity, ids)
    others = {one for one in taken.values() if one != entity_id}
    if others:
        return _two(connection, {entity_id, *others}, ids)
    new = [one for one in ids.items() if one not in taken]
    mine = ids_of(connection, entity, [entity_id])[entity_id]
    for provider, key in new:
        if provider in mine and provider not in OF_SERVERS:
            what = f"{provider} {mine[provider]} and {provider} {key} cannot both be it"
            return Conflict((entity_id,), what)
    _add_ids(connection, entity, entity_id, new)
    return None


def _add_ids(
    connection: Connection, entity: str, entity_id: int, ids: Iterable[tuple[str, str]]
) -> None:
    insert(connection, provider_refs, [
        {"entity": entity, "provider": provider, "key": key, "entity_id": entity_id}
        for provider, key in ids
    ])  # fmt: skip


def _two(connection: Connection, named: Iterable[int], ids: Ids) -> Conflict:
    query = select(titles.c.title, titles.c.year, titles.c.id).where(titles.c.id.in_(list(named)))
    rows = connection.execute(query.order_by(titles.c.id)).all()
    names = " and ".join(f"{row.title} ({row.year or 'no year'})" for row in rows)
    told = ", ".join(f"{provider} {key}" for provider, key in sorted(ids.items()))
    return Conflict(tuple(sorted(named)), f"{told} name more than one title: {names}")


def _unnamed(connection: Connection, facts: Facts) -> int | None:
    """The title of this very name and year that no id of the world tells from it."""
    asked = {"written": strict(facts.title), "kind_": str(facts.kind)}
    rows = connection.execute(_ALIKE, asked)
    alike = [row.id for row in rows if row.year == facts.year]
    told = facts.ids.keys() - OF_SERVERS
    if told:
        known = ids_of(connection, str(facts.kind), alike)
        alike = [one for one in alike if not known[one].keys() - OF_SERVERS]
    return alike[0] if len(alike) == 1 else None


def _make(connection: Connection, facts: Facts, now: datetime) -> int:
    if facts.collection is not None:
        upsert(connection, collections, [title_rows.collection_row(facts.collection)])
    made = connection.execute(titles.insert(), title_rows.new_title(facts, now))
    (title_id,) = made.inserted_primary_key or (0,)
    _put_texts(connection, title_id, facts, new=True)
    _add_ids(connection, str(facts.kind), title_id, facts.ids.items())
    return int(title_id)


def _put_texts(connection: Connection, title_id: int, facts: Facts, *, new: bool = False) -> None:
    upsert(connection, title_facts, [title_rows.facts_row(title_id, facts)])
    if not new:
        connection.execute(delete(title_keys).where(title_keys.c.title_id == title_id))
    insert(connection, title_keys, title_rows.key_rows(title_id, facts))
