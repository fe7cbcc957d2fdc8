"""Asks TMDB what identifying wants to know. Decides nothing.

The one thing to know: what TMDB does not know is an answer, and is learnt as such; what it could
not be asked is an error, and the file waits.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

from movie_sync.errors import NotFound
from movie_sync.library import identify as identifying
from movie_sync.library.catalogue import Answers, Both, Catalogue
from movie_sync.library.identify import Holds, Identifier
from movie_sync.library.verdicts import (
    Ask,
    Known,
    OfIds,
    OfSeasons,
    OfTitle,
    Question,
    Rule,
    Sure,
    Unsure,
    known_of,
)
from movie_sync.library_models import Facts, Kind, Suggestion, Told

MOST_QUESTIONS = 60  # about one file
FOUND_BY = ("imdb", "tvdb")  # ids of others that TMDB knows


class World(Protocol):
    """What is needed of `metadata.Metadata`; raises as that does."""

    def film(self, tmdb_id: int) -> Facts: ...
    def show(self, tmdb_id: int, seasons: Literal["all"] = ...) -> Facts: ...
    def search(
        self, kind: Kind | None, title: str, year: int | None = None
    ) -> Sequence[Suggestion]: ...
    def find(
        self, provider: str, id_: str, kind: Kind | None = None
    ) -> tuple[Kind, int] | None: ...


def identify(
    tellings: Sequence[Told],
    own: Catalogue,
    world: World,
    answers: Answers,
    *,
    holds: Holds = "both",
    rule: Rule | None = None,
) -> Sure | Unsure:
    """What the file is, asking TMDB as much as it takes.

    Args:
        answers: keeps what was asked for the other files of a pass.
    """
    catalogue = Both(own, answers)
    for _ in range(MOST_QUESTIONS):
        said = Identifier(catalogue).decide(tellings, holds=holds, rule=rule)
        if not isinstance(said, Ask):
            return said
        learn(said.question, world, answers)
    raise AssertionError(f"a file asks on and on: {tellings}")


def confirm(own: Known, world: World, answers: Answers) -> Known | None:
    """See `identify.confirm`."""
    for _ in range(MOST_QUESTIONS):
        said = identifying.confirm(own, answers)
        if not isinstance(said, Ask):
            return said
        learn(said.question, world, answers)
    raise AssertionError(f"a title asks on and on: {own}")


def learn(question: Question, world: World, answers: Answers) -> None:
    match question:
        case OfIds():
            answers.learn(question, list(_by_ids(question, world)))
        case OfTitle():
            found = world.search(question.kind, question.title, question.year)
            answers.learn(question, [_suggested(one) for one in found])
        case OfSeasons():
            number = dict(question.ids).get("tmdb")
            facts = _facts(Kind.SHOW, number, world, seasons=True) if number else None
            answers.learn(question, seasons=facts.seasons if facts else ())


def _by_ids(question: OfIds, world: World) -> Iterator[Known]:
    """Each title once that one of the ids means."""
    seen = set()
    for provider, number in sorted(question.ids, key=lambda pair: pair[0] != "tmdb"):
        meant: str | None = number if provider == "tmdb" else None
        if provider in FOUND_BY:
            found = world.find(provider, number, question.kind)
            meant = str(found[1]) if found and found[0] is question.kind else None
        if meant and meant not in seen:
            seen.add(meant)
            facts = _facts(question.kind, meant, world)
            if facts:
                yield known_of(facts)


def _facts(kind: Kind, number: str, world: World, *, seasons: bool = False) -> Facts | None:
    try:
        if kind is Kind.FILM:
            return world.film(int(number))
        return world.show(int(number), "all") if seasons else world.show(int(number))
    except NotFound:
        return None


def _suggested(one: Suggestion) -> Known:
    original = (one.original_title,) if one.original_title else ()
    named = dict.fromkeys((*original, *one.other_titles))
    return Known(
        kind=one.kind,
        title=one.title,
        year=one.year,
        ids={"tmdb": str(one.tmdb_id)},
        others=tuple(title for title in named if title != one.title),
        poster=one.poster,
        votes=one.votes,
    )
