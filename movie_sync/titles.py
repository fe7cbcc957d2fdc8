"""Are these two the same film, by title and year?

Titles are compared by keys and never by likeness: every measure of likeness takes a sequel or
a namesake for the film now and then. The one thing to know: the year decides as much as the
title, for near one film in five shares its title with another.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Generic, TypeVar

from msgspec import Struct

from movie_sync.models import Film
from movie_sync.title_keys import key, keys, strict

__all__ = ["TitleIndex", "key", "keys", "other_title", "other_year", "strict"]

T = TypeVar("T")


def other_title(film: Film, titles: Sequence[str]) -> str | None:
    """In words, that none of the titles is one of the film's."""
    known = {known for title in film.titles for known in keys(title)}
    if any(not known.isdisjoint(keys(title)) for title in titles):
        return None
    return f'is called "{titles[0]}", wanted "{film.title}"'


def other_year(
    film: Film, year: int | None, namesakes: Collection[int] | None = None
) -> str | None:
    """In words, that the year is another one, or that it cannot be known to be the same.

    Festival and cinema years differ by one often enough to let it pass, unless a namesake is of
    that very year. No year at all is let pass only where the film is known to have no namesake:
    a remake has the same title.

    Args:
        namesakes: years of all other films of its title, as a catalogue knows them (see
            `TitleIndex.years`); None where none was asked.
    """
    unique = namesakes is not None and not namesakes
    if film.year is None:
        meant = f'the year of "{film.title}" is not known here, so that a remake may be meant'
        return None if unique else meant
    if year is None:
        return None if unique else f"does not say its year, wanted {film.year}"
    if year == film.year:
        return None
    if abs(year - film.year) > 1:
        return f"is from {year}, wanted {film.year}"
    if namesakes and year in namesakes:
        return f"is from {year}, as another film of that title is, wanted {film.year}"
    return None


class _Entry(Struct, Generic[T], frozen=True, eq=False):
    strict: frozenset[str]
    year: int | None
    value: T
    ids: Collection[Hashable]


class TitleIndex(Generic[T]):
    """Finds what was entered under a title and year, as fast for 100,000 entries as for ten."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], int | None, T]] = ()) -> None:
        self._by_key: dict[str, list[_Entry[T]]] = {}
        self._by_id: dict[Hashable, list[_Entry[T]]] = {}
        for titles, year, value in entries:
            self.add(titles, year, value)

    def add(
        self,
        titles: Sequence[str],
        year: int | None,
        value: T,
        ids: Collection[Hashable] = (),
    ) -> None:
        """Enter it under all its titles and ids; of each type of id at most one (IMDb's are `str`,
        TMDB's `int`)."""
        entry = _Entry(frozenset(map(strict, titles)), year, value, ids)
        for known in {known for title in titles for known in keys(title)}:
            self._by_key.setdefault(known, []).append(entry)
        for known_id in ids:
            self._by_id.setdefault(known_id, []).append(entry)

    def find(
        self,
        titles: Sequence[str],
        year: int | None,
        ids: Collection[Hashable] = (),
        *,
        undated: bool = False,
    ) -> T | None:
        """The one entry that this is; None where there is none, or more than one.

        An id decides over every name. Else the very year goes before a year off, and a title as
        it is written before one as it may be written; titles are tried best first. Without a
        year, here or in the entry, nothing is found by name; with `undated`, the only entry that
        bears the title is.
        """
        by_id = [entry for known_id in ids for entry in self._by_id.get(known_id, ())]
        alike = [(strict(title), self._alike(title, ids)) for title in titles]
        for entries in chain(
            [by_id], _dated(alike, year), _undated(alike, year) if undated else ()
        ):
            if entries:
                value = entries[0].value
                return value if all(entry.value == value for entry in entries) else None
        return None

    def years(self, titles: Iterable[str]) -> frozenset[int]:
        """The years of everything that bears any of these titles: a film's and its namesakes'."""
        entries = (entry for title in titles for entry in self._alike(title, ()))
        return frozenset(entry.year for entry in entries if entry.year is not None)

    def _alike(self, title: str, ids: Collection[Hashable]) -> list[_Entry[T]]:
        entries = [entry for known in keys(title) for entry in self._by_key.get(known, ())]
        return [entry for entry in entries if not _differ(entry.ids, ids)] if ids else entries


def _dated(
    alike: Sequence[tuple[str, list[_Entry[T]]]], year: int | None
) -> Iterator[list[_Entry[T]]]:
    """What may be meant, likest first, of what bears the titles; the first that is any decides."""
    for years in ((year,), (year - 1, year + 1)) if year is not None else ():
        near = [(written, [e for e in entries if e.year in years]) for written, entries in alike]
        yield from ([e for e in entries if written in e.strict] for written, entries in near)
        yield from (entries for _, entries in near)


def _undated(
    alike: Iterable[tuple[str, list[_Entry[T]]]], year: int | None
) -> Iterator[list[_Entry[T]]]:
    for _, entries in alike:
        if year is None or all(entry.year is None for entry in entries):
            yield entries


def _differ(some: Iterable[Hashable], others: Iterable[Hashable]) -> bool:
    """Whether two ids of one type are not the same."""
    return any(type(one) is type(other) and one != other for one in some for other in others)
