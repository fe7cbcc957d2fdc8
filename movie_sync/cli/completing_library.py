"""What the Tab key offers of the library: titles, sources and open questions."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from movie_sync.cli.completing import Offer, Place
    from movie_sync.library.store import LibraryStore

MOST = 50


def _titles(place: "Place", begun: str) -> "Iterator[Offer]":
    with _stored(place) as store:
        for row in store.titles(text=begun, limit=MOST).rows:
            yield row.title, str(row.year or row.kind)


def _questions(place: "Place", _: str) -> "Iterator[Offer]":
    """Those that are open."""
    with _stored(place) as store:
        for row in store.reviews(limit=MOST):
            yield str(row.id), Path(row.path or "").name


def _sources(place: "Place", _: str) -> "Iterator[Offer]":
    from movie_sync.wiring_sources import sources

    found = sources(place.config)
    yield from ((name, source.path or source.kind) for name, source in found.items())


def _added(place: "Place", _: str) -> "Iterator[Offer]":
    """Sources that a person has named."""
    found = place.config.library.sources
    yield from ((name, source.path or source.kind) for name, source in found.items())


def _stored(place: "Place") -> "AbstractContextManager[LibraryStore]":
    from movie_sync.credentials import Credentials
    from movie_sync.wiring_library import stored

    return stored(place.config, place.home, Credentials(place.home, os.environ))


OFFERED: "dict[tuple[str, str], Callable[[Place, str], Iterable[Offer]]]" = {
    ("library files", "source"): _sources,
    ("library identify", "what"): _titles,
    ("library list", "source"): _sources,
    ("library list", "text"): _titles,
    ("library review approve", "number"): _questions,
    ("library review choose", "number"): _questions,
    ("library review ignore", "number"): _questions,
    ("library scan", "source"): _sources,
    ("library show", "title"): _titles,
    ("library sources remove", "name"): _added,
}
