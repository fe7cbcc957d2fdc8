"""The day of a daily show, as release names write it. Pure."""

import re
from datetime import date

_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
# The oldest that were kept are of 1951, when American television went from coast to coast.
_YEAR = r"(?P<year>19(?!50)[5-9]\d|20[0-3]\d)"
_TWO = r"[0-3]\d"
_BEFORE = r"(?<=[ ._(-])"
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH_OF = {month[:3]: number for number, month in enumerate(_MONTHS, start=1)}
_SHORTS = (*_MONTH_OF, "sept")
_SHORT = rf"(?P<name>{'|'.join(_SHORTS)})"
_NAME = rf"(?P<name>{'|'.join((*_MONTHS, *_SHORTS))})"
_MONTH_WORDS = frozenset((*_MONTHS, *_SHORTS))

_FIGURES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_START}{_YEAR}(?P<by>[ ._/-])(?P<month>{_TWO})(?P=by)(?P<day>{_TWO}){_END}",
        rf"{_START}(?P<either>{_TWO})(?P<by>[ ._/-])(?P<day>{_TWO})(?P=by){_YEAR}{_END}",
        rf"{_START}{_YEAR}(?P<month>[01]\d)(?P<day>{_TWO}){_END}",
        # Two digits of a year are of this century, and such names are of 2010 at the earliest.
        r"(?<=[ ._-])(?P<year>[1-3]\d)(?P<month>[01]\d)(?P<day>[0-3]\d)[ ._-]"
        r"(?=\d{3,4}[pi]|[ap]?hdtv|web)",
    )
)
# "22 July 2018" is a film and its year: a month that is written out needs a "22nd" with it.
_WORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_BEFORE}(?P<day>\d{{1,2}})(?:st|nd|rd|th)[ ._]{_NAME}[ ._]{_YEAR}{_END}",
        rf"{_BEFORE}(?P<day>\d{{1,2}})[ ._]{_SHORT}[ ._]{_YEAR}{_END}",
        rf"{_BEFORE}{_SHORT}[ ._](?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?[ ._]{_YEAR}{_END}",
        rf"{_BEFORE}{_NAME}[ ._](?P<day>\d{{1,2}})(?:(?:st|nd|rd|th),?|,)[ ._]{_YEAR}{_END}",
        rf"{_START}{_YEAR}[ ._]{_SHORT}[ ._](?P<day>\d{{1,2}}){_END}",
    )
)


def find(name: str, words: frozenset[str]) -> tuple[re.Match[str], date] | None:
    """Where a name says a day, and which; `words` are those of the name, in small letters."""
    patterns = _FIGURES if words.isdisjoint(_MONTH_WORDS) else _FIGURES + _WORDS
    for pattern in patterns:
        for match in pattern.finditer(name):
            day = _day(match.groupdict())
            if day:
                return match, day
    return None


def _day(said: dict[str, str]) -> date | None:
    """None where there is no such day, or where it may be of either of two months: 05-06-2024."""
    year, day = int(said["year"]), int(said["day"])
    year += 2000 if year < 100 else 0
    if "name" in said:
        return _date(year, _MONTH_OF.get(said["name"][:3].casefold(), 0), day)
    if "month" in said:  # a few write it 2012.16.02
        month = int(said["month"])
        return _date(year, month, day) or _date(year, day, month)
    # Americans write the month first, the others the day.
    first = int(said["either"])
    if first != day and first <= 12 and day <= 12:
        return None
    return _date(year, first, day) or _date(year, day, first)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
