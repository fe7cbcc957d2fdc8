"""Which title the names of a file and of its folders mean, taken together. Pure.

All that say anything must be able to mean the same one; a name with a year outweighs one without.
The one thing to know: with nobody to ask, a title and its year are taken at their word, as a title
of our own by that name, which TMDB may confirm later.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from movie_sync.library.candidates import CONFIDENCE, Grade, Looked, look_up
from movie_sync.library.catalogue import Catalogue
from movie_sync.library.verdicts import Known, Reason
from movie_sync.library.weighing import WORDS_OF, Claim, is_part_of
from movie_sync.library_models import Kind, Match, Teller

OWN_NAME = 0.8  # sure enough to be kept under it
SERVERS = {Teller.HAND: "hand", Teller.DOWNLOAD: "download", Teller.SERVER: "server"}


class Choice(Struct, frozen=True):
    """The title that is meant."""

    known: Known
    match: Match
    remark: str | None = None


class Doubt(Struct, frozen=True):
    """Why it cannot be said, and who may be meant."""

    reason: Reason
    sentence: str
    meant: tuple[Known, ...] = ()


def settle(claims: Sequence[Claim], kind: Kind, catalogue: Catalogue) -> Choice | Doubt:
    speaking = [claim for claim in claims if claim.titles]
    if not speaking:
        return Doubt(Reason.NO_NAME, "neither its name nor its folder's says what it is")
    looked = [look_up(claim, kind, catalogue) for claim in speaking]
    named = [each for each in looked if each.fits]
    dated = any(each.dated for each in named)
    if not catalogue.asks and not dated and (kind is Kind.FILM or not named):
        return by_own_name(speaking, kind, named)
    if not named:
        return _unknown(looked, kind)
    return _weighed(named, looked, catalogue)


def _weighed(
    named: Sequence[Looked], looked: Sequence[Looked], catalogue: Catalogue
) -> Choice | Doubt:
    counted = named
    common = _common(named)
    if not common:
        counted = [each for each in named if each.dated]
        common = _common(counted)
    every = _every(named)
    if not common:
        return Doubt(Reason.DISAGREE, _disagreeing([each.claim for each in named]), every)
    if len(common) > 1:
        return Doubt(Reason.NAMESAKES, _several(named[0].claim, common), common)
    known = common[0]
    against = [each.claim for each in looked if _contradicts(each, known, counted)]
    if against:
        claims = [counted[0].claim, *against]
        return Doubt(Reason.DISAGREE, _disagreeing(claims), _every(named))
    best = max(counted, key=lambda each: each.grade)
    if not catalogue.asks and best.grade in (Grade.NEAR, Grade.NEAR_LOOSELY):
        sentence = f"is {best.claim} by {WORDS_OF[best.claim.by]}; {known} is in the library"
        return Doubt(Reason.OTHER_YEAR, sentence, (known,))
    return Choice(known, _match(best, known))


def _common(some: Sequence[Looked]) -> tuple[Known, ...]:
    if not some:
        return ()
    shared = set.intersection(*({known.identity for known in each.fits} for each in some))
    return tuple(known for known in some[0].fits if known.identity in shared)


def _every(some: Iterable[Looked]) -> tuple[Known, ...]:
    return tuple({known.identity: known for each in some for known in each.fits}.values())


def _contradicts(looked: Looked, known: Known, counted: Sequence[Looked]) -> bool:
    """Whether what one teller says cannot be said of the title."""
    claim = looked.claim
    if looked in counted:
        return False
    if looked.fits:  # of any year, and another
        excused = claim.by is Teller.FOLDER or is_part_of(claim, known.title)
        return not excused and all(each.identity != known.identity for each in looked.fits)
    if not claim.own_year or not claim.year or not known.year or abs(claim.year - known.year) <= 1:
        return False
    if any(known.bears(title) for title in claim.titles):
        return False
    return not (claim.by is Teller.FOLDER and any(_is_file(each) for each in counted))


def _is_file(looked: Looked) -> bool:
    return looked.claim.by is Teller.FILE and looked.dated


def _unknown(looked: Sequence[Looked], kind: Kind) -> Doubt:
    claim = looked[0].claim
    namesakes = tuple(
        {known.identity: known for each in looked for known in each.namesakes}.values()
    )
    what = "film" if kind is Kind.FILM else "show"
    if namesakes:
        years = ", ".join(sorted({str(known.year or "no year") for known in namesakes})[:5])
        sentence = f"is {claim} by {WORDS_OF[claim.by]}; {what}s of that title are of {years}"
        return Doubt(Reason.OTHER_YEAR, sentence, namesakes)
    return Doubt(Reason.UNKNOWN, f"no {what} called {claim} is known")


def _several(claim: Claim, meant: Sequence[Known]) -> str:
    names = ", ".join(map(str, meant[:4])) + (", and more" if len(meant) > 4 else "")
    return f"{claim} by {WORDS_OF[claim.by]} may be any of {len(meant)}: {names}"


def _disagreeing(claims: Iterable[Claim]) -> str:
    told = dict.fromkeys(f"{WORDS_OF[claim.by]} says {claim}" for claim in claims)
    return ", ".join(told)


def _match(best: Looked, known: Known) -> Match:
    claim = best.claim
    by = SERVERS.get(claim.by, "name")
    how = {
        Grade.EXACT: "title and year are the same",
        Grade.EXACT_LOOSELY: "the year is the same, and the title but for how it is written",
        Grade.NEAR: f"the title is the same, the year is one off ({claim.year})",
        Grade.NEAR_LOOSELY: f"the title is nearly the same, the year is one off ({claim.year})",
    }.get(best.grade, "nothing else bears this title")
    sentence = f"{WORDS_OF[claim.by]} says {claim}: {how}"
    return Match(by=by, confidence=CONFIDENCE[best.grade], sentence=sentence)


def by_own_name(
    claims: Sequence[Claim], kind: Kind, named: Sequence[Looked] = ()
) -> Choice | Doubt:
    """As what it is called, for nobody can be asked."""
    leader = next((one for one in claims if one.year or kind is Kind.SHOW), None)
    if leader is None:
        sentence = f"is {claims[0]} by {WORDS_OF[claims[0].by]} without a year, and may be any"
        return Doubt(Reason.NO_YEAR, sentence, _every(named))
    against = [one for one in claims if _denies(one, leader, kind)]
    if against:
        return Doubt(Reason.DISAGREE, _disagreeing([leader, *against]), _every(named))
    known = Known(kind=kind, title=leader.titles[0], year=leader.year)
    sentence = f"{WORDS_OF[leader.by]} says so; TMDB was not asked"
    match = Match(by=SERVERS.get(leader.by, "name"), confidence=OWN_NAME, sentence=sentence)
    return Choice(known, match)


def _denies(claim: Claim, leader: Claim, kind: Kind) -> bool:
    years = [one.year for one in (claim, leader) if one.own_year and one.year]
    apart = len(years) == 2 and abs(years[0] - years[1]) > 1
    if claim.agrees(leader):
        return apart
    if is_part_of(claim, leader.titles[0]) or is_part_of(leader, claim.titles[0]):
        return apart
    return apart or kind is Kind.SHOW
