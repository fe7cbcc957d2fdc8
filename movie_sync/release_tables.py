"""Where the title of a release name ends, and what may be left of the rest at its end.

The tables that say what the words behind it mean are beside it: `release_quality.py` and
`release_media.py`. The one thing to know: a few words, such as "Limited" or "3D", may be the
title's own, so that cutting them off gives a second candidate, and never the only one.
"""

import re
from enum import StrEnum

from movie_sync import release_quality as quality
from movie_sync.release_media import SERVICE_WORDS
from movie_sync.release_words import words


class Kind(StrEnum):
    FILM = "film"
    TV = "tv"
    UNKNOWN = "unknown"  # nothing says that it is a release, or something says that it is no film


PROPER = words(r"(?:proper|re~pack|re~rip)(\d?)")
VERSION = re.compile(r"(?<![^\W\d_])v([2-9])(?![^\W_])", re.IGNORECASE)  # "12v2" too, as of anime
REAL = re.compile(r"(?<![^\W_])REAL(?![^\W_])")  # in small letters it is a title's
# The title of an episode may hide these.
SHOUTED_PROPER = re.compile(r"(?<![^\W_])(?:PROPER|RE-?PACK|RERIP)(\d?)(?![^\W_])")

_MAKER = (
    "extended|director'?s?|final|theatrical|international|fan|special|ultimate|collector'?s?"
    "|limited|definitive|imperial|diamond|signature|rogue|assembly|alternat(?:e|ive)|producer'?s?"
    "|integral|platinum|gold|silver|deluxe|premium|super|original|uncut|unrated|restored"
    "|remastered|criterion|roadshow|chrome|noir|black~and~(?:chrome|white)|b&w|hunter|complete"
    "|television|tv|european|us|uk|japanese|restoration|hybrid|commemorative|legacy|superbit"
    "|imax|despeciali[sz]ed|re~call|rekall|rouge|bootleg|theatre|workprint|festival"
)
# Of several makers, as in "Extended Director's Cut", those that end no title: "Midnight Special".
_BESIDE = "extended|alternat(?:e|ive)|ultimate|unrated|uncut|theatrical|director'?s?|restored"
_MAKERS = f"(?:(?:{_BESIDE})~)*(?:{_MAKER})"
EDITIONS = (
    r"\d{1,3}(?:st|nd|rd|th)?~anniversary(?:~(?:edition|cut|version))?",
    # "Ultimate Hunter Edition" has a name of its own in the middle; a cut has none.
    r"(?:ultimate|collector'?s?|special|limited|deluxe)[ ._-][^\W\d_]+(?:'s)?~edition",
    rf"{_MAKERS}~(?:edition|cut|version|edit)",
    "extended", "un(?:rated|cut|censored)", "theatrical", "re~cut", "redux", "re~master(?:ed)?",
    "restored", "imax(?:~enhanced)?", "criterion(?:~collection)?", "open~matte", "fan~edit",
    "directors|director's", "despeciali[sz]ed", "[2-4]~in~1", "colori[sz]ed", "steelbook",
    "versione?~(?:longue|estesa|int[eé]grale|extendida)", "(?:lang|kino)fassung",
)  # fmt: skip
# These say it only behind the year: titles end so, too.
_EDITION = words(
    rf"(?:(?:{_MAKER})~)+(?:cut|version|edition)", *EDITIONS, "ultimate", "collector'?s?", "dc"
).pattern
EDITION = re.compile(f"{_EDITION}(?:[ ._-]{{1,2}}{_EDITION})*")

LANGUAGES = (
    "german", "(?:true)?french", "italian", "ita", "spanish", "castellano", "english", "eng",
    "danish", "swedish", "norwegian", "nordic", "finnish", "dutch", "flemish", "polish", "czech",
    "hungarian", "romanian", "russian", "ukrainian", "turkish", "greek", "hebrew", "arabic",
    "hindi", "tamil", "telugu", "malayalam", "kannada", "bengali", "marathi", "punjabi", "urdu",
    "korean", "japanese", "chinese", "mandarin", "cantonese", "thai", "vietnamese", "indonesian",
    "portuguese", "brazilian", "latino", "catalan", "persian", "icelandic", "bulgarian", "slovak",
    "latvian", "lithuanian", "serbian", "croatian", "fre|fra|ger|spa|esp|rus|ukr|jpn|jap|kor|hin",
    "dual(?:~audio)?", "ml", "dubbed", "subbed", "vost(?:fr)?", "vf[fiq2]?", "vof?", "multi~subs?",
    "subs", "e~subs?", "swissgerman",
)  # fmt: skip
_CHECKSUM = r"(?<=[\[(])[0-9a-f]{8}(?=[\])])"
# What ends a title where no year does, and never stands in one.
MARKS = words(
    *(
        pattern + quality.GLUED
        for _, patterns in quality.EARLY_SURE + quality.SURE
        for pattern in patterns
    ),
    r"(?:[48]kto|web|bd|dvd|u?hd)?\d{3,4}[pi](?:~remux)?",
    r"\d{3,4}[x×*]\d{3,4}", "[xh]~26[456]", "hevc", "x~vid", "divx",  # noqa: RUF001
    "avc", "av1", "vp9", "remux", r"re~pack\d?", "ac3d?", "e?ac~3", "dts(?:~(?:hd|ma|x|es))*",
    r"dd[p+]?\d~\d", "flac", "mpeg~2", r"aac(?:\d~\d)?", "true~hd", r"\d{1,2}~bits?", "hi10p?",
    "hdr10(?:plus)?", _CHECKSUM,
)  # fmt: skip
_LOGY = "(?:duo|tri|quadri|tetra|penta|hexa|hepta|octa?)log(?:y|ie|ia|ía)"
# What may be left at the end of a title once it is cut; the second kind may belong to it.
SURELY_LEFT = words(
    *EDITIONS, _LOGY, "internal", "multi", "dl", "complete", "mkv", "mp4", "avi", r"\dcds?",
    r"cd\d(?:of\d)?", "nfo~fix", "read~nfo",
)  # fmt: skip
PERHAPS_LEFT = words(
    *LANGUAGES,
    *(pattern for _, patterns in quality.EARLY_LOOSE + quality.LOOSE for pattern in patterns),
    "limited", "proper", r"rerip\d?", "(?:h|half~)?(?:sbs|ou)", "3d", "hd", "sd", "hc", "tv",
    "[48]k", "uhd", "fhd", "special", "line", "real", "hybrid", "ws", "fs", "hr", r"v\d", "do[ck]u",
    "dv", "hdr", "new", "dc", "om", "hq", "stv", "xxx", "hfr", r"\d\dfps", "convert", "custom",
    "anthology", "box~set", "(?:l'?)?int[eé]grale?s?", "coffret", "720|1080|2160", SERVICE_WORDS,
)  # fmt: skip
# And at the end of that of a series, before its season.
SERIES_LEFT = words(
    "(?<!,[ ._])the", "complete", "entire", "all~seasons?", "seasons?", "staffeln?", "saisons?",
    "stagion[ei]", "temporadas?", "ep(?:isodes?)?",
)  # fmt: skip

EITHER_LEFT = re.compile(f"{SURELY_LEFT.pattern}|{PERHAPS_LEFT.pattern}")
_OTHER = words(r"[\d.]+", "[0-9a-f]{8}", "dolby~vision", "audio")
# A bracket in front that holds such a word names no maker.
TAG = re.compile("|".join(p.pattern for p in (MARKS, SURELY_LEFT, PERHAPS_LEFT, PROPER, _OTHER)))

# What is no film, or more than one.
NO_FILM = words(
    "soundtrack", "ost", "trailers?", "making~of", "featurettes?", "bonus~dis[ck]", "sample",
    _LOGY, "anthology", "discography", "coffret",
    r"(?<!version[ ._-])(?<!versione[ ._-])(?:l'?)?int[eé]grale",
    r"(?<!criterion[ ._-])collection", "box~set", "audio~book", "e~book", "epub",
)  # fmt: skip
CHECKSUM = words(_CHECKSUM)
# What is about a film says so at the end of the title, too.
ABOUT = re.compile(r".(?:soundtrack|making of|complete collection| ost)$")
COMPLETE = re.compile(r"\W*complete(?![^\W_]|[ ._-](?:edition|cut|version|uncut))")
YEARS = re.compile(  # "1941 - 1979" without a bracket is a title and its year
    r"(?<!\d)(?:19|20)\d\d[-–](?:19|20)\d\d(?!\d)"  # noqa: RUF001
    r"|[(\[](?:19|20)\d\d [-–] (?:19|20)\d\d[)\]]"  # noqa: RUF001
)
# A day on which nothing can have been on the air, or that may be one of two: of no episode.
DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([ ._-])\d\d\1\d\d|[0-3]\d([ ._-])[0-3]\d\2(?:19|20)\d\d)(?!\d)"
)

_ENDS = "com|net|org|info|xyz|site|mx|ca"
_MORE_ENDS = "io|to|tv|me|cc|ws|club|world|top|lol|is|eu|de|fr|it|es|pl|ru|uk|us|in|se|nl|pro|life"
# "Stand.by.Me - 1986" is no site in Montenegro: without "www." or a bracket few endings count.
SITE = re.compile(
    r"^(?:[\[({【][ ._]*(?:[^\[\](){}【】]* )?(?:www\.)?[a-z0-9][a-z0-9.-]*?"
    rf"\.(?:{_ENDS}|{_MORE_ENDS})"
    r"(?:\.[a-z]{2})?[ ._]*[\])}】][ ._]*(?:-[ ._]*)?"
    r"|ww?w[ .,][a-z0-9][a-z0-9 .,-]{2,40}?[ ._]+-[ ._]+"
    rf"|[a-z0-9][a-z0-9.-]*?\.(?:{_ENDS})(?:\.[a-z]{{2}})?[ ._]+-[ ._]+)",
    re.IGNORECASE,
)
# In capitals "TS" is a telesync.
EXTENSION = re.compile(
    r"\.(mkv|mk3d|mp4|avi|m4v|mov|wmv|mts|(?-i:ts)|m2ts|mpe?g|m2v|webm|og[mv]|flv|vob|asf|3gp"
    r"|rm(?:vb)?|wtv|torrent|nzb|nfo|srt|(?-i:sub)|idx|ass|ssa|mka|rar|r\d\d|zip|7z|jpe?g|png)$",
    re.IGNORECASE,
)
