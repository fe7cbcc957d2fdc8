"""Which release of a film to take, and why not the others.

Pure: the same film, releases, profile and time always give the same choice, in whatever order the
releases come. Judging and ranking are apart: a rule (`rules.py`) never prefers, and a preference
(`ranking.py`) never refuses.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, structs

from movie_sync import releases
from movie_sync.films import profiles, ranking, rules
from movie_sync.films.case import Case
from movie_sync.films.reasons import Reason, Rejection
from movie_sync.films.torrent_files import files_refused
from movie_sync.models import Film, Release
from movie_sync.releases import ReleaseName
from movie_sync.settings import Profile

__all__ = [
    "Choice",
    "Decision",
    "Reason",
    "Rejection",
    "choose",
    "explain",
    "files_refused",
    "judge",
    "read_name",
]

MOST_EXPLAINED = 50  # a popular film has hundreds of releases, and several searches are kept


class Decision(Struct, frozen=True):
    """One release and everything held against it."""

    release: Release
    rejections: tuple[Rejection, ...]
    quality: str = "unknown"  # in words: "1080p bluray remux"
    score: int = 0  # the points of preferred words

    @property
    def accepted(self) -> bool:
        return not self.rejections


class Choice(Struct, frozen=True):
    """The accepted releases, best first, and the decision on each one looked at.

    Decisions are in order too: those accepted by rank, then those with the fewest reasons against
    them.
    """

    ranked: tuple[Release, ...]
    decisions: tuple[Decision, ...]
    won_by: str  # a sentence; empty where nothing was accepted
    is_enough: bool  # the best one meets the cutoff
    wait: timedelta  # how long a better one is waited for
    now: datetime

    @property
    def best(self) -> Release | None:
        return self.ranked[0] if self.ranked else None

    def why_best(self) -> str:
        """In one sentence, what put the best before the second; empty where there is no best."""
        return self.won_by

    def why_not(self) -> str:
        """In one line, why nothing was taken."""
        if not self.decisions:
            return "no indexer lists it"
        if self.ranked:
            return f"{len(self.decisions)} found, {len(self.ranked)} accepted"
        counts = Counter(found.reason for each in self.decisions for found in each.rejections)
        ordered = sorted(counts, key=lambda reason: (-counts[reason], list(Reason).index(reason)))
        reasons = ", ".join(f"{counts[reason]} {reason}" for reason in ordered)
        return f"{len(self.decisions)} found, none accepted: {reasons}"

    def hold_until(self, first_fit_at: datetime | None) -> datetime | None:
        """Until when a better release is waited for; None: there is no reason to, take it now.

        Args:
            first_fit_at: when a fitting release was first seen; None is now.
        """
        if self.best is None or self.is_enough:
            return None
        until = (first_fit_at or self.now) + self.wait
        return until if until > self.now else None


def read_name(release: Release) -> ReleaseName:
    """What its name says; the ids that the indexer gives go before those in the name."""
    name = releases.read(release.name)
    if release.imdb_id is None and release.tmdb_id is None:
        return name
    imdb_id, tmdb_id = release.imdb_id or name.imdb_id, release.tmdb_id or name.tmdb_id
    return structs.replace(name, imdb_id=imdb_id, tmdb_id=tmdb_id)


def judge(
    release: Release,
    film: Film,
    profile: Profile,
    *,
    now: datetime,
    blocked: Mapping[str, str] = {},
    have: str | None = None,
) -> Decision:
    """Hold one release against every rule; see `choose` for what the arguments are."""
    [decision] = choose(film, [release], profile, now=now, blocked=blocked, have=have).decisions
    return decision


def choose(
    film: Film,
    found: Iterable[Release],
    profile: Profile,
    *,
    now: datetime,
    blocked: Mapping[str, str] = {},
    have: str | None = None,
) -> Choice:
    """Judge all releases, and rank those accepted.

    Args:
        found: one that an indexer listed in several answers is looked at once.
        blocked: "indexer:id" of releases that are not taken for this film -> why, in words.
        have: the name of the release that is in the library, to be replaced by a better one only.

    Raises:
        ConfigError: the profile makes no sense; see `profiles.check`.
    """
    wants = profiles.effective(profile)
    there = None if have is None else releases.read(have)
    cases = [
        Case(
            release=release,
            name=read_name(release),
            film=film,
            wants=wants,
            now=now,
            blocked=blocked,
            have=there,
        )
        for release in _once(found)
    ]
    judged = [(case, rules.reasons(case)) for case in cases]
    accepted = sorted((case for case, held in judged if not held), key=ranking.preference)
    refused = sorted(
        (pair for pair in judged if pair[1]),
        key=lambda pair: (len(pair[1]), ranking.preference(pair[0])),
    )
    return Choice(
        ranked=tuple(case.release for case in accepted),
        decisions=tuple(
            _decision(*pair) for pair in [*((case, ()) for case in accepted), *refused]
        ),
        won_by=_why_best(accepted),
        is_enough=bool(accepted) and wants.is_enough(accepted[0].place),
        wait=timedelta(hours=profile.wait_hours),
        now=now,
    )


def _once(found: Iterable[Release]) -> Iterable[Release]:
    """Each release once; of several answers the one that names the film's ids."""
    answers: dict[tuple[str, str, str], list[Release]] = {}
    for release in found:
        answers.setdefault((release.indexer, release.id, release.name), []).append(release)
    return (min(same, key=_vagueness) for same in answers.values())


def _vagueness(release: Release) -> tuple[bool, bool, str]:
    return release.imdb_id is None, release.tmdb_id is None, repr(release)


def _decision(case: Case, held: tuple[Rejection, ...]) -> Decision:
    return Decision(case.release, held, profiles.quality(case.name), case.score)


def _why_best(accepted: list[Case]) -> str:
    if len(accepted) < 2:
        return "it is the only one that fits" if accepted else ""
    return ranking.why_before(accepted[0], accepted[1])


def explain(choice: Choice, most: int | None = MOST_EXPLAINED) -> list[dict[str, Any]]:
    """The choice as data to keep or to print, in the order of its decisions.

    Each has the facts of the release and its quality; those accepted "rank" and "score", those
    refused [[reason, sentence, setting that would change it, or None], ...] as "refused".

    Args:
        most: how many of them; None is all.
    """
    return [_explained(each, rank) for rank, each in enumerate(choice.decisions[:most], 1)]


def _explained(decision: Decision, rank: int) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.to_builtins(decision.release)
    facts["quality"] = decision.quality
    if decision.accepted:
        return facts | {"rank": rank, "score": decision.score}
    held = [[str(each.reason), each.message, each.setting] for each in decision.rejections]
    return facts | {"refused": held}
