"""What a selection asks of a show, point by point: each finds why a show does not fit, or nothing.

Pure. A point knows the columns that it looks at, so that the answer for a value can be remembered
for all shows that have the same.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from msgspec import Struct

from movie_sync.shows.vocabulary import ENDED, Words
from movie_sync.shows_settings import NONE

# The points in the order in which they are asked, with the facts of a show that each looks at.
COLUMNS = {
    "type": ("type",),
    "language": ("language",),
    "country": ("country",),
    "genre": ("genres", "type"),
    "network": ("network", "web_channel"),
    "status": ("status",),
    "ended": ("status", "ended_on"),
    "premiered": ("premiered_on",),
    "runtime": ("runtime_min",),
    "rating": ("rating",),
}
ABSENT = {
    "type": "its type is not known",
    "language": "its language is not known",
    "country": "it has no country, as what is streamed in the whole world",
    "network": "it is on no network",
    "status": "its status is not known",
}
MOST_SHOWN = 4


class Refusal(Struct, frozen=True):
    """Why a show does not fit."""

    sentence: str
    compared: dict[str, Any]


class Point(Struct, frozen=True):
    """One of the things that a selection asks."""

    code: str  # a key of COLUMNS
    refusal: Callable[..., Refusal | None]  # of the values in these columns


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked, in words of TVMaze: by code what it must be one of, and what it may not be."""

    wanted: dict[str, Words] = {}
    excluded: dict[str, Words] = {}
    exclude_ended: bool = False
    ended: tuple[date | None, date | None] = (None, None)
    premiered: tuple[date | None, date | None] = (None, None)
    runtime: tuple[float | None, float | None] = (None, None)
    rating: tuple[float | None, float | None] = (None, None)
    unknown_passes: bool = False


def points(asked: Asked) -> Iterator[Point]:
    """Those that ask something."""
    for code in COLUMNS:
        wanted, excluded = (words.get(code, Words()) for words in (asked.wanted, asked.excluded))
        if any((wanted.known, wanted.as_types, excluded.known, excluded.as_types)):
            yield Point(code, _among(code, wanted, excluded))
    if asked.exclude_ended or any(asked.ended):
        yield Point("ended", _ended(asked))
    if any(asked.premiered):
        yield Point("premiered", _premiered(asked))
    for code, limits in (("runtime", asked.runtime), ("rating", asked.rating)):
        if limits != (None, None):
            yield Point(code, _within(code, limits, unknown_passes=asked.unknown_passes))


def _among(code: str, wanted: Words, excluded: Words) -> Callable[..., Refusal | None]:
    """For facts that are words."""
    if code == "genre":
        return _genre(wanted, excluded)
    taken, refused = _small(wanted.known), _small(excluded.known)

    def refusal(*values: str | None) -> Refusal | None:
        has = tuple(value for value in values if value)
        small = _small(has) or frozenset((NONE,))
        shown = " and ".join(has) or None
        if found := [word for word in excluded.known if word.casefold() in small & refused]:
            absent = f"{ABSENT[code]}, which is excluded"
            said = f"its {code} {' and '.join(found)} is excluded" if has else absent
            return Refusal(said, {"is": shown, "excluded": found})
        if taken and not small & taken:
            said = f"its {code} is {shown}, not" if has else f"{ABSENT[code]}, and not"
            compared = {"is": shown, "wanted": list(wanted.known)}
            return Refusal(f"{said} {listed(wanted.known)}", compared)
        return None

    return refusal


def _genre(wanted: Words, excluded: Words) -> Callable[..., Refusal | None]:
    """For genres, of which a show has any number; words that are types are held against that."""
    taken, refused = _small(wanted.known), _small(excluded.known)
    taken_types, refused_types = _small(wanted.as_types), _small(excluded.as_types)
    words = (*wanted.known, *wanted.as_types)

    def refusal(genres: tuple[str, ...], type_: str | None) -> Refusal | None:
        small, small_type = {one.casefold() for one in genres} or {NONE}, (type_ or "").casefold()
        if small_type in refused_types:
            return Refusal(f"its type {type_} is excluded", {"is": type_, "excluded": [type_]})
        if small & refused:
            found = [one for one in genres if one.casefold() in refused]
            one = f"its genre {' and '.join(found)}" if found else "a show without a genre"
            return Refusal(f"{one} is excluded", {"is": list(genres), "excluded": found or [NONE]})
        if words and not small & taken and small_type not in taken_types:
            has = f"its genres are {', '.join(genres)}, not" if genres[1:] else ""
            has = has or (
                f"its genre is {genres[0]}, not" if genres else "it has no genre, and not"
            )
            compared = {"is": list(genres), "wanted": list(words)}
            return Refusal(f"{has} {listed(words)}", compared)
        return None

    return refusal


def _ended(asked: Asked) -> Callable[..., Refusal | None]:
    """What goes on is held to end after every day."""
    after, before = asked.ended

    def refusal(status: str | None, ended_on: date | None) -> Refusal | None:
        has_ended = status == ENDED or ended_on is not None
        if has_ended and asked.exclude_ended:
            when = f" on {ended_on}" if ended_on else ""
            return Refusal(f"it has ended{when}", {"is": status, "exclude_ended": True})
        if not has_ended:
            if before is None:
                return None
            return Refusal("it has not ended", {"is": status, "before": str(before)})
        unknown = "it has ended, but the day is not known"
        return _between(
            "it ended", ended_on, after, before, "" if asked.unknown_passes else unknown
        )

    return refusal


def _premiered(asked: Asked) -> Callable[..., Refusal | None]:
    after, before = asked.premiered
    unknown = "" if asked.unknown_passes else "it has not premiered, or the day is not known"

    def refusal(premiered_on: date | None) -> Refusal | None:
        return _between("it premiered", premiered_on, after, before, unknown)

    return refusal


def _between(
    what: str, day: date | None, after: date | None, before: date | None, unknown: str
) -> Refusal | None:
    if day is None:
        if not unknown or (after is None and before is None):
            return None
        return Refusal(unknown, _limits(None, "after", after, "before", before))
    if after is not None and day < after:
        return Refusal(f"{what} on {day}, before {after}", {"is": str(day), "after": str(after)})
    if before is not None and day > before:
        return Refusal(f"{what} on {day}, after {before}", {"is": str(day), "before": str(before)})
    return None


def _within(
    code: str, limits: tuple[float | None, float | None], *, unknown_passes: bool
) -> Callable[..., Refusal | None]:
    least, most = limits
    what, unit = {
        "runtime": ("an episode takes {} min", " min"),
        "rating": ("its rating is {}", ""),
    }[code]
    unknown = {"runtime": "its running time is not known", "rating": "it has no rating"}[code]

    def refusal(value: float | None) -> Refusal | None:
        if value is None:
            if unknown_passes:
                return None
            return Refusal(unknown, _limits(None, "min", least, "max", most))
        said = what.format(f"{value:g}")
        if least is not None and value < least:
            return Refusal(f"{said}, less than {least:g}{unit}", {"is": value, "min": least})
        if most is not None and value > most:
            return Refusal(f"{said}, more than {most:g}{unit}", {"is": value, "max": most})
        return None

    return refusal


def listed(words: Collection[str]) -> str:
    """A few of them, for a sentence: "Drama or Crime", "US, GB, CA, AU or 3 more"."""
    *shown, last = words
    if len(shown) >= MOST_SHOWN + 1:
        shown, last = shown[:MOST_SHOWN], f"{len(words) - MOST_SHOWN} more"
    return f"{', '.join(shown)} or {last}" if shown else last


@lru_cache(4096)
def _small(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def _limits(value: object, *limits: Any) -> dict[str, Any]:
    """Of names and values, those that ask something."""
    pairs = zip(limits[::2], limits[1::2], strict=True)
    plain = {name: str(one) if isinstance(one, date) else one for name, one in pairs}
    return {"is": value} | {name: one for name, one in plain.items() if one is not None}
