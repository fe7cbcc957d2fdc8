"""Which title the ids mean that a file's name, folder, NFO or server gives. Pure.

An id beats every name, and a name vetoes one only where it plainly speaks of something else: of
another year and another title, or of another title that is known. The one thing to know: where ids
mean two titles, the names may choose between those two, and never a third.
"""

from collections.abc import Sequence

from movie_sync.library.by_names import SERVERS, Choice, Doubt
from movie_sync.library.candidates import look_up
from movie_sync.library.catalogue import Catalogue
from movie_sync.library.verdicts import Known, Reason
from movie_sync.library.weighing import WORDS_OF, Claim
from movie_sync.library_models import Ids, Kind, Match, Teller

NAMES = {"tmdb": "TMDB", "imdb": "IMDb", "tvdb": "TVDB", "tvmaze": "TVmaze", "trakt": "Trakt"}
CHOSEN = 0.93  # between two ids, by the names

_Found = list[tuple[Claim, Known]]


def settle(claims: Sequence[Claim], kind: Kind, catalogue: Catalogue) -> Choice | Doubt | None:
    """None where no id says anything."""
    found: _Found = []
    for claim in claims:
        if claim.ids:
            some = catalogue.by_ids(kind, dict(claim.ids))
            if not some and (other := _of_other_kind(claim, kind, catalogue)):
                return other
            found += [(claim, known) for known in some]
    if not found:
        return None if catalogue.asks else _unconfirmed(claims, kind)
    meant = {known.identity: known for _, known in found}
    if len(meant) > 1:
        return _chosen(tuple(meant.values()), found, claims)
    claim, known = found[0]
    if claim.by is not Teller.HAND and (against := _against(known, claims, kind, catalogue)):
        sentence = f"{_says(claim)}, {known}; but {WORDS_OF[against.by]} says {against}"
        return Doubt(Reason.WRONG_ID, sentence, (known,))
    return Choice(known, _match(claim, f"{_says(claim)}, {known}"))


def _match(claim: Claim, sentence: str, confidence: float = 1.0) -> Match:
    return Match(by=SERVERS.get(claim.by, "id"), confidence=confidence, sentence=sentence)


def _says(claim: Claim) -> str:
    provider, number = claim.ids[-1]
    return f"{WORDS_OF[claim.by]} gives {NAMES.get(provider, provider)} {number}"


def _of_other_kind(claim: Claim, kind: Kind, catalogue: Catalogue) -> Doubt | None:
    """IMDb numbers films and shows together, so its id may be of the other kind."""
    ids: Ids = {provider: number for provider, number in claim.ids if provider == "imdb"}
    other = Kind.SHOW if kind is Kind.FILM else Kind.FILM
    some = catalogue.by_ids(other, ids) if ids else ()
    if not some:
        return None
    sentence = f"{_says(claim)}, which is the {other} {some[0]}; it is named as a {kind}'s file"
    return Doubt(Reason.WRONG_KIND, sentence, tuple(some))


def _chosen(meant: tuple[Known, ...], found: _Found, claims: Sequence[Claim]) -> Choice | Doubt:
    """The one of them that all names can mean."""
    fitting = [
        known for known in meant if all(_fits(known, claim) for claim in claims if claim.titles)
    ]
    if len(fitting) == 1 and any(claim.titles for claim in claims):
        claim = next(claim for claim, known in found if known.identity == fitting[0].identity)
        sentence = f"{_says(claim)}, {fitting[0]}, as the names say; another id says otherwise"
        return Choice(fitting[0], _match(claim, sentence, CHOSEN), remark=sentence)
    names = " and ".join(map(str, meant[:3]))
    return Doubt(Reason.WRONG_ID, f"its ids are of different titles: {names}", meant)


def _fits(known: Known, claim: Claim) -> bool:
    apart = claim.year and known.year and abs(claim.year - known.year) > 1
    return not apart and any(known.bears(title) for title in claim.titles)


def _against(
    known: Known, claims: Sequence[Claim], kind: Kind, catalogue: Catalogue
) -> Claim | None:
    """The first name that plainly speaks of something else."""
    named = [claim for claim in claims if claim.titles]
    of_file = [claim for claim in named if claim.by is Teller.FILE and claim.own_year]
    sure = any(_fits(known, claim) for claim in of_file)
    for claim in named:
        if any(known.bears(title) for title in claim.titles):
            continue
        if claim.by is Teller.FOLDER and sure and not claim.ids:  # it is of a collection
            continue
        if claim.own_year and claim.year and known.year and abs(claim.year - known.year) > 1:
            return claim
        other = look_up(claim, kind, catalogue)
        if other.fits and all(each.identity != known.identity for each in other.fits):
            return claim
    return None


def _unconfirmed(claims: Sequence[Claim], kind: Kind) -> Choice | Doubt | None:
    """Nobody can be asked whose ids they are: then they are believed, if the names agree."""
    leader = next((claim for claim in claims if claim.ids), None)
    named = [claim for claim in claims if claim.titles]
    if leader is None or not named:
        return None
    first = leader if leader.titles else named[0]
    ids: dict[str, str] = {}
    for provider, number in (pair for claim in claims for pair in claim.ids):
        if ids.setdefault(provider, number) != number:
            both = f"{NAMES.get(provider, provider)} {number} and {ids[provider]}"
            return Doubt(Reason.WRONG_ID, f"its ids are of different titles: {both}")
    for claim in named:
        apart = claim.year and first.year and abs(claim.year - first.year) > 1
        if apart and not claim.agrees(first):
            sentence = f"{_says(leader)} and {first}; but {WORDS_OF[claim.by]} says {claim}"
            return Doubt(Reason.WRONG_ID, sentence)
    year = first.year or next((claim.year for claim in named if claim.agrees(first)), None)
    known = Known(kind=kind, title=first.titles[0], year=year, ids=ids)
    return Choice(known, _match(leader, f"{_says(leader)}; TMDB was not asked"))
