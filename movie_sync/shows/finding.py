"""Some of the stored shows as a list: filtered, searched, sorted, one page of it.

The one thing to know: first only ids are found, by an index where there is one, and then the rows
of one page; so that the last page of 80,000 shows costs little more than the first.
"""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from msgspec import Struct
from sqlalchemy import Select, func, or_, select

from movie_sync.shows import statements as sql
from movie_sync.shows.statements import Known
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState
from movie_sync.tables import show_states, shows

Order = Literal["newest", "title", "rating", "premiered", "changed"]
ORDERS: tuple[Order, ...] = get_args(Order)
EXAMPLES = 5  # titles of each rule
NOT_TAKEN = (ShowState.FILTERED, ShowState.SKIPPED)
LONGEST_ID = 9  # digits

_OF_FACTS: dict[Order, Any] = {
    "title": shows.c.title,
    "rating": shows.c.rating.desc().nulls_last(),
    "premiered": shows.c.premiered_on.desc().nulls_last(),
}


class Sought(Struct, frozen=True, kw_only=True):
    """What a list is narrowed to; empty is everything."""

    states: tuple[ShowState, ...] = ()
    code: str = ""  # of the reason
    rule: str = ""
    text: str = ""  # of the title; or a number that TVmaze, TVDB or IMDb knows it by
    type: str = ""
    language: str = ""
    order: Order = "newest"


class Passing(Struct, frozen=True, kw_only=True):
    """Shows that one rule takes and that are not queued."""

    rule: str
    count: int
    examples: tuple[str, ...]


def find(store: ShowStore, sought: Sought, limit: int, offset: int = 0) -> list[Known]:
    """One part of the list."""
    by = _OF_FACTS.get(sought.order)
    query = _narrowed(select(show_states.c.tvmaze_id), sought, joined=by is not None)
    if sought.order == "changed":
        by = show_states.c.changed_at.desc()
    first = () if by is None else (by,)
    query = query.order_by(*first, show_states.c.tvmaze_id.desc())
    with store.db.read() as connection:
        ids = connection.execute(query.limit(limit).offset(offset)).scalars().all()
        rows = connection.execute(sql.known().where(shows.c.tvmaze_id.in_(ids)))
        found = {known[0].tvmaze_id: known for known in map(sql.as_known, rows)}
    return [found[each] for each in ids]


def below(store: ShowStore, state: ShowState, tvmaze_id: int | None, limit: int) -> list[Known]:
    """The next of those in this state, the newest first: those with a lower id than the last one.

    Unlike by an offset, none is skipped or found twice while shows change their states.
    """
    query = sql.known().where(show_states.c.state == str(state))
    if tvmaze_id is not None:
        query = query.where(show_states.c.tvmaze_id < tvmaze_id)
    with store.db.read() as connection:
        rows = connection.execute(query.order_by(show_states.c.tvmaze_id.desc()).limit(limit)).all()
    return [sql.as_known(row) for row in rows]


def count(store: ShowStore, sought: Sought) -> int:
    """How many there are in all."""
    query = _narrowed(select(func.count()).select_from(show_states), sought)
    with store.db.read() as connection:
        return int(connection.execute(query).scalar_one())


def passing(store: ShowStore) -> list[Passing]:
    """By the rule that takes them, the greatest first."""
    waiting = show_states.c.state == str(ShowState.PENDING)
    query = select(show_states.c.rule, func.count()).where(waiting).group_by(show_states.c.rule)
    with store.db.read() as connection:
        counts = {rule: number for rule, number in connection.execute(query)}  # noqa: C416
    found = []
    for rule, number in sorted(counts.items(), key=lambda pair: -pair[1]):
        some = find(store, Sought(states=(ShowState.PENDING,), rule=rule), EXAMPLES)
        titles = tuple(str(show) for show, _ in some)
        found.append(Passing(rule=rule, count=number, examples=titles))
    return found


def taken(store: ShowStore) -> dict[str, int]:
    """How many shows each rule has taken, by its name."""
    others = show_states.c.state.in_([str(one) for one in ShowState if one not in NOT_TAKEN])
    query = select(show_states.c.rule, func.count()).where(others).group_by(show_states.c.rule)
    with store.db.read() as connection:
        return {rule: number for rule, number in connection.execute(query)}  # noqa: C416


def _narrowed(query: Select[Any], sought: Sought, *, joined: bool = False) -> Select[Any]:
    state, wanted = show_states.c, _of_facts(sought)
    if wanted or joined:
        query = query.join(shows, shows.c.tvmaze_id == state.tvmaze_id)
    if sought.states:
        wanted.append(state.state.in_([str(one) for one in sought.states]))
    if sought.code:
        wanted.append(state.code == sought.code)
    if sought.rule:
        wanted.append(state.rule == sought.rule)
    return query.where(*wanted)


def _of_facts(sought: Sought) -> list[Any]:
    found: list[Any] = []
    if sought.type:
        found.append(shows.c.type == sought.type)
    if sought.language:
        found.append(shows.c.language == sought.language)
    if text := sought.text.strip():
        found.append(or_(shows.c.title.icontains(text, autoescape=True), *_by_number(text)))
    return found


def _by_number(text: str) -> Sequence[Any]:
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID:
        return shows.c.tvmaze_id == int(text), shows.c.tvdb_id == int(text)
    return (shows.c.imdb_id == text.lower(),) if text.lower().startswith("tt") else ()
