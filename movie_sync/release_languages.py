"""Which languages a release is in, by its name. Pure.

Languages here are those that are spoken. Subtitles are told apart by where their word stands:
in "ITA ENG SUB ITA" two languages are spoken, in "Ger.Eng.Sub" none is named.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from movie_sync.languages import ORIGINAL, SPOKEN_IN, WORDS, fold
from movie_sync.release_language_words import (
    BURNT,
    CAPITALS,
    DUBS,
    GLUED,
    SEVERAL,
    SUBTITLES,
    VOICES,
    each,
    is_sure,
    known,
)
from movie_sync.release_vocabulary import is_technical

# "Netflix Original" and "Original Cut" say nothing of a language.
_SELLERS = each("netflix amazon hulu apple disney prime max paramount")
_WORKS = each("cut edit edition version theatrical uncut aspect score soundtrack")
# Two words for one language: "Español Latino", "pt-BR", "Brazilian Portuguese".
_PAIRS = (
    ("Spanish (Latino)", each("spanish espanol spa esp es"), each("latino lat latin latam")),
    ("Portuguese (BR)", each("portuguese portugues por pt"), each("br brazil brasil brazilian")),
)

# Chinese and Japanese have no space between words. Who subtitles in Chinese keeps the voices.
_UNSPACED = (
    (re.compile("[国國]语|國語|普通[话話]|[粤粵][语語]|中文|[国國]配|国粤"), ("Chinese",)),
    (re.compile("[简簡繁]|字幕|中字|[双雙]字"), ("Chinese", ORIGINAL)),
    (re.compile("日[语語]|日本語"), ("Japanese",)),
    (re.compile("英[语語]"), ("English",)),
    (re.compile("[国國]英"), ("Chinese", "English")),
    (re.compile("[韩韓][语語]|한국어"), ("Korean",)),
)
_CHINESE_SUBTITLES = re.compile(r"[\[( _](?:ch[st]|big5|gb(?=[\]_]))(?![^\W_])", re.IGNORECASE)

_WORD = re.compile(r"([^\W_]+)")
_ONE_WORD = re.compile(r"\w{0,8}u?hd|(?:ac3|e?aac|e?dts|dvd)\w*")  # technical as well
# Between a language and the first technical word may stand such ones.
_BESIDE = VOICES | SUBTITLES | SEVERAL | each(
    "dl ml md ld ws fs internal proper repack rerip real complete uncut unrated extended limited",
    "remastered restored directors cut hq line anime doku docu",
)  # fmt: skip
_EPISODE = re.compile(r"s\d{1,4}(?:e\d{1,5})*|\d{1,2}x\d{1,3}|e\d{2,4}")
_JOINS = ("-", "/", "+", "&")
_SOUND = re.compile(r"e?ac3|aac\d?|ddp?\d?|dts|truehd|flac|mp3|opus")


class Spoken(Struct, frozen=True, kw_only=True):
    """What a name says of languages; nothing said is no claim."""

    languages: tuple[str, ...] = ()  # English names: "German", "Portuguese (BR)", "Original"
    multi: bool = False  # several, the film's own among them
    dubbed: bool = False
    hardcoded_subtitles: bool = False  # burnt into the picture


class _Tags(Struct, frozen=True):
    words: list[str]
    folded: list[str]
    gaps: list[str]  # what stands before each word, and behind the last
    titled: bool  # the title of an episode may be among them


def read(tags: str, group: str | None = None, *, titled: bool = True) -> Spoken:
    """`tags` is what stands behind title and year, or behind the number of an episode; the group
    may stand there too: its name is no tag, but may tell what it does.

    Args:
        titled: the title of an episode may be among the tags, too.
    """
    parts = _WORD.split(_without(group, tags) if group else tags)
    words, gaps = parts[1::2], parts[::2]
    folded = [fold(word) for word in words]
    said = _languages(_Tags(words, folded, gaps, titled))
    said = _without_title(said, words, folded) if titled else said
    subtitled = _subtitled(said, folded, gaps)
    spoken = [name for i, name in said.items() if i not in subtitled]
    spoken += _without_spaces(tags, group or "")
    multi = _is_multi(folded)
    return Spoken(
        languages=_with_original(tuple(dict.fromkeys(spoken)), folded, multi=multi),
        multi=multi or ("ml" in folded and "German" in spoken),
        dubbed=_is_dubbed(folded, german="German" in spoken),
        hardcoded_subtitles=_is_burnt(folded, said),
    )


def _without(group: str, tags: str) -> str:
    begin = tags.rfind(group)
    end = begin + len(group)
    if begin < 0 or tags[:begin][-1:].isalnum() or tags[end : end + 1].isalnum():
        return tags
    return tags[:begin] + tags[end:]


def _without_spaces(tags: str, group: str) -> Iterator[str]:
    """Also by the group: one that is called "字幕组" makes subtitles in Chinese."""
    if _CHINESE_SUBTITLES.search(tags):
        yield from ("Chinese", ORIGINAL)
    text = tags + group
    if not text.isascii():
        for mark, names in _UNSPACED:
            if mark.search(text):
                yield from names


def _with_original(named: tuple[str, ...], folded: list[str], *, multi: bool) -> tuple[str, ...]:
    """By custom the film's own is one of several, where not all are named; "ML" adds English."""
    if named == ("German",) and "ml" in folded:
        return ("German", "English", ORIGINAL)
    if multi and len(named) < 2 and ORIGINAL not in named:
        return (*named, ORIGINAL)
    return named


def _languages(tags: _Tags) -> dict[int, str]:
    """The language that each word names, by its place; of those that need it, in company."""
    words, folded = tags.words, tags.folded
    perhaps = {i: ranked for i, word in enumerate(folded) if (ranked := known(word))}
    said = {i: name for i, (name, rank) in perhaps.items() if is_sure(words[i], rank)}
    for places in (list(perhaps), list(reversed(perhaps))):
        for i in places:
            if i not in said and _in_company(i, tags, said):
                said[i] = perhaps[i][0]
    for i in [i for i in said if not _meant(i, folded)]:
        del said[i]
    for i, word in enumerate(folded):
        if word in SPOKEN_IN and VOICES.intersection(folded[max(i - 1, 0) : i + 2]):
            said[i] = SPOKEN_IN[word]
    _join_pairs(said, folded)
    return {i: said[i] for i in sorted(said)}


def _in_company(i: int, tags: _Tags, said: dict[int, str]) -> bool:
    word = tags.words[i]
    before, behind = tags.folded[max(i - 1, 0) : i], tags.folded[i + 1 : i + 2]
    if len(word) == 2 and not word.isupper():  # "Fr-Eng" and "Bg Audio", but not "En.Ita"
        joined = tags.gaps[i + 1] in _JOINS and i + 1 in said
        voiced = tags.folded[i] in CAPITALS and not VOICES.isdisjoint(behind)
        return joined or voiced or (tags.gaps[i] in _JOINS and i - 1 in said)
    if i - 1 in said or i + 1 in said or VOICES.intersection(before + behind):
        return True
    if len(word) == 2 or not behind:
        return False
    alone = not tags.titled and word.istitle() and is_technical(behind[0])
    return alone or _SOUND.fullmatch(behind[0]) is not None


def _meant(i: int, folded: list[str]) -> bool:
    """Not so the ES of "DTS-ES", the ML of a list, the Original of "Original Cut"."""
    before = folded[i - 1] if i else ""
    behind = folded[i + 1] if i + 1 < len(folded) else ""
    if folded[i] == "original":
        return before not in _SELLERS and behind not in _WORKS
    return folded[i] != "ml" and not (folded[i] == "es" and before == "dts")


def _join_pairs(said: dict[int, str], folded: list[str]) -> None:
    for name, wide, narrow in _PAIRS:
        for i in range(len(folded) - 1):
            one, other = folded[i : i + 2]
            if (one in wide and other in narrow) or (one in narrow and other in wide):
                said[i] = name
                said.pop(i + 1, None)


def _without_title(said: dict[int, str], words: list[str], folded: list[str]) -> dict[int, str]:
    """Before the first technical word only what stands last is no word of a title.

    What stands first is none either, right behind the number of an episode only if shouted.
    """
    marks = (i for i, word in enumerate(folded) if is_technical(word) or _ONE_WORD.fullmatch(word))
    end = next(marks, len(folded))

    def belongs(i: int) -> bool:
        return i in said or folded[i] in _BESIDE or folded[i].isdigit()

    first, last = 0, end
    if end and _EPISODE.fullmatch(folded[0]):
        first = 1
        while first < end and first in said and words[first].isupper() and len(words[first]) > 3:
            first += 1
    else:
        while first < end and belongs(first):
            first += 1
    while last > first and belongs(last - 1):
        last -= 1
    return {i: name for i, name in said.items() if not first <= i < last}


def _subtitled(said: dict[int, str], folded: list[str], gaps: list[str]) -> set[int]:
    """Which of them are of subtitles: those behind the word, or else those right before it."""
    found: set[int] = set()
    for at, word in enumerate(folded):
        if word in SUBTITLES:
            found.update(list(_run(at, 1, said, gaps)) or list(_before(at, said, folded, gaps)))
    return found


def _run(at: int, step: int, said: dict[int, str], gaps: list[str]) -> Iterator[int]:
    """The languages beside a word, up to a bracket; one that opens may stand behind the word."""
    i = at + step
    while i in said:
        gap = gaps[i] if step > 0 else gaps[i + 1]
        if set(gap) & set(")]|" if i == at + 1 else "()[]|"):
            return
        yield i
        i += step


def _before(at: int, said: dict[int, str], folded: list[str], gaps: list[str]) -> Iterator[int]:
    """One name ("Catala.Spanish.Subs" is spoken in Catalan), or as many codes as there are."""
    if gaps[at].strip(" ._-"):
        return
    for i in _run(at, -1, said, gaps):
        if i < at - 1 and len(folded[i]) > 3:
            return
        yield i
        if len(folded[i]) > 3:
            return


def _is_multi(folded: list[str]) -> bool:
    """By "MULTi", "Dual" and "DL", but not by "Multi Subs" and "WEB-DL"."""
    return any(
        (word == "dl" and (not i or folded[i - 1] != "web"))
        or (word in SEVERAL and not SUBTITLES.intersection(folded[i + 1 : i + 2]))
        for i, word in enumerate(folded)
    )


def _is_dubbed(folded: list[str], *, german: bool) -> bool:
    """German releases have "LD" and "MD" too: dubbed by line or by microphone in a cinema."""
    return any(
        word in DUBS
        or (word.endswith(("dub", "dubbed")) and len(word) < 16)
        or (german and word in ("ld", "md", "ac3ld", "ac3md"))
        for word in folded
    )


def _is_burnt(folded: list[str], said: dict[int, str]) -> bool:
    """Also by KORSUB and its like, and by SUBBED, unless that stands behind its language."""
    for i, word in enumerate(folded):
        if word in BURNT or (word == "subbed" and i - 1 not in said):
            return True
        glued = GLUED.fullmatch(word) if word.endswith(("sub", "subs")) else None
        if glued and glued[2] and len(glued[1]) == 3 and glued[1] != "eng" and glued[1] in WORDS:
            return True
    return False
