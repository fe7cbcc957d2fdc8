"""Words and /regular expressions/ that a person sets, looked for in release names. Pure.

A word is found whole and in any case, and a blank in it stands for any separator or none: "web dl"
is in "Film.1999.1080p.WEB-DL". Regular expressions search anywhere in the name, in any case too.
"""

import re
from functools import lru_cache
from itertools import zip_longest

from msgspec import Struct

from movie_sync.errors import ConfigError
from movie_sync.releases import LONGEST_NAME

_SEPARATORS = re.compile(r"[\s._-]+")
_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|.", re.DOTALL)
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")


class Word(Struct, frozen=True):
    """What a person set, and how it is found."""

    text: str
    pattern: re.Pattern[str]

    def is_in(self, name: str) -> bool:
        """Only the first letters of an endless name are looked at."""
        return self.pattern.search(name[:LONGEST_NAME]) is not None


@lru_cache(maxsize=1024)
def read(text: str, setting: str) -> Word:
    """One entry of a setting; `setting` is whom an error names.

    Raises:
        ConfigError: it is empty, no regular expression, or one that may search for ever.
    """
    is_expression = len(text) > 1 and text.startswith("/") and text.endswith("/")
    if is_expression and _repeats_a_repeat(text[1:-1]):
        raise ConfigError(
            f"{setting}: {text} repeats a group that repeats itself, and could search for ever; "
            "write it without"
        )
    pattern = text[1:-1] if is_expression else _as_pattern(text)
    if not pattern:
        raise ConfigError(f'{setting}: "{text}" is in every name; leave it out')
    try:
        return Word(text, re.compile(pattern, re.IGNORECASE))
    except (re.error, OverflowError, RecursionError) as error:
        raise ConfigError(f"{setting}: {text} is no regular expression: {error}") from error


def _as_pattern(word: str) -> str:
    parts = [part for part in _SEPARATORS.split(word) if part]
    if not parts:
        return ""
    # "dd+" ends by itself: in "DD+5.1" too.
    before = r"(?<![^\W_])" if parts[0][0].isalnum() else ""
    behind = r"(?![^\W_])" if parts[-1][-1].isalnum() else ""
    return before + "[ ._-]?".join(map(re.escape, parts)) + behind


def _repeats_a_repeat(pattern: str) -> bool:
    """Whether a group such as (a+)+ is in it, which takes twice as long for each further letter."""
    signs = _SIGN.findall(pattern)
    endless = [False]  # for each group that is open: whether it repeats something
    for sign, following in zip_longest(signs, signs[1:], fillvalue=""):
        if sign == "(":
            endless.append(False)
        elif sign == ")" and len(endless) > 1:
            inner = endless.pop()
            if inner and _ENDLESS.fullmatch(following):
                return True
            endless[-1] |= inner
        elif _ENDLESS.fullmatch(sign):
            endless[-1] = True
    return False
