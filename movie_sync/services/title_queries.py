"""By which titles an indexer is asked for a film: spelt as release names are, the best first.

The one thing to know: a title that a person gave a film is always asked for, for they gave it
because the others did not find it; of the others, one that finds something is enough.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from movie_sync.models import Film

MOST_TITLES = 4  # that are asked for; each one is a call

_SPELT_OUT = str.maketrans(
    {"ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "½": " 1 2"}  # noqa: RUF001
)
_INSIDE_WORDS = re.compile("['\u2019`\u0300-\u036f]")  # apostrophes, and accents split off


def titles(film: Film, *, other_letters: bool) -> tuple[list[str], list[str]]:
    """Titles to ask for in turn until one finds something, and those to ask for in any case.

    Args:
        other_letters: ask for titles in other than Latin letters too.
    """
    spell = _in_its_letters if other_letters else latin
    known = (film.title, film.original_title or "", *film.alternative_titles)
    given = _spelt(film.also_called, spell)
    others = _spelt(known, spell)
    usual = [others[same] for same in others if same not in given]
    always = list(given.values())[: MOST_TITLES - bool(usual)]
    return usual[: MOST_TITLES - len(always)], always


def with_year(title: str, film: Film) -> str:
    """Without the year "It" would fill the answer with other films."""
    return f"{title} {film.year}" if film.year else title


def latin(title: str) -> str:
    """A title as release names spell it: "Schindlers List", "Amelie"; empty if it has no Latin."""
    plain = _plain(title)
    spelt = " ".join(re.findall("[A-Za-z0-9]+", plain))
    # Of a title in other letters a number alone would be left, which is in every name.
    return spelt if re.search("[A-Za-z]", spelt) or not _has_other_letters(plain) else ""


def _spelt(titles: Iterable[str], spell: Callable[[str], str]) -> dict[str, str]:
    """Each once, by what makes no difference; those that nothing is left of are not among them."""
    found: dict[str, str] = {}
    for spelt in map(spell, titles):
        found.setdefault(spelt.casefold(), spelt)
    found.pop("", None)
    return found


def _in_its_letters(title: str) -> str:
    """In Latin as release names are, else as it is without its punctuation."""
    if not _has_other_letters(_plain(title)):
        return latin(title)
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in title)
    return " ".join("".join(kept).split())


def _has_other_letters(plain: str) -> bool:
    return any(char.isalpha() and not char.isascii() for char in plain)


def _plain(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.translate(_SPELT_OUT))
    return _INSIDE_WORDS.sub("", plain)
