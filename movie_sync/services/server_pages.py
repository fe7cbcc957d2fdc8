"""A long list of a media server, a page at a time, while the server goes on changing it.

The one thing to know: two pages overlap by one item. Where the overlap is not the same item the
list has moved, and something may lie between the pages; then it is read again. What comes out is
as many items as the server counts, each once, or an error.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import requests
from msgspec import Struct

from movie_sync.errors import BadAnswer, Unavailable

TURNS = 4
FIRST_SIZE = 250  # items of a page, before it is known how large they are
ANSWER_BYTES = 8 << 20

T = TypeVar("T")


class Asked(Protocol):
    """Whoever asks the server: an `Http`."""

    service: str

    def get(
        self, path: str, *, params: Mapping[str, str | int] | None = None
    ) -> requests.Response: ...


class Page(Struct, Generic[T], frozen=True):
    items: Sequence[T]
    total: int  # of all pages
    size_bytes: int


def every(
    service: str,
    ask: Callable[[int, int], Page[T]],
    key: Callable[[T], str],
    first: int,
    largest: int,
) -> Iterator[T]:
    """All items of a list.

    Args:
        ask: for a page, by the place of its first item and how many there shall be.
        key: that no two items share.
        first, largest: items of the first page, and most of any; the others are as large as
            ANSWER_BYTES allows.

    Raises:
        BadAnswer: it has not as many items as it says, or changes each time it is read.
        ServiceError: as `ask` does.
    """
    told: set[str] = set()
    for _ in range(TURNS):
        reading = _Reading(ask, key, first, largest)
        for item in reading.items():
            name = key(item)
            if name not in told:
                told.add(name)
                yield item
        if reading.whole:
            return
    if reading.moved:
        raise BadAnswer(service, f"its list changed {TURNS} times while it was read")
    raise BadAnswer(service, f"told {reading.count} of {reading.total} items")


class _Reading(Generic[T]):
    """The list, read once."""

    def __init__(
        self,
        ask: Callable[[int, int], Page[T]],
        key: Callable[[T], str],
        first: int,
        largest: int,
    ) -> None:
        self._ask, self._key, self._first, self._largest = ask, key, first, largest
        self.count = self.total = 0
        self.moved = False

    @property
    def whole(self) -> bool:
        return not self.moved and self.count == self.total

    def items(self) -> Iterator[T]:
        start, size, last = 0, self._first, None
        there: set[str] = set()
        while True:
            try:
                page = self._ask(start, size)
            except Unavailable as error:
                if size <= self._first or error.retry_after_s is not None:
                    raise
                size = self._largest = self._first  # it may be too slow for as many
                continue
            self.total = page.total
            keys = [self._key(item) for item in page.items]
            if last is not None and keys[:1] != [last]:
                self.moved = True
                return
            yield from page.items
            there.update(keys)
            self.count, end = len(there), start + len(keys)
            if end >= page.total or len(keys) < 2:
                return
            start, last = end - 1, keys[-1]
            size = fitting(page.size_bytes, len(keys), self._largest)


def fitting(size_bytes: int, count: int, largest: int) -> int:
    """How many items to ask for, when so many were that large."""
    return min(max(ANSWER_BYTES * count // max(size_bytes, 1), 2), largest)


def read(service: str, content: bytes, form: type[T], what: str) -> T:
    """An answer in JSON, numbers as numbers or as texts. Raises BadAnswer."""
    try:
        return msgspec.json.decode(content, type=form, strict=False)
    except msgspec.ValidationError as error:
        raise BadAnswer(service, f"{what} has an unknown form: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadAnswer(service, f"{what} is not JSON") from error


def get(http: Asked, path: str, form: type[T], **params: str | int) -> tuple[T, int]:
    """The answer, and its size in bytes. Raises any `ServiceError`."""
    content = http.get(path, params=params).content
    return read(http.service, content, form, path), len(content)


def read_item(raw: msgspec.Raw, form: Any) -> Any:
    """One of a list; None where it is of an unknown form: the others are as good as ever."""
    try:
        return msgspec.json.decode(raw, type=form, strict=False)
    except (msgspec.ValidationError, UnicodeDecodeError):
        return None
