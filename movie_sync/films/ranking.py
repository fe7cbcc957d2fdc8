"""Which of several accepted releases goes before the other, and by what. Pure.

CRITERIA is the whole of it, in the order that docs/decisions.md gives: the first one in which two
releases differ decides between them. The last three tell any two apart, so that the same releases
always come in the same order, however they were found.
"""

import math
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from movie_sync.films import spoken
from movie_sync.films.case import Case
from movie_sync.films.sizes import amount
from movie_sync.releases import Source

SOURCES = (Source.BLURAY, Source.WEBDL, Source.WEBRIP, Source.TV, Source.DVD)  # best first
LAST = 99


class Criterion(Struct, frozen=True):
    """One step of the ranking: what goes before has the smaller key."""

    name: str
    key: Callable[[Case], Any]
    say: Callable[[Case, Case], str]  # why the first goes before the second


def preference(case: Case) -> tuple[Any, ...]:
    """Sort key, smallest first."""
    return tuple(criterion.key(case) for criterion in CRITERIA)


def why_before(better: Case, other: Case) -> str:
    """What decided between two different releases, in words: "100 seeders against 4"."""
    deciding = (each for each in CRITERIA if each.key(better) != each.key(other))
    return next(deciding).say(better, other)


def _quality(case: Case) -> int:
    return LAST if case.place is None else case.place


def _say_quality(better: Case, other: Case) -> str:
    return f"its {_entry(better)} is preferred to {_entry(other)}"


def _entry(case: Case) -> str:
    return "unknown quality" if case.place is None else case.wants.qualities[case.place].text


def _say_score(better: Case, other: Case) -> str:
    return f"{better.score} points for words in its name against {other.score}"


def _say_language(better: Case, other: Case) -> str:
    return f"it {spoken.heard(better.name)}, and the next {spoken.heard(other.name)}"


def _hdr(case: Case) -> bool:
    if case.wants.hdr in ("prefer", "avoid"):
        return bool(case.name.hdr) is (case.wants.hdr == "avoid")
    return False


def _say_hdr(better: Case, _: Case) -> str:
    if better.name.hdr:
        return "it is in HDR, and the next is not"
    return "it is not in HDR, and the next is"


def _edition(case: Case) -> int:
    """The first of the editions wanted; a name that has none is the plain one."""
    edition = case.name.edition
    for at, word in enumerate(case.wants.editions):
        if (edition is None) if word is None else (edition is not None and word.is_in(edition)):
            return at
    return LAST


def _say_edition(better: Case, other: Case) -> str:
    one, two = (f'"{each.name.edition or "plain"}"' for each in (better, other))
    return f"its edition {one} is preferred to {two}"


def _source(case: Case) -> int:
    return SOURCES.index(case.name.source) if case.name.source in SOURCES else LAST


def _say_source(better: Case, other: Case) -> str:
    return f"its source {better.name.source} is preferred to {other.name.source or 'none named'}"


def _revision(case: Case) -> tuple[int, int]:
    return -case.name.real, -case.name.version


def _say_revision(better: Case, other: Case) -> str:
    one, two = (f"{'REAL ' * each.name.real}{each.name.version}" for each in (better, other))
    return f"it is version {one}, and the next version {two}"


def _leech(case: Case) -> int:
    """How much of it counts against the ratio, and then whether giving counts twice."""
    if not case.wants.given.prefer_freeleech:
        return 0
    release = case.release
    cost = 0 if release.freeleech else 1 if release.halfleech else 2
    return 2 * cost + (not release.doubleup)


def _say_leech(better: Case, other: Case) -> str:
    return f"it {_ratio(better)}, and the next {_ratio(other)}"


def _ratio(case: Case) -> str:
    release = case.release
    cost = "nothing" if release.freeleech else "half" if release.halfleech else "whole"
    return f"counts {cost} against the ratio" + (" and gives double" if release.doubleup else "")


def _internal(case: Case) -> bool:
    return case.wants.given.prefer_internal and not case.release.internal


def _say_internal(better: Case, _: Case) -> str:
    return f"it was made by {better.release.indexer}'s own people, and the next was not"


def _seeders(case: Case) -> int:
    """Twelve seeders are no better than ten; a hundred are."""
    return -round(math.log10(case.release.seeders)) if case.release.seeders > 0 else 1


def _say_seeders(better: Case, other: Case) -> str:
    return f"{better.release.seeders} seeders against {other.release.seeders}"


def _size(case: Case) -> float:
    return case.size.off(case.wants.aim)


def _say_size(better: Case, other: Case) -> str:
    one, two = amount(better.release.size_bytes), amount(other.release.size_bytes)
    aim = amount(better.size.at(better.wants.aim))
    return f"its size of {one} is nearer to the {aim} aimed at than {two}"


def _say_name(_better: Case, _other: Case) -> str:
    return "the next is as good, and only its name comes later"


CRITERIA = (
    Criterion("quality", _quality, _say_quality),
    Criterion("score", lambda case: -case.score, _say_score),
    Criterion("language", lambda case: case.language, _say_language),
    Criterion("hdr", _hdr, _say_hdr),
    Criterion("edition", _edition, _say_edition),
    Criterion("source", _source, _say_source),
    Criterion("revision", _revision, _say_revision),
    Criterion("freeleech", _leech, _say_leech),
    Criterion("internal", _internal, _say_internal),
    Criterion("seeders", _seeders, _say_seeders),
    Criterion("size", _size, _say_size),
    Criterion("name", lambda case: case.release.name, _say_name),
    Criterion("indexer", lambda case: case.release.indexer, _say_name),
    Criterion("id", lambda case: case.release.id, _say_name),
)
