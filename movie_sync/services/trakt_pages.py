"""Lists in pages that change while they are read: never a short one, and nothing twice. Pure.

What is added while we read moves items to later pages, where they are seen again; what is taken
away moves them to earlier ones, where they are never seen. So the count of all items, which each
page tells, decides whether the reading has to begin again.
"""

import logging
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct

from movie_sync.errors import BadAnswer, Unavailable

log = logging.getLogger(__name__)

NAME = "trakt"
LIMIT = 250  # items a page; more is not given, whatever is asked for
MOST = 10_000  # pages
ROUNDS = 5
LACKING_SHARE, LACKING = 0.1, 20  # beyond both of them a list is not taken for whole

T = TypeVar("T")


class Counted(Struct, frozen=True):
    """What the headers of a page say, as far as they do."""

    pages: int | None = None
    items: int | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> "Counted":
        found = [headers.get(f"X-Pagination-{name}-Count", "") for name in ("Page", "Item")]
        pages, items = (int(text) if text.isascii() and text.isdigit() else None for text in found)
        return cls(pages, items)

    def is_last(self, number: int, body: bytes, before: bytes) -> bool:
        """Whether this page ends the list.

        Args:
            before: the page before. Where no header tells of pages, and the same comes again, the
                list is in one piece.
        """
        if self.pages is not None:
            return number >= self.pages
        return body.strip() == b"[]" or body == before


class _Round:
    """One way through all pages."""

    def __init__(self) -> None:
        self.keys: set[Hashable] = set()
        self.counts: list[int] = []

    def take(self, counted: Counted, keys: Iterable[Hashable]) -> None:
        self.keys.update(keys)
        if counted.items is not None:
            self.counts.append(counted.items)

    @property
    def total(self) -> int | None:
        return self.counts[-1] if self.counts else None

    @property
    def changed(self) -> bool:
        return len(set(self.counts)) > 1

    @property
    def shrank(self) -> bool:
        return any(b < a for a, b in zip(self.counts, self.counts[1:], strict=False))


def whole(
    pages: Callable[[], Iterator[tuple[int, Counted, list[tuple[Hashable, T]]]]],
) -> Iterator[tuple[int, Counted, list[T]]]:
    """Every item once, in parts, as often as it takes to have seen them all.

    Raises:
        Unavailable: it changes faster than it can be read. What was given is good.
        BadAnswer: it announces many more than it gives.
    """
    seen: set[Hashable] = set()
    ever_shrank, lacking = False, -1
    for turn in range(ROUNDS):
        way = _Round()
        for number, counted, items in pages():
            new = {key: item for key, item in items if key not in seen}
            way.take(counted, (key for key, _ in items))
            seen.update(new)
            if new or (turn == 0 and number == 1):
                yield number, counted, list(new.values())
            ever_shrank |= way.shrank
            # Where nothing was taken away, having seen so many is having seen them all.
            if turn and not ever_shrank and way.total is not None and len(seen) >= way.total:
                return
        missing = 0 if way.total is None else way.total - len(way.keys if ever_shrank else seen)
        if missing <= 0 and not way.shrank:
            return
        if not way.changed and missing == lacking:
            _accept_lacking(way.total or 0, missing)
            return
        lacking = -1 if way.changed else missing
        log.debug("trakt: the list changed while it was read; it is read again")
    raise Unavailable(NAME, "the list changes faster than it can be read; what came is kept")


def _accept_lacking(total: int, lacking: int) -> None:
    """Two whole readings agree, and both have fewer than are announced."""
    if lacking > LACKING and lacking > LACKING_SHARE * total:
        what = f"announces {total} items and gives {total - lacking}"
        raise BadAnswer(NAME, f"{what}; what came is kept, and nothing is taken for gone")
    log.warning("trakt: announces %d items and gives %d of them, twice", total, total - lacking)
