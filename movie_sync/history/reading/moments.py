"""When it was, as people and programs write it. Pure.

    2026-01-05T20:15:00Z   2026-01-05 21:15:00+01:00   1767644100 (seconds, or milliseconds)
    2026-01-05 21:15       where the reader lives, or in the zone that is told beside it
    2026-01-05   2026/1/5   5.1.2026   5 Jan 2026   January 5, 2026     the day alone
    unknown, nothing, or a moment of 1970-01-01                         it is not known when

A day whose month cannot be told from its number, as 01/02/2026, is refused: it would be right half
of the time.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from msgspec import Struct

from movie_sync.history.days import noon
from movie_sync.table_cells import LONGEST_SHOWN, NOTHING, Malformed


class When(Struct, frozen=True):
    at: datetime | None
    day: date | None = None  # where it alone was told; `at` is noon of it

    @property
    def day_only(self) -> bool:
        return self.day is not None


UNKNOWN = When(None)
EARLIEST = date(1900, 1, 1)
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_EITHER = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NAMED = re.compile(r"(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4})")
_NAMED_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def when(text: str, zone: tzinfo | None) -> When:
    """Raises Malformed."""
    text = text.strip()
    if text.casefold() in NOTHING or text.casefold() == "unknown":
        return UNKNOWN
    try:
        found = _read(text, zone)
    except (ValueError, OverflowError, OSError):
        found = None
    if found is None or (found.at and found.at.date() < EARLIEST):
        raise Malformed(f'has the date "{text[:LONGEST_SHOWN]}"; write it as 2026-01-31')
    # Those who keep no date of a play write the first of all moments for it.
    return UNKNOWN if found.at and abs(found.at - _FIRST) < timedelta(days=1) else found


def moment(text: str | None) -> datetime | None:
    """Of an interface that tells all its times in UTC, one without a zone too. Raises Malformed."""
    return when(text, UTC).at if text else None


def _read(text: str, zone: tzinfo | None) -> When | None:
    if len(text) >= len("2026-01-05T20") and text[4] == "-":
        return When(_iso(text, zone))
    if _SECONDS.fullmatch(text):
        return When(datetime.fromtimestamp(float(text), UTC))
    if _MILLISECONDS.fullmatch(text):
        return When(datetime.fromtimestamp(int(text) / 1000, UTC))
    day = _day(text)
    return When(noon(day, zone), day) if day else None


def _iso(text: str, zone: tzinfo | None) -> datetime:
    told = datetime.fromisoformat(text.removesuffix(" UTC"))
    if not told.tzinfo:
        told = told.replace(tzinfo=UTC if text.endswith(" UTC") else zone)
    return told.astimezone(UTC)


@lru_cache(1024)
def _day(text: str) -> date | None:
    """Raises ValueError for a day that there is not, or that may be either of two."""
    if found := _DAY.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _NAMED.fullmatch(text):
        return date(int(found[3]), _month(found[2]), int(found[1]))
    if found := _NAMED_FIRST.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    if found := _EITHER.fullmatch(text):
        return _month_and_day(int(found[1]), int(found[2]), int(found[3]))
    return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].casefold()) + 1


def _month_and_day(one: int, other: int, year: int) -> date:
    if one <= 12 and other <= 12 and one != other:
        raise ValueError("either of two days")
    return date(year, min(one, other), max(one, other)) if one != other else date(year, one, one)
