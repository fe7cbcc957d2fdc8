"""Are these two the same film, by title and year?

Titles are compared by a key and never by likeness: every measure of likeness takes a sequel or
a namesake for the film now and then. The one thing to know: the year decides as much as the
title, for near one film in five shares its title with another.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from movie_sync.models import Film

T = TypeVar("T")

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ORDINAL_FIGURES = "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th"
_SAME = (
    {word: str(number) for number, word in enumerate(_ROMAN.split(), 1)}
    | {word: str(number) for number, word in enumerate(_NUMBERS.split(), 1)}
    | dict(zip(_ORDINALS.split(), _ORDINAL_FIGURES.split(), strict=True))
    | {"volume": "vol", "pt": "part", "versus": "vs"}
)
_ARTICLES = {"the", "a", "an"}
_MOVED = re.compile(
    r"^(.+), (the|an?|der|die|das|l[aei]s?|los|el|il|lo|gli|une?|den?|det|het|ein|eine)$"
)
_SPELT_OUT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
    | {"½": " 1 2", "⅓": " 1 3", "¼": " 1 4"}
    | dict.fromkeys("'’‘`ʼ´", None)  # noqa: RUF001
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_ACCENTS = re.compile("[\u0300-\u036f]")  # marks of other scripts change the letter
_PLUS = re.compile(r"&|(?<=\s)\+(?=\s)")
_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=16_384)
def key(title: str) -> str:
    """What is left of a title when writing it differently makes no difference.

    Case, accents, punctuation, a leading article and the way of writing a number are gone;
    "Part", "Vol." and "Chapter" stay. A title of signs alone is its own key.
    """
    return _key(title.casefold()) or " ".join(title.split()) or title


def _key(folded: str) -> str:
    moved = _MOVED.match(folded)
    if moved:
        folded = f"{moved[2]} {moved[1]}"
    words = _joined_initials(_words(folded))
    if len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    if len(words) > 1 and words[-1] == "the":  # "Usual Suspects The", where the comma was lost
        del words[-1]
    return "".join(
        # A single letter in front is no numeral: I, Robot; V for Vendetta.
        word if at == 0 and len(word) == 1 else _SAME.get(word, word)
        for at, word in enumerate(words)
    )


def _words(folded: str) -> list[str]:
    text = _PLUS.sub(" and ", folded.translate(_SPELT_OUT))
    if text.isascii():
        return _WORDS.findall(text)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFKC", plain)
    # Vowel signs of Indian and Thai scripts are marks, and part of the word.
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return "".join(kept).split()


def _joined_initials(words: list[str]) -> list[str]:
    """Letters standing one by one are initials: E.T. is ET, and its letters are no numerals."""
    joined: list[str] = []
    letters = 0
    for word in words:
        single = len(word) == 1 and word.isalpha() and word.isascii()
        letters = letters + 1 if single else 0
        if letters > 1:
            joined[-1] += word
        else:
            joined.append(word)
    return joined


@lru_cache(maxsize=16_384)
def keys(title: str) -> tuple[str, ...]:
    """The key, and a second one where an umlaut may be spelt out: Maedchen for Mädchen."""
    spelt_out = title.casefold().translate(_UMLAUTS)
    return tuple(dict.fromkeys((key(title), key(spelt_out))))


def other_title(film: Film, titles: Sequence[str]) -> str | None:
    """In words, that none of the titles is one of the film's."""
    known = {known for title in film.titles for known in keys(title)}
    if any(not known.isdisjoint(keys(title)) for title in titles):
        return None
    return f'is called "{titles[0]}", wanted "{film.title}"'


def other_year(film: Film, year: int | None) -> str | None:
    """In words, that the year is another one, or that it cannot be known to be the same.

    Festival and cinema years differ by one often enough to let it pass. No year at all is not
    let pass: a remake has the same title.
    """
    if film.year is None:
        return f'the year of "{film.title}" is not known here, so that a remake may be meant'
    if year is None:
        return f"does not say its year, wanted {film.year}"
    return f"is from {year}, wanted {film.year}" if abs(year - film.year) > 1 else None


class TitleIndex(Generic[T]):
    """Finds what was entered under a title and year, as fast for 10,000 entries as for ten."""

    def __init__(self, entries: Iterable[tuple[Sequence[str], int | None, T]] = ()) -> None:
        self._by_key: dict[str, dict[int, list[T]]] = {}
        for titles, year, value in entries:
            if year is not None:
                self._add(titles, year, value)

    def _add(self, titles: Sequence[str], year: int, value: T) -> None:
        for known in {known for title in titles for known in keys(title)}:
            self._by_key.setdefault(known, {}).setdefault(year, []).append(value)

    def find(self, titles: Sequence[str], year: int | None) -> T | None:
        """The one entry with any of these titles, tried best first, and this year.

        An entry a year off answers only where none has the very year. Two answers are none,
        and without a year, here or in the entry, nothing is ever found.
        """
        if year is None:
            return None
        for years in ((year,), (year - 1, year + 1)):
            for title in titles:
                found = self._entries(title, years)
                if found:
                    return found[0] if all(value == found[0] for value in found) else None
        return None

    def _entries(self, title: str, years: Iterable[int]) -> list[T]:
        by_year = [self._by_key.get(known, {}) for known in keys(title)]
        return [value for found in by_year for year in years for value in found.get(year, ())]
