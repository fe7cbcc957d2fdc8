"""The lists that films come from: what each said last, and what waits for a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from movie_sync.errors import FilesError, NotFound
from movie_sync.films import watchlists
from movie_sync.films.watchlists import Cause, Listed
from movie_sync.models import State
from movie_sync.queues import QueueManager

HOW_TO_CONFIRM = "; if that is right, say "


class Source(Struct, frozen=True, kw_only=True):
    """One list."""

    name: str
    films: int
    followed: bool  # a list that no setting names any more is still remembered
    read_at: datetime | None  # as a whole, and well
    problem: str | None
    problem_since: datetime | None
    blocked_since: datetime | None
    next_at: datetime | None  # None: at the next pass
    absent: int  # films that the last readings lacked
    held: bool  # so many are, that a person has to confirm that they may go


class Absent(Struct, frozen=True, kw_only=True):
    """A film that its list lacks."""

    id: str
    title: str
    state: State | None
    others: tuple[str, ...]  # who else wants it: then it stays wanted


def told(listed: Mapping[str, Listed], followed: Sequence[str]) -> list[Source]:
    """Those that are followed, in their order, and then those that were."""
    names = dict.fromkeys([*followed, *sorted(listed)])
    return [_source(name, listed.get(name) or Listed(), name in followed) for name in names]


def absent(listed: Mapping[str, Listed], queue: QueueManager, source: str) -> list[Absent]:
    """The films that would leave this list, by title.

    Raises:
        NotFound: no list is called so.
    """
    if source not in listed:
        raise NotFound(source, "there is no such watchlist")
    one = listed[source]
    found = []
    for key in list(one.absent):
        id_ = one.films.get(key, key)
        state, item = queue.get(id_) or (None, None)
        others = tuple(name for name in item.wanted_by if name != source) if item else ()
        title = item.title if item else id_
        found.append(Absent(id=id_, title=title, state=state, others=others))
    return sorted(found, key=lambda each: each.title.casefold())


def of_files(home: Path) -> dict[str, Any]:
    """What `status --json` tells of them."""
    try:
        listed = watchlists.read(home / "watchlist.json")
    except FilesError as error:
        return {"watchlist.json": {"problem": str(error)}}
    return {
        name: {
            "films": len(one.films),
            "read_at": one.read_at,
            "problem": one.problem,
            "problem_since": one.problem_since,
            "next_at": one.next_at,
        }
        for name, one in listed.items()
    }


def _source(name: str, one: Listed, followed: bool) -> Source:
    blocked = bool(one.problem) and one.cause is Cause.BLOCKED
    return Source(
        name=name,
        films=len(one.films),
        followed=followed,
        read_at=one.read_at,
        problem=(one.problem or "").partition(HOW_TO_CONFIRM)[0] or None,
        problem_since=one.problem_since,
        blocked_since=one.problem_since if blocked else None,
        next_at=one.next_at,
        absent=len(one.absent),
        held=bool(one.problem) and one.cause is Cause.CONFIRM,
    )
