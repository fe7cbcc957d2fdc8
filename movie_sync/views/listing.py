"""Films of the queues as a list: filtered, searched, sorted, one page of it. Fast with 20,000."""

import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from movie_sync.films.items import KIND
from movie_sync.models import Item, State
from movie_sync.queues import QueueManager
from movie_sync.views.standing import standing

PER_PAGE = 50
NEVER = datetime.min.replace(tzinfo=UTC)

# What a list may be sorted by, and whether the greatest comes first unless asked otherwise.
ORDERS: dict[str, tuple[Callable[[Item], Any], bool]] = {
    "changed": (lambda item: item.seq, True),
    "title": (lambda item: item.title.casefold(), False),
    "year": (lambda item: item.data.get("year") or 0, True),
    "added": (lambda item: item.added_at, True),
    "done": (lambda item: item.completed_at or item.removed_at or NEVER, True),
    "next": (lambda item: (item.retry_at is None, item.retry_at or NEVER, item.pos), False),
}


class Row(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One film in a list."""

    id: str
    title: str
    state: State
    standing: str  # where it is and what it waits for, as a sentence
    added_at: datetime
    year: int | None = None
    wanted_by: tuple[str, ...] = ()
    given_up: bool = False
    retry_at: datetime | None = None
    done_at: datetime | None = None
    release: str | None = None


class Listing(Struct, frozen=True, kw_only=True):
    """One page of a list. Pages count from 1."""

    rows: tuple[Row, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


def films(
    queue: QueueManager,
    states: Iterable[State],
    now: datetime,
    *,
    text: str = "",
    wanted_by: str = "",
    order: str = "changed",
    turned: bool = False,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Listing:
    """The films in these states.

    Args:
        text: of the title or an id, in any case and with or without accents.
        wanted_by: only those that this list names.
        order: a key of `ORDERS`; `turned` is the other way round.
        page: one past the end is the last.
    """
    wanted = folded(text)
    found = [
        (state, item)
        for state in states
        for item in queue.iter(state)
        if item.kind == KIND
        and (not wanted_by or wanted_by in item.wanted_by)
        and (not wanted or wanted in folded(item.title) or wanted in item.id)
    ]
    by, falling = ORDERS[order]
    found.sort(key=lambda each: by(each[1]), reverse=falling != turned)
    page = max(1, min(page, -(-len(found) // per_page)))
    shown = found[(page - 1) * per_page : page * per_page]
    rows = tuple(row(state, item, now) for state, item in shown)
    return Listing(rows=rows, total=len(found), page=page, per_page=per_page)


def row(state: State, item: Item, now: datetime) -> Row:
    return Row(
        id=item.id,
        title=item.title,
        state=state,
        standing=standing(state, item, now),
        added_at=item.added_at,
        year=item.data.get("year"),
        wanted_by=item.wanted_by,
        given_up=state is State.FAILED and item.retry_at is None,
        retry_at=item.retry_at,
        done_at=item.completed_at or item.removed_at,
        release=(item.data.get("release") or {}).get("name"),
    )


def folded(text: str) -> str:
    """For comparing: "amelie" is in "Amélie"."""
    text = text.strip()
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
