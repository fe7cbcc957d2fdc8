"""Which language a subtitle is in, by its name, as players read it back. Pure."""

import re
from pathlib import PurePath

ENDINGS = frozenset({".srt", ".ass", ".ssa", ".sub", ".idx", ".vtt", ".sup"})

# What players call a language, and what people and disc rippers do.
_LANGUAGES = (
    "albanian=sq arabic=ar basque=eu bosnian=bs brazilian=pt-BR bulgarian=bg catalan=ca"
    " chinese=zh croatian=hr czech=cs danish=da dutch=nl english=en estonian=et finnish=fi"
    " french=fr galician=gl german=de greek=el hebrew=he hindi=hi hungarian=hu icelandic=is"
    " indonesian=id italian=it japanese=ja korean=ko latvian=lv lithuanian=lt macedonian=mk"
    " malay=ms norwegian=no persian=fa polish=pl portuguese=pt romanian=ro russian=ru"
    " serbian=sr slovak=sk slovenian=sl spanish=es swedish=sv tamil=ta telugu=te thai=th"
    " turkish=tr ukrainian=uk vietnamese=vi"
)
_THREE_LETTERS = (
    "alb ara baq bos bul cat chi zho cze ces dan dut nld eng est fin fre fra glg ger deu gre"
    " ell heb hin hun ice isl ind ita jpn kor lav lit mac may nor per fas pol por rum ron rus"
    " srp slo slk slv spa swe tam tel tha tur ukr vie"
)
_NAMES = dict(pair.split("=") for pair in _LANGUAGES.split())
_CODES = frozenset([*_NAMES.values(), *_THREE_LETTERS.split(), "nb", "nn", "se"])
_FLAGS = frozenset({"forced", "foreign", "sdh", "cc", "hi", "default"})
_REGION = r"[A-Za-z]{2,3}-(?:[A-Z]{2}|[A-Z][a-z]{3}|419)(?![A-Za-z0-9])"
_WORD = re.compile(rf"{_REGION}|[^\s._,()\[\]+-]+")


def is_subtitle(path: PurePath) -> bool:
    return path.suffix.lower() in ENDINGS


def suffix(name: str, film: str) -> str:
    """ ".en.forced" of "Film.2019.English.Forced", given the name of the film's own file.

    "" where the name tells no language. Both are names without their ending.
    """
    beside = name.lower().startswith(film.lower())
    words = _WORD.findall(name[len(film) :] if beside else name)
    told: list[str] = []
    while words and (word := _reading(words.pop(), beside)):
        told.insert(0, word)
    return "".join(f".{word}" for word in told)


def _reading(word: str, beside: bool) -> str | None:
    """A word as a language or flag. After the film's own name, any short word is a language."""
    low = word.lower()
    if low in _NAMES:
        return _NAMES[low]
    if re.fullmatch(_REGION, word):
        return word
    code = low in _CODES or low in _FLAGS or (beside and re.fullmatch("[a-z]{2,3}", low))
    return low if code else None
