"""Why a candidate may be what Viki shows: names, country, year, episodes, each with its sentence.

Pure. A score is the strength of the best name times what each fact makes of it; the figures were
chosen on one half of the labelled pairs (docs/matching.md). The one thing to know: a doubt is
enough to ask a person, however high the score.
"""

from collections.abc import Iterator
from math import prod

from msgspec import Struct

from movie_sync.history.alike import Known, Likeness, likest
from movie_sync.history.match_models import (
    LANGUAGES_OF,
    Candidate,
    Evidence,
    Mapping,
    Point,
    Tier,
    Viewed,
)
from movie_sync.history.names import Name, names, scripts_of
from movie_sync.history.season_splits import (
    Placement,
    Reading,
    agree,
    named_season,
    only,
    placements,
)
from movie_sync.library_models import Kind

STRENGTH = {
    Tier.ID: 0.99, Tier.NATIVE: 1.0, Tier.ENGLISH: 0.97, Tier.ALIAS: 0.95, Tier.FOLDED: 0.9,
    Tier.ROMANISED: 0.89, Tier.NEAR: 0.8, Tier.NONE: 0.0,
}  # fmt: skip
SAID = {
    Tier.NATIVE: "is called so in its own script",
    Tier.ENGLISH: "is called so",
    Tier.ALIAS: "is also called so",
    Tier.FOLDED: "is called so but for an article or the like",
    Tier.ROMANISED: "sounds so",
    Tier.NEAR: "has words in common with it",
}
OTHER_COUNTRY, OTHER_SCRIPT, ASKED_OF_A_PERSON = 0.3, 0.72, 0.75
MOST_MINUTES_OFF = 3
LATE, TOO_LATE = 6, 10  # years after the work that Viki came to it


class Names(Struct, frozen=True):
    """What is alike, and all that it was chosen from."""

    reading: Reading
    theirs: tuple[Name, ...]
    like: Likeness


def weigh(known: Known, candidate: Candidate) -> Evidence | None:
    """The best that can be said for it; None where it is not like it at all."""
    theirs = names((candidate.title, candidate.original_title, *candidate.others))
    found = [
        evidence
        for reading in known.readings
        for evidence in _of_reading(known, reading, candidate, theirs)
    ]
    return max(found, key=lambda one: (one.score, not one.doubts), default=None)


def _of_reading(
    known: Known, reading: Reading, candidate: Candidate, theirs: tuple[Name, ...]
) -> Iterator[Evidence]:
    viewed = known.viewed
    season = named_season(reading, candidate) if candidate.kind is Kind.SHOW else None
    if season:
        named = Likeness(Tier.ENGLISH, None, reading.names[0])
        names_ = Names(reading, theirs, named)
        yield _evidence(viewed, candidate, names_, only(season, candidate))
    like = likest(known, reading, candidate, theirs)
    if like.tier is Tier.NONE:
        return
    if candidate.kind is Kind.FILM:
        places = [Placement(Mapping(), None, candidate.year)]
    else:
        number = reading.season or _numbered_alias(known, candidate, like)
        by_alias = not like.main
        places = list(placements(viewed, candidate, number, by_alias=by_alias))
    for place in places:
        yield _evidence(viewed, candidate, Names(reading, theirs, like), place)


def _numbered_alias(known: Known, candidate: Candidate, like: Likeness) -> int | None:
    """Shows are also called by the names of their seasons: "Taxi Driver 2" of "Taxi Driver"."""
    number = known.readings[-1].season
    if like.main or number is None:
        return None
    return number if any(one.number == number for one in candidate.regular) else None


def _evidence(viewed: Viewed, candidate: Candidate, by: Names, place: Placement) -> Evidence:
    like = by.like
    year = _of_year(viewed, place.year, candidate)
    named = like.tier is Tier.NATIVE and not like.short and year.agrees
    told = [
        point
        for point in (
            _of_title(like),
            _of_type(viewed, candidate),
            _of_country(viewed, candidate),
            year,
            _of_episodes(viewed, place, 0.9 if named else 0.8),
            _of_minutes(viewed, candidate),
            _of_own_names(viewed, by),
        )
        if point
    ]
    score = prod((place.factor, *(point.factor for point in told)))
    agreed = {point.what for point in told if point.agrees}
    abroad = any(point.what == "country" and point.factor < 0.5 for point in told)
    if abroad and like.tier is Tier.NATIVE and {"year", "episodes"} <= agreed:
        score = ASKED_OF_A_PERSON
    doubts = (place.doubt, *_doubts(viewed, by, place, agreed))
    return Evidence(
        tier=like.tier,
        points=tuple(told),
        score=round(score, 4),
        mapping=place.mapping,
        doubts=tuple(filter(None, doubts)),
    )


def _doubts(viewed: Viewed, by: Names, place: Placement, agreed: set[str]) -> Iterator[str]:
    """What is missing to be sure, whatever the score."""
    like = by.like
    told = agreed & {"year", "episodes", "minutes"}
    by_name = viewed.kind is Kind.FILM and like.tier is Tier.NATIVE and not like.short
    if like.tier is Tier.ROMANISED and len(told) < 2:
        yield "a name that only sounds alike needs both year and episodes to agree"
    elif by.reading.season and not told:
        yield "nothing but the number in its title says which season it is"
    elif not told and not by_name:
        yield "neither year nor length are known to agree"
    elif like.tier <= Tier.ALIAS and viewed.episodes and place.episodes and "episodes" not in told:
        yield "it is only also called so, and has another number of episodes"
    hint = viewed.year
    if hint is None or not hint.at_most or place.year is None:
        return
    years = hint.year - place.year
    sure = like.tier is Tier.NATIVE and bool(agreed & {"episodes", "minutes"})
    if years > TOO_LATE or (years > LATE and not sure):
        yield f"Viki had it {years} years later, when there may have been another of its name"


def _of_title(like: Likeness) -> Point:
    strength = STRENGTH[like.tier] * (like.share if like.tier is Tier.NEAR else 1.0)
    said = f'"{like.theirs.text}" {SAID[like.tier]}' if like.theirs else "a season is called so"
    return Point("title", strength, said, like.tier >= Tier.ALIAS)


def _of_type(viewed: Viewed, candidate: Candidate) -> Point | None:
    if viewed.kind is candidate.kind:
        return None
    if viewed.episodes == 1 and viewed.kind is Kind.SHOW:
        return Point("type", 0.8, "Viki has it as a show of one episode, and this is a film")
    return Point("type", 0.0, f"this is a {candidate.kind}, and Viki's a {viewed.kind}")


def _of_country(viewed: Viewed, candidate: Candidate) -> Point:
    mine, theirs = (viewed.country or "").lower(), [one.lower() for one in candidate.countries]
    if mine and theirs:
        if mine in theirs:
            return Point("country", 1.0, f"both are from {mine.upper()}", True)
        said = f"is from {', '.join(theirs).upper()}, and Viki's from {mine.upper()}"
        return Point("country", OTHER_COUNTRY, said)
    if mine in LANGUAGES_OF and candidate.language:
        if candidate.language in LANGUAGES_OF[mine]:
            return Point("country", 0.97, f"is in a language of {mine.upper()}")
        said = f"is in the language {candidate.language}, and Viki's from {mine.upper()}"
        return Point("country", OTHER_COUNTRY, said)
    return Point("country", 0.95, "whether both are from one country is not known")


def _of_year(viewed: Viewed, year: int | None, candidate: Candidate) -> Point:
    hint, first = viewed.year, candidate.year
    if hint is None or (year is None and first is None):
        return Point("year", 0.93, "the year of one of them is not known")
    if year is None:  # of a later season: no earlier than the show
        if first is not None and first > hint.year:
            return Point("year", 0.3, f"began in {first}, after Viki showed it in {hint.year}")
        return Point("year", 0.93, "the year of that season is not known")
    apart = hint.year - year
    if not hint.at_most:
        factor = {0: 1.0, 1: 0.99, 2: 0.9}.get(abs(apart), 0.4)
        said = f"is from {year}, Viki's from {hint.year}"
        return Point("year", factor, said, abs(apart) <= 1)
    if apart < -1:
        return Point("year", 0.3, f"is from {year}, and Viki had it by {hint.year}")
    said = f"is from {year}, and Viki had it by {hint.year}"
    factor = 0.93 if apart == -1 or apart > 3 else (0.97 if apart > 1 else 1.0)
    return Point("year", factor, said, 0 <= apart <= 1)


def _of_episodes(viewed: Viewed, place: Placement, far: float) -> Point | None:
    """Of a show that runs, a catalogue has fewer; where all else agrees that is no doubt."""
    mine, theirs = viewed.episodes, place.episodes
    if viewed.kind is Kind.FILM:
        return None
    if mine is None or theirs is None:
        return Point("episodes", 0.97, "how many episodes both have is not known")
    said = f"has {theirs} episodes there, {mine} on Viki"
    pieces = max((one.pieces for one in place.mapping.stretches), default=1)
    spread = sum((one.last or 0) - one.first + 1 for one in place.mapping.stretches if one.last)
    if agree(mine, theirs * pieces) or spread == mine:
        return Point("episodes", 1.0, said, True)
    near = abs(mine - theirs) * 4 <= max(mine, theirs)
    return Point("episodes", 0.93 if near else far, said)


def _of_minutes(viewed: Viewed, candidate: Candidate) -> Point | None:
    mine, theirs = viewed.minutes, candidate.minutes
    if viewed.kind is not Kind.FILM or not mine or not theirs:
        return None
    said = f"takes {theirs} minutes there, {mine} on Viki"
    alike = abs(mine - theirs) <= MOST_MINUTES_OFF
    return Point("minutes", 1.0 if alike else 0.93, said, alike)


def _of_own_names(viewed: Viewed, by: Names) -> Point | None:
    """Two works of one English name have two names in their own script."""
    if by.like.tier is Tier.NATIVE:
        return None
    own = by.reading.own
    scripts = scripts_of(viewed.language) or {one.script for one in own if one.native}
    mine = [one for one in own if one.native and one.script in scripts]
    others = [
        one for one in by.theirs if one.native and one.script in {each.script for each in mine}
    ]
    if not mine or not others or any(_related(one, each) for one in mine for each in others):
        return None
    said = f'is called "{others[0].text}" in its own script, and Viki\'s "{mine[0].text}"'
    return Point("native", OTHER_SCRIPT, said)


def _related(one: Name, other: Name) -> bool:
    """Whether one may be the other with a subtitle or a number, which says nothing."""
    shorter, longer = sorted((one.exact, other.exact), key=len)
    return len(shorter) > 1 and longer.startswith(shorter)
