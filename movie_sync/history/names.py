"""Names of works, taken apart for comparing: the very name, a looser one, and its sounds. Pure.

The one thing to know: a name in which no letter or figure is left is None, and is like nothing;
and no name is ever like another because it begins like it.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from movie_sync.history.han import simplified
from movie_sync.title_keys import words_of

SHORTEST_SOUND = 7  # letters; shorter names sound alike too often
SHORT_LATIN, SHORT_NATIVE, SHORT_HAN = 10, 4, 3  # letters that many works may be called by


class Script(StrEnum):
    """Of the first letter that is not a Latin one."""

    LATIN = "latin"
    HANGUL = "hangul"
    KANA = "kana"  # with or without Chinese characters
    HAN = "han"
    THAI = "thai"
    OTHER = "other"


class Name(Struct, frozen=True):
    text: str
    script: Script
    exact: str  # letters and figures alone, in small letters; Chinese ones simplified
    words: tuple[str, ...]

    @property
    def native(self) -> bool:
        return self.script is not Script.LATIN

    @property
    def short(self) -> bool:
        """Whether many a work may be called so. Only Latin names have words to count."""
        if self.native:
            return len(self.exact) <= (SHORT_HAN if self.script is Script.HAN else SHORT_NATIVE)
        return len(self.exact) <= SHORT_LATIN or len(self.words) == 1


_RANGES = (
    ("\u1100", "\u11ff", Script.HANGUL), ("\u3130", "\u318f", Script.HANGUL),
    ("\uac00", "\ud7af", Script.HANGUL), ("\u3041", "\u30ff", Script.KANA),
    ("\u4e00", "\u9fff", Script.HAN), ("\u3400", "\u4dbf", Script.HAN),
    ("\u0e01", "\u0e7f", Script.THAI),
)  # fmt: skip
_FIRST_LANGUAGE = {"ko": {Script.HANGUL}, "ja": {Script.KANA, Script.HAN},
                   "zh": {Script.HAN}, "zt": {Script.HAN}, "th": {Script.THAI}}  # fmt: skip
# What says nothing: whether it stands there differs from one who writes to another.
_SMALL = {"the", "a", "an", "and"}
_SAME = {"doctor": "dr", "mister": "mr", "miss": "ms", "versus": "vs", "ii": "2", "iii": "3"}
_LONG = re.compile(r"ou|oo|oh(?![aeiou])")
_TWICE = re.compile(r"(.)\1+")


def name(text: str) -> Name | None:
    words = tuple(words_of(text))
    exact = "".join(words)
    if not exact:
        return None
    if exact.isascii():
        return Name(text, Script.LATIN, exact, words)
    script = _script(exact)
    if script in (Script.HAN, Script.KANA):
        exact = simplified(exact)
    return Name(text, script, exact, words)


def names(texts: Iterable[str | None]) -> tuple[Name, ...]:
    """None twice, and none that is empty."""
    found = (name(text) for text in texts if text)
    return tuple({one.exact: one for one in found if one}.values())


def folded(one: Name) -> str:
    """Without articles and "and", and some words in the one way of writing them."""
    kept = [_SAME.get(word, word) for word in one.words if word not in _SMALL]
    return "".join(kept) or one.exact


def sound(one: Name) -> str:
    """Of a name in Latin letters that stands for one in another script: long and double letters
    are short. Empty where it is too short to tell by."""
    if one.native or len(one.exact) < SHORTEST_SOUND:
        return ""
    return _TWICE.sub(r"\1", _LONG.sub("o", one.exact))


def likeness(one: Name, other: Name) -> float:
    """The share of the words of both that both have; 0.0 for names in two scripts."""
    if one.script is not other.script:
        return 0.0
    mine, theirs = set(one.words) - _SMALL, set(other.words) - _SMALL
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def scripts_of(language: str | None) -> set[Script]:
    """Those that a work of this language is called by at home; empty where that is not known."""
    return _FIRST_LANGUAGE.get(language or "", set())


def _script(exact: str) -> Script:
    """Kana among Chinese characters make it Japanese."""
    found = {_script_of(letter) for letter in exact if letter.isalpha()} - {Script.LATIN}
    order = (Script.HANGUL, Script.KANA, Script.HAN, Script.THAI, Script.OTHER)
    return next((script for script in order if script in found), Script.LATIN)


def _script_of(letter: str) -> Script:
    if letter < "\u0250":
        return Script.LATIN
    found = (script for first, last, script in _RANGES if first <= letter <= last)
    return next(found, Script.OTHER)
