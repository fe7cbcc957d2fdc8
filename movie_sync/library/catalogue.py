"""Where titles are looked up while files are identified: our own library, the world, or both.

The one thing to know: what the world has not been asked yet is no answer. `Answers` then raises
`Unasked`, which `identify.decide` hands to its caller as a question, so that deciding stays pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from movie_sync.library.verdicts import (
    Known,
    OfIds,
    OfSeasons,
    OfTitle,
    Question,
    changed,
)
from movie_sync.library_models import Ids, Kind, SeasonFacts
from movie_sync.title_keys import keys, strict, words_of

MOST_ALIKE = 12
MOST_SHARED = 2000  # titles with one word in common; more says nothing


class Unasked(Exception):
    """The world may know it, and has not been asked."""

    def __init__(self, question: Question) -> None:
        super().__init__(str(question))
        self.question = question


class Borne(Struct, frozen=True):
    """Who is called so."""

    known: Known
    strict: bool  # it is written so, and not only may be


class Catalogue(Protocol):
    """Its methods raise `Unasked` where the answer can be had, but not here."""

    asks: bool  # whether the world answers too

    def by_ids(self, kind: Kind, ids: Ids) -> Sequence[Known]: ...

    def titled(self, kind: Kind, title: str, year: int | None) -> Sequence[Borne]:
        """All that bear the title; where a year is given, at least all of that very year."""
        ...

    def alike(self, kind: Kind, title: str, year: int | None) -> Sequence[Known]:
        """What a person may have meant by it; never raises."""
        ...

    def seasons(self, show: Known) -> Sequence[SeasonFacts] | None:
        """None: nobody knows."""
        ...


class Shelf:
    """Titles in memory: our own library's, as fast for 100,000 as for ten."""

    asks = False

    def __init__(self, some: Iterable[Known] = ()) -> None:
        self._by_key: dict[tuple[Kind, str], list[Borne]] = {}
        self._by_id: dict[tuple[Kind, str, str], list[Known]] = {}
        self._by_word: dict[str, list[Known]] | None = None
        self._seasons: dict[tuple[object, ...], Sequence[SeasonFacts]] = {}
        self._all: list[Known] = []
        for known in some:
            self.add(known)

    def add(self, known: Known, seasons: Sequence[SeasonFacts] | None = None) -> None:
        written = {strict(title) for title in known.titles}
        for key in {key for title in known.titles for key in keys(title)}:
            self._by_key.setdefault((known.kind, key), []).append(Borne(known, key in written))
        for provider, number in known.ids.items():
            self._by_id.setdefault((known.kind, provider, number), []).append(known)
        if seasons is not None:
            self._seasons[known.identity] = seasons
        self._all.append(known)
        self._by_word = None

    def by_ids(self, kind: Kind, ids: Ids) -> Sequence[Known]:
        found = [known for each in ids.items() for known in self._by_id.get((kind, *each), ())]
        return list({known.identity: known for known in found}.values())

    def titled(self, kind: Kind, title: str, year: int | None) -> Sequence[Borne]:
        written = strict(title)
        found: dict[tuple[object, ...], Borne] = {}
        for key in keys(title):
            for borne in self._by_key.get((kind, key), ()):
                exactly = borne.strict and key == written
                identity = borne.known.identity
                if identity not in found or exactly:
                    found[identity] = Borne(borne.known, exactly)
        return list(found.values())

    def alike(self, kind: Kind, title: str, year: int | None) -> Sequence[Known]:
        shared: dict[tuple[object, ...], int] = defaultdict(int)
        seen = {}
        index = self._words()
        for word in set(words_of(title)):
            some = index.get(word, ())
            for known in some if len(some) <= MOST_SHARED else ():
                if known.kind is kind:
                    shared[known.identity] += 1
                    seen[known.identity] = known
        best = sorted(shared, key=lambda each: -shared[each])[:MOST_ALIKE]
        return [seen[each] for each in best]

    def _words(self) -> Mapping[str, Sequence[Known]]:
        if self._by_word is None:
            self._by_word = {}
            for known in self._all:
                for word in {word for title in known.titles for word in words_of(title)}:
                    self._by_word.setdefault(word, []).append(known)
        return self._by_word

    def seasons(self, show: Known) -> Sequence[SeasonFacts] | None:
        return self._seasons.get(show.identity)


class Answers:
    """What the world has answered so far."""

    asks = True

    def __init__(self) -> None:
        self._titles: dict[Question, Sequence[Known]] = {}
        self._seasons: dict[Question, Sequence[SeasonFacts]] = {}

    def learn(
        self,
        question: Question,
        titles: Sequence[Known] = (),
        seasons: Sequence[SeasonFacts] = (),
    ) -> None:
        """Of each question one of the two; nothing: the world knows none."""
        if isinstance(question, OfSeasons):
            self._seasons[question] = seasons
        else:
            self._titles[question] = titles

    def by_ids(self, kind: Kind, ids: Ids) -> Sequence[Known]:
        return self._told(OfIds(kind, tuple(sorted(ids.items()))))

    def titled(self, kind: Kind, title: str, year: int | None) -> Sequence[Borne]:
        return borne(self._told(OfTitle(kind, title, year)), title)

    def alike(self, kind: Kind, title: str, year: int | None) -> Sequence[Known]:
        questions = (OfTitle(kind, title, year), OfTitle(kind, title, None))
        found = [known for each in questions for known in self._titles.get(each, ())]
        return found[:MOST_ALIKE]

    def seasons(self, show: Known) -> Sequence[SeasonFacts] | None:
        if not show.ids:
            return None
        question = OfSeasons(tuple(sorted(show.ids.items())))
        if question not in self._seasons:
            raise Unasked(question)
        return self._seasons[question] or None

    def _told(self, question: Question) -> Sequence[Known]:
        if question not in self._titles:
            raise Unasked(question)
        return self._titles[question]


def borne(some: Iterable[Known], title: str) -> list[Borne]:
    """Those of them that are called so."""
    written = strict(title)
    return [
        Borne(known, any(strict(own) == written for own in known.titles))
        for known in some
        if known.bears(title)
    ]


class Both:
    """Our library first, then the world."""

    def __init__(self, own: Catalogue, world: Catalogue) -> None:
        self._own, self._world = own, world
        self.asks = world.asks

    def by_ids(self, kind: Kind, ids: Ids) -> Sequence[Known]:
        return self._own.by_ids(kind, ids) or [
            self._ours(known) for known in self._world.by_ids(kind, ids)
        ]

    def titled(self, kind: Kind, title: str, year: int | None) -> Sequence[Borne]:
        """The world is not asked of what we own, where an id says what that is, of that year."""
        own = self._own.titled(kind, title, year)
        exact = [each for each in own if year is not None and each.known.year == year]
        if exact and all(each.known.confirmed for each in exact):
            return own
        world = [
            Borne(self._ours(each.known), each.strict)
            for each in self._world.titled(kind, title, year)
        ]
        return _merged(own, world)

    def alike(self, kind: Kind, title: str, year: int | None) -> Sequence[Known]:
        some = (*self._own.alike(kind, title, year), *self._world.alike(kind, title, year))
        return list({known.identity: known for known in reversed(some)}.values())[::-1]

    def seasons(self, show: Known) -> Sequence[SeasonFacts] | None:
        return self._own.seasons(show) or self._world.seasons(show)

    def _ours(self, known: Known) -> Known:
        """With the number that it has in our library, if it is there."""
        own = self._own.by_ids(known.kind, known.ids)
        return changed(known, title_id=own[0].title_id) if len(own) == 1 else known


def _merged(own: Sequence[Borne], world: Sequence[Borne]) -> list[Borne]:
    """What we have by its name alone is what the world has of that year, if it is the only one."""
    found = {each.known.identity: each for each in world}
    for mine in own:
        same = [each for each in world if each.known.year == mine.known.year]
        if mine.known.confirmed:
            found.setdefault(mine.known.identity, mine)
        elif len(same) == 1 and same[0].known.title_id is None:
            theirs = same[0]
            merged = changed(theirs.known, title_id=mine.known.title_id)
            found[theirs.known.identity] = Borne(merged, theirs.strict)
        elif not same or mine.known.year is None:
            found[mine.known.identity] = mine
    return list(found.values())
