"""How the tables of words are written that release names are looked up in.

Tables are in order: the first row that matches is the answer. In a pattern "~" stands for an
optional separator, and every pattern matches whole words only. All of them are in small letters,
and so has to be the text: that is three times as fast as to leave the case open.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def small(text: str) -> str:
    """The text in small letters, every letter where it was."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def words(*patterns: str) -> re.Pattern[str]:
    """Any of these words; an underscore stands between words as a dot does."""
    either = "|".join(patterns).replace("~", "[ ._-]?")
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])")


def first(table: Sequence[tuple[T, re.Pattern[str]]], text: str) -> T | None:
    """The answer of the first row whose pattern is found."""
    return next((answer for answer, pattern in table if pattern.search(text)), None)


def every(table: Sequence[tuple[T, re.Pattern[str]]], text: str) -> tuple[T, ...]:
    """The answers of all rows whose pattern is found, in the order of the table."""
    return tuple(answer for answer, pattern in table if pattern.search(text))
