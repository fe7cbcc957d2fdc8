"""The marks of series in release names, as tables that `release_episodes.py` goes through.

Tables are in order: the first rule that holds is the answer. The groups of a pattern say what
it found: `season`; `episodes`, as they are written, "01E02-E05"; `absolute`, the same counted
over all seasons; `special`, of season 0; `compact`, a season and an episode in one number, 105;
and `of`, how many there are. An underscore behind such a name is there only because no pattern
may have a group twice. No group at all: of a series, but not said of which part.
"""

import re

from msgspec import Struct

from movie_sync.release_episode_words import (
    COUNTS,
    EPISODES,
    EPISODES_BEHIND,
    EPISODES_LOOSE,
    EPISODES_SURE,
    LOOSE_BEHIND,
    NTH,
    NUMERALS,
    ORDINALS,
    PARTS,
    ROMAN,
    SEASONS,
    SEASONS_BEHIND,
    SEASONS_BEHIND_BARE,
    SEASONS_BEHIND_LAST,
    SPELT_IN_LATIN,
    either,
)


class Rule(Struct, frozen=True):
    """A pattern, and in which names it is to be believed."""

    pattern: re.Pattern[str]
    words: frozenset[str] = frozenset()  # one of these is in the name, in small letters, if any
    no_year_behind: bool = False  # films have such numbers too, and their year behind them
    fansub: bool = False  # only in names as those who subtitle anime write them
    behind_title: bool = False  # and before the resolution: a group may be "1080p S82 Joy"


def rule(
    pattern: str,
    *words: str,
    no_year_behind: bool = False,
    fansub: bool = False,
    behind_title: bool = False,
) -> Rule:
    compiled = re.compile(pattern, re.IGNORECASE)
    return Rule(compiled, frozenset(words), no_year_behind, fansub, behind_title)


# Pieces of patterns. All repetitions are bounded, so that hostile names cost little.
START, END = r"(?<![^\W_])", r"(?![^\W_])"
GAP = r"[ ._-]{0,3}"
YEAR = r"(?:18[89]\d|19\d\d|20[0-3]\d)"
_RECENT = r"(?:19[5-9]\d|20[0-3]\d)"  # 1920x800 is a picture, 2009x09 an episode
_LINES = r"(?:360|480|540|576|720|1080|2160)(?!\d)"
_NO_YEAR_NEXT = rf"(?![ ._-]{{0,3}}[(\[{{]?{YEAR}(?!\d|[-\u2013]\d))"
_ASPECT = r"(?!16x9|4x3)"  # of the picture
_ENCODER = r"(?![ ._]?26[456])"  # x264 is no episode
# More episodes behind the first: marked (E02, .S01E02, - 2x05), or not (-02).
_MORE = (
    r"(?:[ ._]?(?:[-~+&,/]|and|und|et)?[ ._]?(?:(?:s\d{1,4}[ ._-]?)?ep?"
    rf"|{_ASPECT}\d{{1,4}}x(?=\d{{1,3}}{END})|x{_ENCODER})\d{{1,5}}"
    rf"|[-~_+&](?!{_LINES})\d{{1,3}}(?![^\W_v])){{0,40}}"
)
# Episodes behind a word: "3", "1-8", "3 en 4".
RUN = (
    rf"(?!{YEAR}(?!\d)|\d{{3,4}}[pi])"
    r"\d{1,4}(?:(?:[-~\u2013+&,]|, | ?& ?|[ ._](?:to|bis|and|und|en|et|y|à|и|до|по)[ ._])"
    rf"(?!{_LINES})\d{{1,4}}(?![^\W_v])){{0,20}}"
)
_OF_WORDS = "(?:of|из|з|iz|von|van|od|di|din|sur|de)"
_OF = rf"(?:[ ._)\]]{{0,2}}{_OF_WORDS}[ ._]?(?P<of>\d{{1,4}}))?"

_NTH_SEASON = (
    rf"(?P<season_>\d{{1,2}})(?:{NTH}{GAP}{either(*SEASONS_BEHIND, *SEASONS_BEHIND_BARE)}"
    rf"|{GAP}{either(*SEASONS_BEHIND_BARE)}"
    rf"|{GAP}{either(*SEASONS_BEHIND_LAST)}(?!{GAP}\d\d?{END}))"  # "24 Staffel 3" is of 24
)
_PAIRS = "|".join(f"{first:02}{first + 1:02}" for first in range(1, 29))
_BROADCAST = r"(?:[apsu]?hdtv|[ps]dtv|dsr(?:ip)?|(?:tv|sat|dvb|dth)rip|dvb)"

# Season and episode.
NUMBERED = (
    # Glued to the title only with two digits each: "showS01E02".
    rule(
        rf"(?:{START}|(?=s\d\de\d\d(?!\d)))(?:s(?P<season>\d{{1,4}})"
        r"|t(?P<season_>\d{1,2})(?=[ ._]?x?ep?\d))[ ._/([-]{0,3}"
        rf"(?:(?:ep?|xe?{_ENCODER})[ ._]?|{either(*EPISODES)}{GAP})\(?"
        rf"(?P<episodes>\d{{1,5}}{_MORE}){_OF}",
        "e", "x", "xe", *EPISODES,
    ),
    rule(
        rf"(?:{START}{_ASPECT}(?<!\d\.)|(?<=- ))(?P<season>\d{{1,2}}|{_RECENT})x{_ENCODER}"
        rf"(?P<episodes>\d{{1,3}}{_MORE})(?=(?:v\d)?{END})",
        "x", no_year_behind=True,
    ),
    # Where nothing stands before it but a group, "10x10 (2018)" and "5x2 (2004)" are films.
    rule(
        rf"{START}(?P<season>\d{{1,2}}|{_RECENT})x{_ENCODER}{_ASPECT}"
        rf"(?P<episodes>\d{{2,3}}{_MORE})(?=(?:v\d)?{END})",
        "x", behind_title=True,
    ),
    rule(
        rf"{START}(?P<season>\d{{1,2}})(?: x |(?<=[ ._]\d\d)e)(?P<episodes>\d\d){END}", "x", "e",
        no_year_behind=True, behind_title=True,
    ),
    # "No. 3 Staffel 4 Folge 21" is of season 4.
    rule(
        rf"{START}{either(*SEASONS)}[ ._:#№-]{{1,3}}(?P<season>\d{{1,3}})[ ._,;:/|()\[\]-]{{1,5}}"
        rf"{either(*EPISODES)}[ ._:#№(-]{{0,3}}(?P<episodes>{RUN}){_OF}",
        *SEASONS,
    ),
    rule(
        rf"{START}(?:{either(*SEASONS, 'series', 'se', 'sn', 'sez', 'temp')}[ ._:#№-]{{0,3}}"
        rf"(?P<season>\d{{1,3}})|{_NTH_SEASON})[ ._,;:/|()\[\]-]{{0,5}}"
        rf"(?:{either(*EPISODES, 'e')}[ ._:#№(-]{{0,3}}(?P<episodes>{RUN})"
        rf"|(?P<episodes_>{RUN})(?:\.|-?[йяа])?{GAP}"
        rf"{either(*EPISODES_BEHIND, *LOOSE_BEHIND, *COUNTS, *SPELT_IN_LATIN)}){_OF}",
        *SEASONS, *SEASONS_BEHIND, "series", "se", "sn", "sez", "temp",
    ),
    # Spanish sites write "Temporada 2 [Cap.205]": that number holds the season too.
    rule(rf"{START}cap[ ._]?(?P<compact>\d{{3,4}}(?:[_-]\d{{3,4}}){{0,9}}){END}", "cap"),
)  # fmt: skip

# An episode, and no season.
MARKED = (
    rule(
        rf"{START}(?![\dA-F]{{8}}[\])])ep?(?P<episodes>\d{{2,5}}(?=ep?\d|v\d|{END}){_MORE})"
        rf"(?=(?:v\d)?{END}){_OF}",
        "e", "ep",
    ),
    rule(
        rf"{START}{either(*EPISODES_SURE)}[ ._:#-]{{1,3}}(?P<episodes>{RUN}){_OF}",
        *EPISODES_SURE,
    ),
    rule(
        rf"{START}(?P<episodes>{RUN})\.?{GAP}{either(*EPISODES_BEHIND)}{END}{_OF}",
        *EPISODES_BEHIND,
    ),
    rule(
        rf"{START}(?P<episodes>\d{{2,4}})\.?{GAP}{either(*LOOSE_BEHIND)}{END}", *LOOSE_BEHIND
    ),
    rule(
        rf"{START}(?P<episodes>\d)\.?{GAP}{either(*LOOSE_BEHIND)}{END}", *LOOSE_BEHIND,
        no_year_behind=True,
    ),
    rule(
        rf"{START}(?P<episodes>\d{{1,4}} ?[-\u2013,] ?\d{{1,4}}){GAP}{either(*COUNTS)}{END}{_OF}",
        *COUNTS,
    ),
    rule(
        rf"{START}{either(*EPISODES_LOOSE)}[ ._:#-]{{0,3}}"
        rf"(?P<episodes>(?=\d\d|\d[-~\u2013]|\d[ ._]?{_OF_WORDS}[ ._]?\d){RUN}(?![^\W_v])){_OF}",
        *EPISODES_LOOSE, no_year_behind=True,
    ),
    # With one digit only where something else speaks for a series.
    rule(
        rf"(?:(?<=[\[(])|{START}(?=.{{0,80}}?{START}{_BROADCAST})){either(*EPISODES_LOOSE)}"
        r"[ ._:#-]{1,3}(?P<episodes>\d)(?![^\W_v])",
        *EPISODES_LOOSE, no_year_behind=True,
    ),
    rule(
        rf"{START}{either(*EPISODES_LOOSE)}[ ._:#-]{{1,3}}(?P<episodes>\d)(?![^\W_v])",
        *EPISODES_LOOSE, no_year_behind=True, fansub=True,
    ),
    rule(
        rf"{START}ep(?P<episodes>\d)(?=v\d|{END})", "ep", fansub=True, no_year_behind=True,
    ),
    rule(rf"{START}(?P<episodes>\d{{1,2}})(?:of|iz|из)(?P<of>\d{{1,3}}){END}", "of", "iz", "из"),
    rule(
        rf"{START}(?<!dis[ck][ ._])(?<!dvd[ ._])(?<!cd[ ._])"
        rf"(?P<episodes>\d{{1,2}})[ ._](?:of|iz|из)[ ._](?P<of>\d{{1,3}}){END}",
        "of", "iz", "из", no_year_behind=True, behind_title=True,
    ),
    rule(
        rf"[(\[] ?(?:part |серии |серії )?(?P<episodes>{RUN})[ ._](?:of|из|з)[ ._]"
        r"(?P<of>\d{1,4})",
        "of", "из", "з",
    ),
    rule(
        rf"{START}{either(*PARTS)}{GAP}(?P<episodes>\d{{1,2}})[ ._](?:of|von|van|di|de|sur)[ ._]"
        rf"(?P<of>\d{{1,2}}){END}",
        *PARTS, no_year_behind=True,
    ),
    # Films have parts as well, but those are not made for television.
    rule(
        rf"{START}{either(*PARTS)}{GAP}(?P<episodes>\d{{1,2}}|{either(*NUMERALS)}){END}"
        rf"(?=.{{0,60}}?{START}{_BROADCAST})",
        *PARTS, no_year_behind=True,
    ),
    rule(
        r"(?<![^\s_])#(?P<episodes>\d{2,4}|\d{1,3}[-~]\d{1,3})(?![^\W_v])", no_year_behind=True
    ),
)  # fmt: skip

# A season as a whole; of several seasons, the first.
PACKS = (
    rule(
        r"(?<=[ ._\-\[(/|])s(?P<season>\d\d|(?:19|20)\d\d)"
        r"(?:(?:[dp]|dvd|dis[ck])\d{1,2}|extras?|s\d\d)?(?![^\W_])",
        "s", behind_title=True,
    ),
    rule(
        r"(?<=[ ._\-\[(/|])s(?P<season>\d)(?=[ ._]?[\[(]|[ ._-]{1,3}(?:\d{3,4}[pi]|s\d)|-\d|[\])]"
        r"|[ ._](?:complete|extras|web|bluray|bdrip|dvdrip|hdtv)|$)" + _NO_YEAR_NEXT,
        "s", behind_title=True,
    ),
    rule(r"(?<=[ ._])s[ ._](?P<season>0\d)(?=[ ._]\d{3,4}[pi]|$)", "s", behind_title=True),
    # "Open Season 2 (2008)" is a film; what stands in brackets or behind a dash is no title.
    rule(
        rf"(?:[\[(]|[ ._][-\u2013/|][ ._]){either(*SEASONS)}{GAP}(?P<season>\d{{1,2}}){END}",
        *SEASONS,
    ),
    rule(
        rf"{START}{either(*SEASONS)}[ ._(-]{{0,3}}"
        rf"(?P<season>0\d|\d{{1,2}}(?= ?[-\u2013&+,] ?\d\d?{END}|[ ._](?:to|bis|à|al?)[ ._]\d"
        r"|[ ._]complet))",
        *SEASONS,
    ),
    rule(
        rf"{START}{either(*SEASONS, 'temp', 'tem')}{GAP}"
        rf"(?P<season>\d{{1,2}}|{either(*NUMERALS, *ROMAN)}){END}",
        *SEASONS, "temp", "tem", no_year_behind=True,
    ),
    rule(
        rf"{START}(?P<season>\d{{1,2}}){NTH}?(?:[ ._](?:to|e|y|ao?|до|по)[ ._]|[-\u2013&,])"
        rf"\d{{1,2}}{NTH}?{GAP}{either(*SEASONS_BEHIND, *SEASONS_BEHIND_BARE)}{END}",
        *SEASONS_BEHIND, *SEASONS_BEHIND_BARE,
    ),
    rule(rf"{START}{either(*SEASONS)}(?P<season>(?:19|20)\d\d){END}", *SEASONS),
    rule(
        rf"{START}(?:{_NTH_SEASON}|(?P<season>{either(*ORDINALS)})[ ._]season){END}",
        *SEASONS_BEHIND, *SEASONS_BEHIND_BARE,
    ),
    rule(
        rf"{START}(?:(?:complete|entire|full|whole)[ ._-](?:tv[ ._-]|mini[ ._-]?)?"
        r"(?:series|seasons?)|(?:the[ ._])?series[ ._]complete|(?<=[ ._(\[-])mini[ ._-]?series"
        r"|tv[ ._-](?:series|pack)|s[ée]rie[ ._](?:completa|compl[èe]te)|komplette[ ._]serie"
        rf"|alle[ ._]staffeln){END}",
        "series", "seasons", "season", "miniseries", "pack", "serie", "série", "staffeln",
    ),
)  # fmt: skip

# What the scene did before S01E05: the number stands between the title and the broadcast. No
# season has more than 29 such episodes, and "Room 237" is a film.
COMPACT = (
    rule(
        r"(?<=[ ._-])(?P<compact>(?!(?:19|20)\d\d|720)0?[1-9]\d?(?!00)[0-2]\d"
        r"(?:[ ._-](?!(?:19|20)\d\d)[1-9]\d?[0-2]\d){0,3})"
        r"[ ._-](?:(?:\d{3,4}[pi]|proper|repack|real|internal|ws|german|french)[ ._-]){0,3}"
        + _BROADCAST,
        no_year_behind=True,
    ),
    # Two that follow each other: "10708" is S01E07E08.
    rule(
        rf"(?<=[ ._-])(?P<compact>0?[1-9](?:{_PAIRS}))[ ._-]{_BROADCAST}",
        no_year_behind=True,
    ),
    rule(r"(?<=[ ._-])(?P<compact>0[1-9][0-2]\d)(?=-[a-z]|[ ._-]\d{3,4}p)", no_year_behind=True),
    rule(r"^[a-z\d-]{5,}-[xh]26[45]-(?P<compact>[1-9][0-2]\d)$", "x", "h"),
)

# In Britain a season is a series; the word is often one of the title.
SERIES = (
    rule(
        rf"(?:[\[(]|[ ._][-\u2013][ ._])series{GAP}(?P<season>[1-9]\d?){END}"
        rf"|(?<=[ ._])series[ ._](?P<season_>[1-9]\d?)"
        rf"(?=[ ._](?:complete|\d{{3,4}}p|{_BROADCAST}))",
        "series",
    ),
)
