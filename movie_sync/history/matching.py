"""What Viki shows is which film or show of Trakt and TMDB: sure, to be asked, or unknown. Pure.

The one thing to know: nothing is ever taken because it came first in a search, nor for the score
that a search gave it; and what a person said stays until that person says something else.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, structs

from movie_sync.history.alike import known
from movie_sync.history.evidence import weigh
from movie_sync.history.match_models import (
    Candidate,
    Choice,
    Evidence,
    Mapping,
    Point,
    State,
    Tier,
    Verdict,
    Viewed,
)
from movie_sync.history.season_splits import placements, season_of_title
from movie_sync.library_models import Kind
from movie_sync.models import Moment

ACCEPTED, WORTH_ASKING, MARGIN, ID_SCORE = 0.88, 0.6, 0.08, 0.99
MOST_CHOICES = 5
LADDER = (timedelta(days=1), timedelta(days=7), timedelta(days=30))  # the last one for ever


class Standing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a container is taken for, from one time to the next."""

    state: State
    ids: dict[str, str] = {}
    mapping: Mapping = Mapping()
    confidence: float = 0.0
    sentence: str = ""
    refused: tuple[str, ...] = ()  # keys of candidates that a person says it is not
    cleared: bool = False  # a person took the match away: the next one is theirs to make
    tries: int = 0  # times in a row that nothing was found
    retry_at: Moment | None = None


def judge(
    viewed: Viewed,
    candidates: Iterable[Candidate],
    *,
    refused: Collection[str] = (),
    cleared: bool = False,
) -> Verdict:
    """Which of the candidates it is.

    Args:
        refused: keys of those that a person has said it is not.
        cleared: a person took a match away, and wants to be asked.
    """
    mine = known(viewed)
    choices = []
    for candidate in merged(candidates):
        if candidate.key in refused:
            continue
        named = weigh(mine, candidate)
        evidence = _by_id(viewed, candidate, named) or named
        if evidence and evidence.score > 0:
            choices.append(Choice(candidate=candidate, evidence=evidence))
    choices.sort(key=_place)
    return _verdict(choices, cleared)


def merged(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that have an id in common are one; what stands first tells title and seasons."""
    found: list[Candidate] = []
    by_id: dict[tuple[Kind, str, str], int] = {}
    for candidate in candidates:
        keys = [(candidate.kind, *one) for one in candidate.ids.items()]
        at = next((by_id[key] for key in keys if key in by_id), None)
        if at is None:
            at = len(found)
            found.append(candidate)
        elif not _contradict(found[at], candidate):
            found[at] = _joined(found[at], candidate)
        else:
            at = len(found)
            found.append(candidate)
        by_id.update(dict.fromkeys(keys, at))
    return found


def next_try(tries: int, now: datetime) -> datetime:
    """When to ask again for what nothing is like, after so many times in a row."""
    return now + LADDER[min(max(tries, 1), len(LADDER)) - 1]


def heed(standing: Standing | None, verdict: Verdict, now: datetime) -> Standing:
    """What it is taken for now. MANUAL stays as it is; so does AUTO, until it is sure that it is
    something else, and then a person is asked."""
    if standing and standing.state is State.MANUAL:
        return standing
    if standing and standing.state is State.AUTO:
        return _held(standing, verdict)
    refused, cleared = (standing.refused, standing.cleared) if standing else ((), False)
    told = Standing(
        state=verdict.state,
        confidence=verdict.confidence,
        sentence=verdict.sentence,
        refused=refused,
        cleared=cleared,
    )
    if verdict.candidate:
        return structs.replace(told, ids=dict(verdict.candidate.ids), mapping=verdict.mapping)
    if verdict.state is State.NONE:
        tries = (standing.tries if standing else 0) + 1
        return structs.replace(told, tries=tries, retry_at=next_try(tries, now))
    return told


def chosen(ids: dict[str, str], mapping: Mapping, sentence: str) -> Standing:
    """By a person."""
    return Standing(state=State.MANUAL, ids=ids, mapping=mapping, confidence=1.0, sentence=sentence)


def taken_away(standing: Standing, key: str | None) -> Standing:
    """By a person: what it was taken for is not proposed again, and nothing is taken by itself."""
    refused = dict.fromkeys((*standing.refused, *([key] if key else [])))
    said = "a person took the match away"
    return Standing(state=State.REVIEW, refused=tuple(refused), cleared=True, sentence=said)


def moved(standing: Standing, ids: dict[str, str]) -> Standing:
    """The same work under the ids that it has now, as where Trakt has merged two of them; who
    matched it stays."""
    return structs.replace(standing, ids={**standing.ids, **ids})


def is_due(standing: Standing | None, now: datetime) -> bool:
    """Whether services are to be asked what it is."""
    if standing is None:
        return True
    if standing.state is not State.NONE:
        return False
    return standing.retry_at is None or standing.retry_at <= now


def _by_id(viewed: Viewed, candidate: Candidate, named: Evidence | None) -> Evidence | None:
    """Of a candidate that has an id which was told of the container, and none that differs."""
    shared = viewed.ids.items() & candidate.ids.items()
    differ = any(candidate.ids.get(one, id_) != id_ for one, id_ in viewed.ids.items())
    if not shared or differ or viewed.kind is not candidate.kind:
        return None
    provider, id_ = min(shared)
    known_by = Point("title", ID_SCORE, f"is known by its id, {provider} {id_}", True)
    points = (known_by, *(named.points if named and named.score >= WORTH_ASKING else ()))
    if viewed.kind is Kind.FILM:
        return Evidence(tier=Tier.ID, points=points, score=ID_SCORE)
    number, _ = season_of_title(viewed)
    has = any(one.number == number for one in candidate.regular)
    place = next(placements(viewed, candidate, number if has else None))
    return Evidence(
        tier=Tier.ID,
        points=points,
        score=ID_SCORE,
        mapping=place.mapping,
        doubts=(place.doubt,) if place.doubt else (),
    )


def _place(choice: Choice) -> tuple[bool, float, bool, str]:
    """The likest first; an id goes before all names."""
    told = choice.evidence
    return told.tier is not Tier.ID, -told.score, bool(told.doubts), choice.candidate.key


def _verdict(choices: Sequence[Choice], cleared: bool) -> Verdict:
    shown = tuple(choices[:MOST_CHOICES])
    best = choices[0] if choices else None
    if best is None or best.score < WORTH_ASKING:
        return Verdict(
            state=State.NONE,
            confidence=best.score if best else 0.0,
            sentence=_why_none(best),
            choices=shown,
        )
    if why := _why_asked(best, choices, cleared):
        return Verdict(state=State.REVIEW, confidence=best.score, sentence=why, choices=shown)
    said = [point.sentence for point in best.evidence.points if point.agrees]
    return Verdict(
        state=State.AUTO,
        confidence=best.score,
        sentence=f"{best.candidate}: {', '.join(said)}",
        candidate=best.candidate,
        mapping=best.mapping,
        choices=shown,
    )


def _why_none(best: Choice | None) -> str:
    if best is None:
        return "nothing that was found is like it"
    against = min(best.evidence.points, key=lambda point: point.factor)
    return f"nothing that was found is like it; the nearest, {best.candidate}, {against.sentence}"


def _why_asked(best: Choice, choices: Sequence[Choice], cleared: bool) -> str | None:
    if cleared:
        return f"it may be {best.candidate}, but a match was taken away, so a person has to say"
    if best.score < ACCEPTED:
        weakest = min(best.evidence.points, key=lambda point: point.factor)
        return f"it may be {best.candidate}: {weakest.sentence}"
    if best.evidence.doubts:
        return f"it may be {best.candidate}: {best.evidence.doubts[0]}"
    if (second := _as_like(best, choices[1:])) is None:
        return None
    if best.evidence.tier is Tier.ID:
        return f"its id says that it is {best.candidate}, and its name {second.candidate}"
    return f"it may be {best.candidate}, or as well {second.candidate}"


def _as_like(best: Choice, others: Sequence[Choice]) -> Choice | None:
    """Another that it may be as well. Where an id was told, names count only if they are all
    against it."""
    if best.evidence.tier is Tier.ID:
        if len(best.evidence.points) > 1:
            return None
        sure = (one for one in others if one.score >= ACCEPTED and not one.evidence.doubts)
        return next(sure, None)
    return others[0] if others and best.score - others[0].score < MARGIN else None


def _held(standing: Standing, verdict: Verdict) -> Standing:
    other = verdict.candidate
    same = other is None or any(standing.ids.get(one) == id_ for one, id_ in other.ids.items())
    if other is None or same:
        return standing
    said = f"it was taken for another work, and is now like {other}: {verdict.sentence}"
    return structs.replace(standing, state=State.REVIEW, sentence=said)


def _contradict(one: Candidate, other: Candidate) -> bool:
    """By an id of which they have different ones."""
    return any(other.ids.get(provider, id_) != id_ for provider, id_ in one.ids.items())


def _joined(one: Candidate, other: Candidate) -> Candidate:
    told = (*one.others, other.title, other.original_title, *other.others)
    known = {one.title, one.original_title}
    others = dict.fromkeys(name for name in told if name and name not in known)
    return structs.replace(
        one,
        ids={**other.ids, **one.ids},
        year=one.year or other.year,
        original_title=one.original_title or other.original_title,
        others=tuple(others),
        countries=tuple(dict.fromkeys(map(str.lower, (*one.countries, *other.countries)))),
        language=one.language or other.language,
        seasons=one.seasons or other.seasons,
    )
