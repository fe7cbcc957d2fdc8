"""Where in a release name the title stands, and as which titles it may be read, best first.

The one thing to know: the first mark of quality ends a title, and so does the last year before
it. A number in front of that year, and a word that is a tag elsewhere, may be the title's own.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from movie_sync import release_tables as tables
from movie_sync.release_words import small

# No film is older than 1888, and a number beyond 2039 is part of a title: Blade Runner 2049.
_FOUR = r"(18[89]\d|19\d\d|20[0-3]\d)"
# "BT.2020" is a range of colours; Russians write "2006г" and Chinese "2006年".  # noqa: RUF003
_YEAR = re.compile(rf"(?<![^\W_])(?<![Bb][Tt][ ._]){_FOUR}[г年]?(?![^\W_]|[×*]\d)")  # noqa: RUF001
_BRACKETED_YEAR = re.compile(rf"[(\[{{] ?{_FOUR} ?[)\]}}]")
_YEAR_IN_FRONT = re.compile(rf"{_FOUR} - (?=\D)")  # as folders are sorted: "1999 - The Matrix"

_FILL = " ._-([{)]},;:|~+【】"
_LONGEST_TAIL = 60  # so much of a title's end is looked at for words that are none of its own
_MOST_WORDS = 10  # and so many are taken off; more has none but a hostile name
_ARTICLE = re.compile(r"\W*(?:the|an?|der|die|das|l[aei]s?|los|el|il)?\W*")
# "Bigger, Longer and Uncut", "The Other End of the Line": a title does not stop there.
_GOES_ON = re.compile(
    r"(?<![^\W_])(?:and|or|of|for|with|in|to|on|und|et|&)(?:[ ._-]{1,3}the)?[ ._-]{1,3}$"
)
_LONGEST_JOIN = 13  # of such words with their blanks
_UP_TO_A_YEAR = re.compile(r"[ ._]of[ ._]$", re.IGNORECASE)  # "New Faces of 1937"
_AKA = re.compile(
    r" [(\[]?a\.?k\.?a\.? | ?/ | / ?| \| |(?<=[^\x00-\u024f])/|/(?=[^\x00-\u024f])", re.IGNORECASE
)
_ENCLOSED = re.compile(r"[(\[{【]([^()\[\]{}【】]+)[)\]}】]")
_UNCLOSED = re.compile(r"(?<=\S) [(\[{【][^)\]}】]*$")
_SIDE_BY_SIDE = re.compile(r"[\]】] ?[\[【]")
_IN_BRACKETS = re.compile(r"([^()\[\]【】]*[^()\[\]【】 ]) ?[(\[【]([^()\[\]【】]{2,})[)\]】]")
# Many write the title as in the country, and then the English one, in another script.
_OTHER_SCRIPT = re.compile(
    r"(?<=[^\x00-\u024f]) +(?=[A-Za-z])|(?<=[\x21-\u024f]) +(?=[^\W\x00-\u024f])"
)
_INITIALS = re.compile(r"(?<![^\W_])(?:(?:[A-Z]\.){2,}(?:[A-Z](?![\w.]))?|(?:[a-z]\.){2,})")
_SHORTENED = re.compile(
    r"(?<![^\W_])(dr|mrs?|ms|st|jr|sr|vs|vol|mt|ft|lt|sgt|capt|prof|hrs)\.(?=.)", re.IGNORECASE
)
_AND = re.compile(r"(?<= )and(?= )", re.IGNORECASE)
_TWO_NAMES = re.compile(r"[A-Z]\w+ and (?!The\b|An?\b)[A-Z]\w+")
_AMPERSANDS_SINCE = 1980


class Parts(Struct, frozen=True, kw_only=True):
    """A release name, taken apart."""

    titles: tuple[str, ...]  # candidates, best first; none where the name begins with tags
    year: int | None
    tags: str  # what stands behind title and year, and surely belongs to neither


def take_apart(text: str, start: int | None = None) -> Parts:
    """`start` is where a series names its season or episode: its title ends there."""
    return _film(text) if start is None else _series(text[:start], text[start:])


def _film(text: str) -> Parts:
    opening = _BRACKETED_YEAR.match(text)
    text = text[opening.end() :] if opening else text
    mark = _mark(text)
    before = _last_year(text[:mark])
    # "Blues Brothers 2000 [1080p][1998]"
    if before and before.re is _YEAR and _BRACKETED_YEAR.search(text, mark):
        before = None
    dated = before is not None
    if before:
        year: int | None = int(before[1])
        title, rest = text[: before.start()], text[before.end() :]
        own = (text[: before.end()],) if _UP_TO_A_YEAR.search(title) else ()
    else:  # some write it first, and some last, behind the quality
        found = opening or _BRACKETED_YEAR.search(text, mark) or _YEAR.search(text, mark)
        title, rest, own = text[:mark], text[mark:], ()
        if not found and (found := _YEAR_IN_FRONT.match(title)):
            title, own = title[found.end() :], (title,)
        year = int(found[1]) if found else None
    stripped = _stripped(title)
    best = _before_a_year(stripped) if dated else stripped[-1]  # no year: it runs into the tags
    return Parts(
        titles=_candidates(best, *reversed(stripped), title, *own, year=year),
        year=year,
        tags=title[len(best.rstrip(_FILL)) :] + (" " if dated else "") + rest,
    )


def _series(title: str, rest: str) -> Parts:
    """The title of an episode stands between its number and the tags, and may be any words."""
    early = _mark(title)  # "Show 720p [Cap.101]"
    title, rest = title[:early], title[early:] + rest
    year = _last_year(title)
    named = title[: year.start()] if year else title
    sure, *perhaps = _stripped(named)
    short = sure[: _end(small(sure), len(sure), tables.SERIES_LEFT)]
    mark = tables.MARKS.search(small(rest))
    told = _stripped(rest[: mark.start()] if mark else rest)[-1]
    return Parts(
        titles=_candidates(short, sure, *perhaps, title, year=None),
        year=int(year[1]) if year else None,
        tags=rest[len(told.rstrip(_FILL)) :],
    )


def _mark(text: str) -> int:
    """Where the first tag stands that is sure to be none of the title's words."""
    marks = tables.MARKS.finditer(small(text))
    return next((m.start() for m in marks if m.start() > 0), len(text))


def _last_year(text: str) -> re.Match[str] | None:
    """The last one: earlier ones are the title's, as in Wonder Woman 1984 (2020)."""
    for pattern in (_BRACKETED_YEAR, _YEAR):
        found = [m for m in pattern.finditer(text) if m.start() > 0]
        if found:
            return found[-1]
    return None


def _stripped(title: str) -> list[str]:
    """The title without what is surely no part of it, then also without each that perhaps is."""
    text = small(title)
    ends = [_end(text, len(text), tables.SURELY_LEFT)]
    before = _without_last(text, ends[0], tables.PERHAPS_LEFT)
    while before is not None and len(ends) < _MOST_WORDS:
        ends.append(before)
        before = _without_last(text, before, tables.EITHER_LEFT)
    return [title[:end] for end in ends]


def _end(text: str, end: int, left: re.Pattern[str]) -> int:
    """Where the text ends without any such words."""
    while (before := _without_last(text, end, left)) is not None:
        end = before
    return end


def _before_a_year(stripped: list[str]) -> str:
    """There "Cam" and "Limited" are the title's, unless they alone are shouted.

    Nor are they where something stands before them that no title has: "EXTENDED German".
    """
    pairs = list(pairwise(stripped))
    ends = [tables.SURELY_LEFT.fullmatch(_cut(*pair)) is not None for pair in pairs]
    for at, (longer, shorter) in enumerate(pairs):
        word = longer[len(shorter) :].strip(_FILL).replace("i", "")  # the scene shouts FiNNiSH
        loud = len(word) > 3 and word.isupper() and not shorter.isupper()
        if not loud and not any(ends[at:]):
            return longer
    return stripped[-1]


def _cut(longer: str, shorter: str) -> str:
    return small(longer[len(shorter) :]).strip(_FILL)


def _without_last(text: str, end: int, left: re.Pattern[str]) -> int | None:
    """Where the last word begins, if it is such a one and something of the text stays."""
    at = len(text[:end].rstrip(_FILL))
    tail = left.finditer(text, max(0, at - _LONGEST_TAIL), at)
    last = next((m.start() for m in tail if m.end() == at), None)
    if last is None or _ARTICLE.fullmatch(text, 0, last):
        return None
    return None if _GOES_ON.search(text, max(0, last - _LONGEST_JOIN), last) else last


def _candidates(*raw: str, year: int | None) -> tuple[str, ...]:
    """Each title as a person writes it, and then its parts where it may be two titles."""
    titles = [spaced(title) for title in dict.fromkeys(raw)]
    titles += [part for title in titles for part in _parts(title)]
    if " and " in titles[0].lower() and " " not in raw[0].strip():
        titles = _with_ampersands(titles, year)
    return tuple(dict.fromkeys(title for title in titles if title))


def _with_ampersands(titles: list[str], year: int | None) -> list[str]:
    """A name whose words are joined by dots cannot say "&", and says "and" for it.

    Which of the two it was, nobody can tell; but two names in front, "Gnomeo and Juliet", mostly
    have the sign since it came into use in titles.
    """
    signed = [_AND.sub("&", title) for title in titles]
    modern = year is not None and year >= _AMPERSANDS_SINCE
    return signed + titles if modern and _TWO_NAMES.match(titles[0]) else titles + signed


def _parts(title: str) -> Iterator[str]:
    """Of "Mon cousin AKA My Cousin", "Amelie (Le fabuleux destin)", "기생충 Parasite"."""
    halves = _AKA.split(title)
    if len(halves) > 1:
        for half in map(_trim, halves):
            yield half
            yield from _parts(half)
    bracketed = _IN_BRACKETS.fullmatch(title)
    if bracketed:
        yield from map(_trim, bracketed.groups())
    scripts = () if title.isascii() else _OTHER_SCRIPT.split(title)
    if len(scripts) > 1:
        yield from map(_trim, scripts)


def spaced(text: str) -> str:
    """Dots and underscores are spaces; only the dots of initials and short forms are kept."""
    text = _SIDE_BY_SIDE.sub(" / ", text.replace("_", " "))
    if "." in text:
        text = _INITIALS.sub(lambda m: m[0].replace(".", "\0") + " ", text)
        text = _SHORTENED.sub(lambda m: m[1] + "\0 ", text)
    return _trim(text.replace(".", " ").replace("\0", "."))


def _trim(text: str) -> str:
    text = " ".join(text.split()).rstrip(" -/([{,;:|~【").lstrip(" -/)]},;:|~】")
    text = _UNCLOSED.sub("", text)
    enclosed = _ENCLOSED.fullmatch(text)
    text = enclosed[1] if enclosed else text
    text = text if any(bracket in text for bracket in ")]}】") else text.lstrip("([{【 ")
    return text if any(bracket in text for bracket in "([{【") else text.rstrip(")]}】 ")
