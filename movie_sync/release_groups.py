"""Who made a release, by its name. Pure.

Most sign behind a dash at the end; teams of anime stand in brackets in front, and some makers
in a bracket at the end. A dash is in titles and in "WEB-DL" too: it counts behind a tag.
"""

import re
from itertools import islice

from movie_sync.release_language_words import is_code, is_language, is_voice
from movie_sync.release_vocabulary import is_tag, is_technical

# What those add who send a release on; their marks say nothing of who made it. Eight
# hexadecimal digits are a checksum. A site that stands apart may be the maker's, as YTS.MX is.
_REPOSTED = re.compile(
    r"(?:-(?:rakuv\w*|rp|xpost|obfuscat(?:ed|ion)|scrambled|asrequested|alternativetorequested"
    r"|buymore|gerov|whiterev|z0ids3n|chamele0n|4p|4planet|altezachen|postbot|\w*repackpost"
    r"|nzbgeek|pre|1)"
    r"|[-._](?:sample|proof)|\.(?:mkv|mp4|avi)|_int(?:ernal)?|\((?:1|2|copy)\)"
    r"|\[(?:rartv|rarbg|eztv|ettv|tgx|publichd|pack|batch|v\d|[0-9a-f]{8}|www\.[^\[\]]+)\]"
    r"|(?<! )\[(?!yts)[\w.-]+\.[a-z]{2,4}\]"
    r"|[ ._\[](?:(?:pt|por)-(?:br|pt)|(?:es|spa)-(?:es|la|mx|419)|zh-(?:cn|hk|tw|han[st])"
    r"|en-(?:gb|us))\]?)$",
    re.IGNORECASE,
)
# Who works in a collective signs with both names, and that of the collective stands last.
_COLLECTIVE = re.compile(r"(?<![^\W_])(qxr|taoe|utr)[)\]]*$", re.IGNORECASE)
_SUBTITLED_BY = re.compile(r"\[(?:soft|hard)subs \(([^()]+)\)\]$", re.IGNORECASE)
# Few sign behind a blank or a dot, and with a dot in it.
_WITH_BLANK = re.compile(r"[ .](lmain|yify|rarbg|yts(?:\.[a-z]{2})?)$", re.IGNORECASE)

_WORD = re.compile(r"[^\s._,+|()\[\]{}-]+")
_CHANNELS = re.compile(r"\d[. ]\d$")  # of the sound: 5.1
_YEAR = re.compile(r"(?:18[89]|19\d|20[0-3])\d$")
_LAST_BRACKET = re.compile(r"([(\[{])([^()\[\]{}]*)[)\]}]+$")
_ALONE = re.compile(r"(?:(?![\u3040-\u9fff])[\w!@&'+-]){2,24}|[\w-]+\.[a-z]{2,4}", re.IGNORECASE)
# One word, two with a hyphen, or up to three: "D-Z0N3", "E.N.D", "BEN THE MEN".
_SIGNATURE = re.compile(r"(?!by )[^\W_][\w!@&'$+]*(?:-[\w!@&'$+]+|(?:[. ][^\W_][\w!@&'$+]*){0,2})")
_SINGLE = re.compile(r"[^\s.]+")
_FIGURES = re.compile(r"\d{5,}")
_BREAKS = " )]}._-"

# No name needs more; a hostile one shall not have more.
_MOST_REPOSTS, _MOST_DASHES, _MOST_LANGUAGES, _LONGEST_TAGS = 4, 5, 4, 60
_DOTS = 3  # or underscores, by which tags are joined where a group is, too
_SHORT = 4  # a hyphen behind less is one of the name: "D-Z0N3", but "UPSCALED-GRP"


def find_group(text: str, team: str | None) -> str | None:
    """`text` is the whole name without a site in front, the team in front, and its extension."""
    if " " not in text and text.count("_") >= _DOTS:
        text = text.replace("_", " ")
    text = _without_reposts(text)
    signed = _SUBTITLED_BY.search(text) or _COLLECTIVE.search(text) or _WITH_BLANK.search(text)
    if signed:
        return signed[1]
    team = team if team and is_name(team) else None
    bracket = _LAST_BRACKET.search(text)
    if not bracket:
        return _dashed(text, team) or team or _dotted(text)
    inside, before = bracket[2].strip(), text[: bracket.start()]
    group = _dashed(inside, team) or _dashed(before, team) or team
    return group or _bracketed(inside, square=bracket[1] == "[")


def is_name(text: str) -> bool:
    """May this be called so by whom, or does it consist of tags and languages alone?"""
    return not all(is_tag(word) or is_language(word) or is_voice(word) for word in _words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _without_reposts(text: str) -> str:
    """Nor with what some put behind the group: "x264-GROUP.English", "x264-GROUP - Dual Audio"."""
    for _ in range(_MOST_REPOSTS):
        text = _REPOSTED.sub("", text.rstrip(" ._-"))
        if _WITH_BLANK.search(text):
            return text
        text = _without_language(text)
        remark = max(text.rfind(" - "), text.rfind(".-."))  # "x264-GRP - Dual Audio"
        if remark > 0 and not is_name(text[remark:]):
            text = text[:remark]
    return text


def _without_language(text: str) -> str:
    """A code behind a dash may be the group: "x264-NL"."""
    cut = max(text.rfind(mark) for mark in " ._-")
    word = text[cut + 1 :]
    if cut > 0 and (is_language(word) or is_voice(word)) and (text[cut] != "-" or len(word) > 3):
        return text[:cut]
    return text


def _dashed(text: str, team: str | None) -> str | None:
    """What stands behind a dash, if a tag is right before it; else behind the last dash."""
    text = text.rstrip(_BREAKS)
    dashes = [at for at, letter in enumerate(text) if letter == "-"][-_MOST_DASHES:]
    for at in dashes:
        name = text[at + 1 :].lstrip()
        blank = text[at - 1 : at] == " " or text[at + 1] == " "
        if _is_region(text[:at], name):
            return None
        if _is_signature(name) and _behind_a_tag(text[:at], sure=blank):
            return name
    return _hyphened(text, dashes[-1]) if dashes and not team else None


def _is_region(text: str, name: str) -> bool:
    """Of a language, as in "SPA-LA"."""
    before = _words(text)[-1:]
    return len(name) == 2 and bool(before) and len(before[0]) <= 3 and is_language(before[0])


def _hyphened(text: str, at: int) -> str | None:
    """The last word from its hyphen on, or whole: "Atmos Releaser-GROUP", "x264.D-Z0N3"."""
    begin = max(text.rfind(mark, 0, at) for mark in " ._") + 1
    whole, name = text[begin:], text[at + 1 :]
    if not _SINGLE.fullmatch(name) or not _is_signature(name):
        return None
    if at - begin < _SHORT and _is_signature(whole) and _behind_a_tag(text[:begin], sure=True):
        return whole
    return name if any(map(is_technical, _words(text[:at]))) else None


def _bracketed(inside: str, *, square: bool) -> str | None:
    """Alone in a square bracket, or the last word behind tags in any."""
    *before, last = _words(inside) or [""]
    if square and _ALONE.fullmatch(inside):
        return inside if is_name(inside) else None
    named = any(map(is_technical, before)) and _is_signature(last)
    return last if named else None


def _dotted(text: str) -> str | None:
    """Some sign behind a dot: "H.264.GROUP". Behind a blank it could be anything."""
    before, _, last = text.rpartition(".")
    dotted = text.rpartition(" ")[2].count(".") >= _DOTS
    sure = dotted and _is_signature(last) and _behind_a_tag(before, sure=True)
    return last if sure else None


def _is_signature(name: str) -> bool:
    """No tag, though the second part may be like one: "DX-TV". Figures only if there are many."""
    words = _words(name)
    if not _SIGNATURE.fullmatch(name) or any(map(_is_spoken, words)):
        return False
    first, *others = words
    if "-" in name and not is_tag(first):
        return not any(map(is_technical, others))
    return bool(_FIGURES.fullmatch(name)) or not any(map(is_tag, words))


def _is_spoken(word: str) -> bool:
    return is_code(word) if len(word) <= 3 else is_language(word) or is_voice(word)


def _behind_a_tag(text: str, *, sure: bool) -> bool:
    """Languages may stand between. A blank asks for a sure one: "Extended - The Story"."""
    text = text[-_LONGEST_TAGS:].rstrip(_BREAKS)
    if not sure and _YEAR.search(text):
        return True
    for word in islice(reversed(list(_WORD.finditer(text))), _MOST_LANGUAGES):
        if is_technical(word[0]) or _CHANNELS.search(text[: word.end()]):
            return True
        if not is_language(word[0]):
            return not (sure or word[0][-1].isdigit()) and is_tag(word[0])
        if not sure:
            return True
    return False
