"""The numbers of anime and of Asian series in release names, for `release_episodes.py`.

Those who subtitle anime put their own name in front, in brackets, and a checksum behind, and
between them a bare number: "[Group] Title - 12 [1080p][0123ABCD]", "[组][Title][12]".
"""

import re

from movie_sync.release_episode_tables import END, GAP, START, YEAR, rule
from movie_sync.release_episode_words import ORDINALS, SEASONS, either

FANSUB = re.compile(r"^[\[【★]|[\[(][0-9A-Fa-f]{8}[\])]")

_DASH = r"[ ._]{1,2}[-\u2012-\u2014][ ._]{1,2}"
# Lines of a picture, unless others are said behind them: "- 720 [1080p]".
_LINES = r"(?:360|480|540|576|720|1080|2160)(?!\d)(?!.{1,40}?\d{3,4}(?:[pi]|x\d))"
# A number that is no year, or a range of them; only specials stand between two episodes.
_NUMBER = rf"(?!(?:19|20)\d\d(?!\d)|{_LINES})\d{{2,4}}(?:\.5(?!\d))?"
_NUMBERS = rf"{_NUMBER}(?:(?:v\d)?(?:[-\u2013+&]| ?~ ?){_NUMBER}(?![\da-uw-z])){{0,20}}"
_LAST = r"[abc]?(?:[ ._]?(?:v\d|[(（]?(?:end|fin|完|完结|完結|合集)[)）]?)){0,2}"  # noqa: RUF001
_QUALITY = r"(?:\d{3,4}[pi]|\d{3,4}x\d{3,4}|dvd|bd|web|hdtv|[xh]26[456]|hevc|vostfr|vf|vo)"
# The end of a title; films of a series are counted too, but by such words, and so are codecs.
_TITLE = (
    r"(?:(?<=[^\W\d_]|[!?:.)\]])|(?<=[ ._]\d))(?<![ ._\[(][xh])(?<!aac)(?<!mp3)"
    r"(?<!movie)(?<!film)(?<!part)(?<!vol)(?<!volume)(?<!chapter)(?<!disc)"
)
_ONES, _TENS = "一二三四五六七八九", {"十": 10, "百": 100}
_HAN = f"[{_ONES}{''.join(_TENS)}]{{1,5}}"
_SEASON = (
    rf"(?:{START}s(?P<season>\d{{1,2}})|{START}{either(*SEASONS)}[ ._]?(?P<season_>\d{{1,2}})"
    rf"|{START}(?:(?P<season__>\d{{1,2}})(?:st|nd|rd|th)|(?P<season___>{either(*ORDINALS)}))"
    r"[ ._]season)"
)
_SEASON_WORDS = ("s", "season", *SEASONS)
_HAN_SEASON = rf"第 ?(?P<season>\d{{1,2}}|{_HAN}) ?[季期]"
_EPISODES = r"\d{1,4}(?: ?[-~\u2013] ?\d{1,4})?"
_COUNTED = r"[话話集回화회]"

# With marks of their own. 季 and 期 are seasons, the others episodes.
ASIAN = (
    rule(
        rf"(?:(?<![^\W_])s(?P<season>\d{{1,2}})|第 ?(?P<season_>\d{{1,2}}|{_HAN}) ?[季期]"
        r"|(?:시즌|シーズン) ?(?P<season__>\d{1,2}))"
        rf"[ ._\-\[\]【】]{{0,3}}[第제]? ?(?:ep?)?(?P<episodes>{_EPISODES}|{_HAN}) ?{_COUNTED}"
    ),
    rule(rf"[第제] ?(?P<episodes>{_EPISODES}|{_HAN}) ?{_COUNTED}"),
    rule(rf"(?<![全共\da-z])(?P<episodes>{_EPISODES}) ?{_COUNTED}(?![^\W_])"),
)
ASIAN_PACKS = (
    rule(rf"{_HAN_SEASON}|(?<=[ ._])(?P<season_>\d) ?期"),
    rule(r"(?:시즌|シーズン) ?(?P<season>\d{1,2})"),
    rule(rf"全 ?\d{{1,4}} ?{_COUNTED}"),
)

# A season, and behind it a bare number.
SEASONED = (
    rule(rf"{_SEASON}{_DASH}(?P<absolute>{_NUMBERS}){_LAST}{END}", *_SEASON_WORDS),
    rule(
        rf"{_SEASON}[ ._]?[\]】]?[ ._]?[\[【](?P<absolute>{_NUMBERS}){_LAST}[\]】]", *_SEASON_WORDS
    ),
    rule(
        rf"{_HAN_SEASON}(?:{_DASH}|[ ._]?[\]】]?[ ._]?[\[【])(?P<absolute>{_NUMBERS}){_LAST}{END}",
        fansub=True,
    ),
    rule(
        rf"{_SEASON}[ ._](?P<absolute>{_NUMBER}){_LAST}(?=[ ._]?[\[(]|$)", *_SEASON_WORDS,
        fansub=True,
    ),
    rule(
        rf"{_SEASON}[ ._]?\((?P<absolute>{_NUMBER} ?[-~\u2013] ?{_NUMBER})\)", *_SEASON_WORDS
    ),
    rule(rf"{_SEASON}{_DASH}part \d{_DASH}(?P<absolute>{_NUMBER}){_LAST}{END}", "part"),
)  # fmt: skip

# The songs of the beginning and of the end, without names on them.
SONGS = (
    rule(
        rf"{START}(?:(?:nc|creditless[ ._])(?:op|ed)\d{{0,2}}|(?:op|ed)\d{{1,2}})[a-z]?(?:v\d)?"
        rf"{END}",
        fansub=True,
    ),
)

# A bare number.
ABSOLUTE = (
    rule(
        rf"{START}(?:specials?|sp|ova|oad|ona)(?:{_DASH}|[ ._]?)(?P<special>\d{{1,2}}){END}",
        "special", "specials", "sp", "ova", "oad", "ona", fansub=True, no_year_behind=True,
    ),
    rule(
        rf"{START}(?:ova|oad)(?:{_DASH}|[ ._-]?)(?P<special>\d{{1,2}}){END}", "ova", "oad",
        no_year_behind=True,
    ),
    # A whole series: "(01-25)", "001-220 [1080p]", "01 - 119 [1080p]".
    rule(
        rf"(?<=[ ._(\[])(?P<absolute>[1-9][-~\u2013]{_NUMBER})(?=[)\]]|[ ._]?[\[(+]|$)",
        fansub=True, no_year_behind=True,
    ),
    rule(
        rf"(?<=[ ._(\[])(?P<absolute>{_NUMBER}[-~\u2013]{_NUMBER}"
        rf"|0\d{{1,3}}[ _][-~\u2013][ _]{_NUMBER})"
        r"(?=[)\]]|[ ._]?[\[(+]|$)",
        no_year_behind=True,
    ),
    # Films of a collection are "James Bond - 07 - Goldfinger".
    rule(
        rf"(?<=[\w)\]!?.]){_DASH}(?P<absolute>{_NUMBERS}(?:\.\d)?){_LAST}"
        rf"(?:(?<=[\d-]\d\d)(?={_DASH})|(?=[ ._]?-?[\[(【]|(?:{_DASH}|[ ._]){_QUALITY}{END}|$))",
        no_year_behind=True,
    ),
    rule(
        rf"{_DASH}(?P<absolute>{_NUMBERS}(?:\.\d)?){_LAST}(?={_DASH}|[ ._]?[\[(]|$)", fansub=True,
        no_year_behind=True,
    ),
    rule(
        rf"{_DASH}(?P<absolute>{_NUMBERS}(?:\.\d)?){_LAST}{END}", fansub=True, no_year_behind=True
    ),
    rule(rf"{_DASH}(?P<absolute>\d){_LAST}(?=[ ._]?[\[(]|$)", fansub=True, no_year_behind=True),
    rule(
        rf"(?<=.)[\[【]{GAP}(?P<absolute>{_NUMBERS}){_LAST}[\]】]", no_year_behind=True,
        behind_title=True,
    ),
    # Without a dash before it; and with a title behind it only where it begins with a naught.
    rule(
        rf"{_TITLE}[ ._-](?P<absolute>(?!1[89]\d\d|[2-9]\d{{3}}){_NUMBER}){_LAST}"
        rf"(?=[ ._]?[\[(]|[ ._]{_QUALITY}{END}|$)",
        fansub=True, no_year_behind=True, behind_title=True,
    ),
    rule(
        rf"{_TITLE}[ ._](?P<absolute>0\d{{1,2}}){END}", fansub=True, no_year_behind=True,
        behind_title=True,
    ),
    rule(rf"{_TITLE}[ ._](?P<absolute>0\d{{1,2}})[ ._]vostfr{END}", "vostfr"),
    rule(rf"{YEAR}[ ._](?P<absolute>\d\d)[ ._]\d{{3,4}}[pi]{END}"),
    rule(rf"{_DASH}(?:ova|oad|ona)(?=[ ._]?[\[(]|$)", "ova", "oad", "ona", fansub=True),
)  # fmt: skip


def han(text: str) -> int | None:
    """The number that is written in Chinese, below a thousand: 二十三 is 23."""
    total = ones = 0
    for sign in text:
        tens = _TENS.get(sign)
        if tens:
            total, ones = total + (ones or 1) * tens, 0
        elif sign in _ONES:
            ones = _ONES.index(sign) + 1
        else:
            return None
    return total + ones or None
