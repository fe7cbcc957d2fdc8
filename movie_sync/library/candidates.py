"""Who may be meant by a claim: looked up by keys, for a decision; and by likeness, for a person.

The one thing to know: the very year goes before a year off, for which no namesake may be of that
very year; and where no year is said, a namesake of any year is one too many.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import IntEnum

from msgspec import Struct

from movie_sync.library.catalogue import Borne, Catalogue
from movie_sync.library.verdicts import Guess, Known
from movie_sync.library.weighing import Claim
from movie_sync.library_models import Kind
from movie_sync.title_keys import strict, words_of

MOST_TITLES = 5  # that are looked up of one name
MOST_GUESSES = 8

_ARTICLE = re.compile(r"(?:the|an?) ")
_COUNTRY = re.compile(r"(.{2,}?)[ ,.]*\(?\b(US|USA|UK|GB|AU|NZ|CA|IE|IN|JP|KR|DE|FR)\)?")
_CODES = {"USA": "US", "UK": "GB"}


class Grade(IntEnum):
    """How well a title fits what is said."""

    NONE = 0
    NAME_LOOSELY = 1  # no year is said
    NAME = 2
    NEAR_LOOSELY = 3  # a year off
    NEAR = 4
    EXACT_LOOSELY = 5
    EXACT = 6


CONFIDENCE = {
    Grade.NAME_LOOSELY: 0.8,
    Grade.NAME: 0.85,
    Grade.NEAR_LOOSELY: 0.86,
    Grade.NEAR: 0.9,
    Grade.EXACT_LOOSELY: 0.95,
    Grade.EXACT: 0.98,
}


class Looked(Struct, frozen=True):
    """Whom a claim may mean, and who else is called so."""

    claim: Claim
    grade: Grade = Grade.NONE
    fits: tuple[Known, ...] = ()
    namesakes: tuple[Known, ...] = ()

    @property
    def dated(self) -> bool:
        return self.grade >= Grade.NEAR_LOOSELY


def look_up(claim: Claim, kind: Kind, catalogue: Catalogue) -> Looked:
    titles = claim.titles[:MOST_TITLES]
    if claim.year is None:
        return _undated(claim, titles, kind, catalogue)
    found = _exact(claim, titles, claim.year, kind, catalogue)
    if found.fits:
        return found
    return _near(claim, titles, claim.year, kind, catalogue)


def _exact(
    claim: Claim, titles: Sequence[str], year: int, kind: Kind, catalogue: Catalogue
) -> Looked:
    """Its first title decides alone; of the others, which are guesses, all must mean the same."""
    others: list[Borne] = []
    for at, title in enumerate(titles):
        exact = [each for each in _titled(title, year, kind, catalogue) if each.known.year == year]
        if exact and at == 0:
            return _best(claim, exact, Grade.EXACT)
        others += exact
    return _best(claim, others, Grade.EXACT)


def _near(
    claim: Claim, titles: Sequence[str], year: int, kind: Kind, catalogue: Catalogue
) -> Looked:
    borne: list[Borne] = []
    near: list[Borne] = []
    for at, title in enumerate(titles):
        found = _titled(title, None, kind, catalogue)
        borne += found
        near += [each for each in found if each.known.year and abs(each.known.year - year) == 1]
        if near and at == 0:
            break
    namesakes = _distinct(each.known for each in borne)
    if near:
        fits = _distinct(each.known for each in near)
        if all(each.strict for each in near):
            return Looked(claim, Grade.NEAR, fits, namesakes)
        # Another year and another way to write it: no namesake may be there to be meant.
        return Looked(claim, Grade.NEAR_LOOSELY, namesakes, namesakes)
    for title in titles[:1]:  # "Death Race 2000" has no year in it
        whole = _undated(claim, [f"{title} {year}"], kind, catalogue)
        if whole.fits:
            return whole
    return Looked(claim, namesakes=namesakes)


def _undated(claim: Claim, titles: Sequence[str], kind: Kind, catalogue: Catalogue) -> Looked:
    for title in titles:
        found = _titled(title, None, kind, catalogue)
        if not found:
            continue
        written = [each for each in found if each.strict]
        rivals = [each for each in found if not each.strict and not _lacks_article(each, title)]
        if written and not rivals:
            return _best(claim, written, Grade.NAME)
        grade = Grade.NAME if written else Grade.NAME_LOOSELY
        meant = _distinct(each.known for each in (*written, *rivals) or found)
        return Looked(claim, grade, meant, meant)
    return Looked(claim)


def _lacks_article(borne: Borne, title: str) -> bool:
    """ "The Heat" is no way to write "Heat", but "Heat" is one to write "The Heat"."""
    words = " ".join(words_of(title))
    bare = _ARTICLE.sub("", words, count=1)
    return bare != words and any(strict(own) == strict(bare) for own in borne.known.titles)


def _titled(title: str, year: int | None, kind: Kind, catalogue: Catalogue) -> Sequence[Borne]:
    """All that are called so; of shows also by the country that a name has behind it."""
    found = catalogue.titled(kind, title, year)
    said = _COUNTRY.fullmatch(title) if kind is Kind.SHOW and not found else None
    if not said:
        return found
    code = _CODES.get(said[2], said[2])
    return [each for each in catalogue.titled(kind, said[1], year) if code in each.known.countries]


def _best(claim: Claim, found: Sequence[Borne], grade: Grade) -> Looked:
    written = [each.known for each in found if each.strict]
    every = _distinct(each.known for each in found)
    if written:
        return Looked(claim, grade, _distinct(written), every)
    return Looked(claim, Grade(grade - 1) if every else Grade.NONE, every, every)


def _distinct(some: Iterable[Known]) -> tuple[Known, ...]:
    return tuple({known.identity: known for known in some}.values())


def guesses(
    some: Sequence[Claim], kind: Kind, catalogue: Catalogue, known: Iterable[Known] = ()
) -> tuple[Guess, ...]:
    """For a person, the likest first: what was found, and what is merely like it."""
    like = [
        each
        for claim in some
        for title in claim.titles[:2]
        for each in catalogue.alike(kind, title, claim.year)
    ]
    guessed = [_guess(each, some) for each in _distinct((*like, *known))]
    best = sorted(guessed, key=lambda one: (-one.score, -(one.known.votes or 0)))
    return tuple(best[:MOST_GUESSES])


def _guess(known: Known, some: Sequence[Claim]) -> Guess:
    pairs = [(claim, _likeness(claim, known)) for claim in some if claim.titles]
    claim, like = max(pairs, key=lambda pair: pair[1], default=(None, 0.0))
    year = claim.year if claim else None
    score = 0.6 * like + 0.4 * _nearness(year, known.year)
    return Guess(known, round(score, 3), _why(like, year, known))


def _likeness(claim: Claim, known: Known) -> float:
    if any(known.bears(title) for title in claim.titles):
        return 1.0
    written = " ".join(words_of(claim.titles[0]))
    ratios = (
        SequenceMatcher(None, written, " ".join(words_of(own)), autojunk=False).ratio()
        for own in known.titles[:MOST_GUESSES]
    )
    return min(0.95, max(ratios, default=0.0))


def _nearness(said: int | None, year: int | None) -> float:
    if said is None or year is None:
        return 0.5
    return {0: 1.0, 1: 0.8}.get(abs(said - year), 0.0)


def _why(like: float, said: int | None, known: Known) -> str:
    named = "bears this title" if like == 1.0 else f"its title is {like:.0%} alike"
    if said is None or known.year is None:
        return named
    if said == known.year:
        return f"{named}, and is of that year"
    years = abs(said - known.year)
    return f"{named}, {years} year{'s' * (years > 1)} {'later' if known.year > said else 'earlier'}"
