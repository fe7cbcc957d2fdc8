"""What is told to others: notices for a person, and changes of the library for media servers.

Plain facts. Both travel through the queues as errands: items of a kind of their own, which are
no films and are counted apart from them.
"""

from typing import Any, Literal

from msgspec import Struct

from movie_sync.models import Item, Moment

NOTICE, REFRESH = "notice", "refresh"  # kinds of items
ERRANDS = (NOTICE, REFRESH)


class Notice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message to a person."""

    id: str  # "notice:given_up:film:letterboxd:240344:2026-01-05T12:00:00Z"; the same is one
    event: str  # "given_up"
    title: str
    text: str
    at: Moment  # since when what it tells is so
    urgent: bool = False  # it waits for a person
    link: str | None = None  # a page on it
    film: dict[str, Any] | None = None  # title, year, ids, release, path: what is known
    shows: list[dict[str, Any]] = []  # title, ids, url at TVmaze, rule: likewise


class Change(Struct, frozen=True, kw_only=True):
    """What became of one folder of the library."""

    folder: str  # as this program sees it
    what: Literal["created", "modified", "deleted"]


def is_errand(item: Item) -> bool:
    return item.kind in ERRANDS
