"""What is left of a title when writing it differently makes no difference. Pure.

`strict` drops case, accents and signs only. `keys` go on to what people change when they name a
file: Part II is 2, & is "and" or nothing, Mädchen is Maedchen. The one thing to know: `key` is a
film's name in queue files where it has no id, so it may never change; what is new goes into
`_loose`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

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
_MOVABLE = "the|an?|der|die|das|l[aei]s?|los|el|il|lo|gli|une?|den?|det|het|ein|eine"
_MOVED = re.compile(rf"^(.+), ({_MOVABLE})$")
_SPELT_OUT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
    | {"½": " 1 2", "⅓": " 1 3", "¼": " 1 4"}
    | dict.fromkeys("'’‘`ʼ´", None)  # noqa: RUF001
)
_ACCENTS = re.compile("[\u0300-\u036f]")  # marks of other scripts change the letter
_PLUS = re.compile(r"&|(?<=\s)\+(?=\s)")
_WORDS = re.compile(r"[^\W_]+")

# What follows is for the loose keys alone.
_TEENS = "fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: number for number, word in enumerate(f"{_NUMBERS} {_TEENS}".split(), 1)}
_ROUND = {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
_TIMES = {"hundred": 100, "thousand": 1000}
_LARGEST = 1_000_000  # a title that counts on is no number
_VALUES = _ONES | _ROUND
_SPELT = {number: word for word, number in _VALUES.items()}
_LATER_ORDINALS = "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth"
_LOOSELY_SAME = (
    _SAME
    | {word: f"{number}th" for number, word in enumerate(_LATER_ORDINALS.split(), 11)}
    | {"doctor": "dr", "mister": "mr", "saint": "st", "junior": "jr", "sergeant": "sgt"}
    | {"centre": "center", "colour": "color", "gray": "grey", "theatre": "theater"}
)
_AND = {"and", "et", "und", "och", "og", "n"}
_PARTS = {"part", "pt", "vol", "volume", "chapter", "episode", "teil", "parte", "partie"}
_NUMBERED = re.compile(rf"({'|'.join(_PARTS)})(\d+)")
_FIGURE_INSIDE = re.compile(r"([a-z]+)(\d{1,2})([a-z]+)")
_LETTERED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "π": "pi"})
_MARKS = str.maketrans(dict.fromkeys("™®©"))  # as text they would be words
_MASK = re.compile(r"(?<=[a-z])(?:[013457$@!]|\+(?=[a-z]{2}))+(?=[a-z])")  # M3GAN, Romeo+Juliet
_UNMASKED = str.maketrans({**dict(zip("013457$@!", "oieastsai", strict=True)), "+": " and "})
# "Usual Suspects The", "Boot Das": the comma was lost. "Plan A" has no article.
_MOVED_BARE = re.compile(rf"(?!a$)(?:{_MOVABLE})")
# "Dr. Strangelove or: How I ...", "Birdman or (The ...)": known by the first of the two.
_TWO_TITLES = re.compile(r"(.{3,}?)[,;]? or(?:[:,]| \(.*\)$)")


@lru_cache(maxsize=2048)
def key(title: str) -> str:
    """The name that a film without an id is kept under.

    Case, accents, punctuation, a leading article and the way of writing a number are gone;
    "Part", "Vol." and "Chapter" stay. A title of signs alone is its own key.
    """
    return _key(title.casefold()) or _signs(title)


@lru_cache(maxsize=2048)
def strict(title: str) -> str:
    """Letters and figures alone, every word and number as it is written."""
    return "".join(words_of(title)) or _signs(title)


def words_of(title: str) -> list[str]:
    """Its words in lower case, without accents and signs."""
    return _words(title.casefold())


@lru_cache(maxsize=2048)
def keys(title: str) -> tuple[str, ...]:
    """All that the title may be found by: `key` first, `strict` among them, none twice.

    Two titles are alike where any of their keys is the same.
    """
    return tuple(dict.fromkeys((key(title), strict(title), *_variants(title.casefold()))))


def _variants(folded: str) -> Iterator[str]:
    """Its loose keys: one, and one for each other way to write it that this cannot stand for."""
    words = _words(folded)
    texts = [folded]
    if not folded.isascii():
        composed = unicodedata.normalize("NFC", folded)  # macOS writes an umlaut as two signs
        texts += [composed.translate(_LETTERED), composed.translate(_MARKS)]
    if _MASK.search(folded):
        texts.append(_MASK.sub(lambda mask: mask[0].translate(_UNMASKED), folded))
    if titled := _TWO_TITLES.match(folded):
        texts.append(titled[1])
    if len(words) > 1 and _MOVED_BARE.fullmatch(words[-1]):
        texts.append(" ".join([words[-1], *words[:-1]]))
    if "v" in words[1:-1]:  # a numeral, unless it stands between two names
        texts.append(" ".join("vs" if word == "v" else word for word in words))
    return filter(None, (_loose(_words(text)) for text in texts))


def _signs(title: str) -> str:
    return " ".join(title.split()) or title


def _key(folded: str) -> str:
    moved = _MOVED.match(folded)
    if moved:
        folded = f"{moved[2]} {moved[1]}"
    words = _joined_initials(_words(folded))
    if len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    if len(words) > 1 and words[-1] == "the":  # "Usual Suspects The", where the comma was lost
        del words[-1]
    return "".join(_figures(words, _SAME))


def _loose(words: Sequence[str]) -> str:
    """Beside what `key` drops: any "the", "and", "3D", and "Part" or the like before its number."""
    words = [part for word in _joined_initials(words) for part in _apart(word)]
    if len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    if len(words) > 1 and words[-1] == "3d":  # names say it behind the year, where others do
        del words[-1]
    words = [word for word in words if word != "the"] or words
    figures = _figures(_counted(words), _LOOSELY_SAME)
    return "".join(word for at, word in enumerate(figures) if not _may_be_missing(figures, at))


def _may_be_missing(words: Sequence[str], at: int) -> bool:
    if not 0 < at < len(words) - 1:
        return False
    before, word, after = words[at - 1 : at + 2]
    if before[-1].isdigit() and after[0].isdigit():  # "300 Part 2" is not 3002
        return False
    return word in _AND or (word in _PARTS and after.isdigit())


def _figures(words: Sequence[str], same: dict[str, str]) -> list[str]:
    """One way of writing for each word. A single letter in front is no numeral: V for Vendetta."""
    return [
        word if at == 0 and len(word) == 1 else same.get(word, word)
        for at, word in enumerate(words)
    ]


def _apart(word: str) -> tuple[str, ...]:
    """ "vol2" is two words, and a number word that holds its own figure is that word: Se7en."""
    if word.isalpha() or word.isdigit():
        return (word,)
    if numbered := _NUMBERED.fullmatch(word):
        return numbered[1], numbered[2]
    inside = _FIGURE_INSIDE.fullmatch(word)
    meant = _SPELT.get(int(inside[2]), "") if inside else ""
    if inside and meant.startswith(inside[1]) and meant.endswith(inside[3]):
        return (meant,)
    return (word,)


def _counted(words: Sequence[str]) -> list[str]:
    """Number words in figures: "thirty nine" is 39, "one hundred and one" 101."""
    counted: list[str] = []
    number = 0  # being read
    for at, word in enumerate(words):
        if number < _LARGEST and word in _TIMES:
            number = (number or 1) * _TIMES[word]
        elif word in _VALUES:
            if number and not _goes_on(number, _VALUES[word]):
                counted.append(str(number))
                number = 0
            number += _VALUES[word]
        elif not (word == "and" and number and number % 100 == 0 and _is_number(words, at + 1)):
            counted += [str(number), word] if number else [word]
            number = 0
    return [*counted, str(number)] if number else counted


def _goes_on(number: int, value: int) -> bool:
    """Whether a number goes on with this one: twenty, one; but not nineteen, eighty-four."""
    tens, ones = divmod(number % 100, 10)
    return tens == ones == 0 or (tens >= 2 and ones == 0 and value < 10)


def _is_number(words: Sequence[str], at: int) -> bool:
    return at < len(words) and words[at] in _VALUES


def _words(folded: str) -> list[str]:
    text = _PLUS.sub(" and ", folded.translate(_SPELT_OUT))
    if text.isascii():
        return _WORDS.findall(text)
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFKC", plain)
    # Vowel signs of Indian and Thai scripts are marks, and part of the word.
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return "".join(kept).split()


def _joined_initials(words: Sequence[str]) -> list[str]:
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
