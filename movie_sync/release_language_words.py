"""Which words of release names are languages, and which say how a language is there. Pure.

A code of two or three letters may be a word or a tag as well: how sure a word is to be a
language is its rank.
"""

import re

from movie_sync.languages import WORDS, fold


def each(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split())


# Codes that are words or names too. They count in capitals, or beside a language or its sound.
_ORDINARY = each(
    "arm bel ben cat chi dan est fil fin ice kan kat lit mac mal mar may mon nor pan per pol por",
    "ron rum tam vie vls",
)
# Of two letters, these count in capitals wherever they stand, the rest only beside another
# language: "NO", "HI" and "IS" are words, "HR", "SE" and "MA" other tags.
CAPITALS = each("bg cn cs de en es fr gr hu it ka lt nl ov pt ro ru tr vo")
_NO_WORD = each("cz jp kr lv pl sk ua vf")  # and these in any case
# The codes that are so usual that nobody calls himself by them.
_USUAL = _NO_WORD | each(
    "de en es fr hu it pt ru eng ger deu fra fre ita spa esp jap jpn rus ukr pol kor hun cze tur",
    "por dut nld swe dan fin nor hin",
)

DUBS = each(
    "dub dubs dubbed dublado doblado doublage dubbing dublaj dublat dabing szinkron synchro",
    "gesproken",
)
VOICES = DUBS | each("audio aud lek lektor mvo dvo avo")
BURNT = each("hc hardsub hardsubs hardsubbed hardcoded hcsub hcsubs")
SUBTITLES = BURNT - each("hc hardcoded") | each(
    "sub subs subbed subtitle subtitles subtitled softsub softsubs untertitel subtitulos",
    "subpack subpacks subtitulado subtitulada legenda legendas legendado napisy titulky",
    "sottotitoli felirat feliratos altyazili altyazi",
)
SEVERAL = each("multi multi2 multi3 multi4 multi5 multilang multilingual dual")

_COUNTED = re.compile(r"\dx(?=\D)")  # "2xUkr": two voice-overs
GLUED = re.compile(r"(\D{2,9}?)(?:dub(?:s|bed)?|audio|(sub(?:s|bed)?))")


def _rank(word: str) -> int:
    """2: a language wherever it stands; 1: in capitals; 0: only beside another one."""
    if len(word) == 2:
        return 2 if word in _NO_WORD else int(word in CAPITALS)
    return 1 if word in _ORDINARY else 2


_RANKED = {word: (name, _rank(word)) for word, name in WORDS.items()}
_BEFORE_GLUED = _RANKED.keys() | {"fan"}


def is_language(word: str) -> bool:
    """Is this word sure to be a language where it ends a name: "English", "ITA", "Fra"?"""
    ranked = _RANKED.get(fold(word)) if word else None
    return ranked is not None and is_sure(word, ranked[1])


def is_code(word: str) -> bool:
    """Is this short word a language, and too usual a code to be anybody's name?"""
    return fold(word) in _USUAL and is_language(word)


def is_voice(word: str) -> bool:
    """Does this word say how a language is there: "Dublado", "Subs", "HebDubbed"?"""
    folded = fold(word) if word else ""
    if folded in VOICES or folded in SUBTITLES:
        return True
    glued = GLUED.fullmatch(folded)
    return glued is not None and glued[1] in _BEFORE_GLUED


def known(word: str) -> tuple[str, int] | None:
    """Its language and rank, also where it says how often or how: "2xUkr", "HebDubbed"."""
    ranked = _RANKED.get(word)
    if ranked or len(word) < 4:
        return ranked
    if word[0].isdigit():
        return _RANKED.get(_COUNTED.sub("", word, count=1))
    glued = GLUED.fullmatch(word)
    ranked = _RANKED.get(glued[1]) if glued and not glued[2] else None
    return (ranked[0], 2) if ranked else None


def is_sure(word: str, rank: int) -> bool:
    """Is a word of that rank a language as it is written, wherever it stands?"""
    return rank == 2 or (rank == 1 and word.isupper())
