"""The words that release names are made of, as tables that `releases.py` looks things up in.

Tables are in order: the first row that matches is the answer. In a pattern "~" stands for an
optional separator, and every pattern matches whole words only, in any case.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Source(StrEnum):
    """What a release was made from."""

    BLURAY = "bluray"
    WEBDL = "webdl"
    WEBRIP = "webrip"
    TV = "tv"
    DVD = "dvd"
    SCREENER = "screener"
    TELECINE = "telecine"
    TELESYNC = "telesync"
    CAM = "cam"
    WORKPRINT = "workprint"


class Modifier(StrEnum):
    """How little was done to the source."""

    REMUX = "remux"  # film and sound as they were, in another file
    DISC = "disc"  # the whole disc, with its menus
    RAWHD = "rawhd"  # a broadcast as it was sent


class Kind(StrEnum):
    FILM = "film"
    TV = "tv"
    NONE = "none"  # nothing says that it is a release, or something says that it is no film


def words(*patterns: str) -> re.Pattern[str]:
    """Any of these words; an underscore stands between words as a dot does."""
    either = "|".join(patterns).replace("~", "[ ._-]?")
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)


def first(table: Sequence[tuple[T, re.Pattern[str]]], text: str) -> T | None:
    """The answer of the first row whose pattern is found."""
    return next((answer for answer, pattern in table if pattern.search(text)), None)


# Filmed in the cinema or not yet for sale. These come first: whatever else such a name says is
# there to sell it.
EARLY_SURE = (
    (Source.WORKPRINT, ("workprint",)),
    (Source.CAM, ("(?:new|hq|hd)~cam(?:~rip)?", "cam~rip")),
    (Source.TELESYNC, ("(?:hd|hq)~ts(?:~rip)?", "ts~rip", "telesynch?", "p(?:re)?dvd(?:~rip)?")),
    (Source.TELECINE, ("hd~tc(?:~rip)?", "tc~rip", "telecine")),
    (Source.SCREENER, ("(?:dvd|bd|blu~ray|web|hd)~scr(?:eener)?",)),
)
# Words that a title may have as well count only behind it.
EARLY_LOOSE = (
    (Source.WORKPRINT, ("wp",)),
    (Source.CAM, ("cam",)),
    (Source.TELESYNC, ("ts",)),
    (Source.TELECINE, ("tc",)),
    (Source.SCREENER, ("scr(?:eener)?",)),
)
SURE = (
    (
        Source.BLURAY,
        (
            r"(?:m|uhd~)?blu~ray(?:rip|iso|\d{3,4}[pi])?",
            r"(?:uhd~?)?bd~(?:rip|remux|light|mux|iso|full|25|50|66|100|\d{3,4}[pi])",
            "(?:uhd|uhd2|hd2)bd", "br~rip", "hd~dvd(?:rip)?", "uhd~(?:remux|rip)",
        ),
    ),
    (Source.WEBRIP, ("web~(?:hd)?(?:rip|mux|cap)", "web~dl~rip", "vod~rip")),
    (Source.WEBDL, ("web~(?:dl|hd)", "hd~rip", "(?:itunes|amazon|netflix|disney)~u?hd")),
    (Source.TV, ("a?hd~tv(?:rip)?", "[sp]d~tv(?:rip)?", "ds~r(?:ip)?", "dvb(?:rip)?")),
    (Source.TV, ("(?:sat|tv|dth|ppv)~rip",)),
    (Source.DVD, (r"(?:\dx?|m)?dvd(?:~(?:rip|r|mux|iso)|-?[59])", "xvidvd", "sd~dvd")),
)  # fmt: skip
LOOSE = (
    (Source.BLURAY, ("bd",)),
    (Source.WEBDL, ("web",)),
    (Source.DVD, ("dvd", "ntsc", "pal", "r5", "vhs(?:~rip)?", "laser~disc")),
)
SOURCES = tuple(
    (source, words(*patterns)) for source, patterns in EARLY_SURE + EARLY_LOOSE + SURE + LOOSE
)

# A height in figures outranks a name for it: "4Kto1080p", "1080p UHD BluRay".
HEIGHT = re.compile(
    r"(?<!\d)(?:\d{3,4}x)?(2160|1440|1080|960|720|576|540|480|360)[pi](?![a-z])", re.IGNORECASE
)
HEIGHT_BY_WIDTH = re.compile(r"(?<!\d)\d{3,4}x(\d{3,4})(?!\d)")
HEIGHT_NAMES = (
    (2160, words("4k", "[um]?uhd(?:~(?:bd|remux|rip|bdrip))?", "ultra~hd", "netflix~uhd")),
    (1080, words("fhd", "full~hd")),
    # By custom a rip of a Blu-ray that does not say its height has that of a DVD.
    (480, words("b[dr]~rip")),
)

REMUX = words("(?:bd|uhd|hybrid|blu~ray)?~remux", r"\d{3,4}[pi]~remux")
DISC = words(
    "bd~(?:25|50|66|100)", "(?:bd|dvd|blu~ray)~full", "(?:bd|dvd|blu~ray)?~iso", "untouched",
    "complete~(?:uhd~)?(?:m?blu~ray|bd|hd~dvd|(?:pal~|ntsc~)?m?dvd~(?:r|[59])?)", "bdmv",
    "video_ts",
)  # fmt: skip
DVD_DISC = words(r"(?:\dx?|m)?dvd(?:~r|-?[59])")
# "Blu-ray AVC DTS-HD" is a disc by the custom of those who share them: an encode names its
# encoder (x264), and a remux says that it is one.
DISC_VIDEO = words("avc", "vc~1", "mpeg~2")
DISC_SOUND = words("dts~hd", "true~hd", r"l?pcm(?:\d\.\d)?", r"ddp?\+?(?:\d\.\d)?")
ENCODED = words("[xh]~26[456]", "xvid", "divx", "av1")
RAW_BROADCAST = words("mpeg~2")

PROPER = words(r"(?:proper|repack|rerip)(\d?)")
REVISION = re.compile(r"(?<![a-z])v([2-9])(?!\w)", re.IGNORECASE)

CODECS = (
    ("h266", words("[xh]~266", "vvc")),
    ("h265", words("[xh]~265", "hevc")),
    ("h264", words("[xh]~264", "avc")),
    ("av1", words("av1")),
    ("vc1", words("vc~1")),
    ("mpeg2", words("mpeg~2")),
    ("xvid", words("x~vid", "divx")),
)
HDR = (
    ("dv", words("dv", "dovi", "dolby~vision")),
    ("hdr10+", words(r"hdr10(?:\+|~p(?:lus)?)")),
    ("hdr", words(r"hdr(?:10)?(?!\+)", "hlg")),
)

_CUTS = (
    r"(?:the~)?(?:extended|director'?s|final|theatrical|international|fan)~(?:cut|edition)",
    "director'?s", "extended", "un(?:rated|cut|censored)", "theatrical", "re~cut", "redux",
    "re~mastered", "restored", "imax", "criterion(?:~collection)?", "open~matte", "fan~edit",
    "(?:special|ultimate|collector'?s|limited|definitive|imperial)~edition",
    r"\d{1,3}(?:st|nd|rd|th)~anniversary(?:~edition)?", "despecialized",
)  # fmt: skip
EDITION = re.compile(
    words(*_CUTS).pattern + "(?:[ ._-]" + words(*_CUTS).pattern + ")*", re.IGNORECASE
)
_LANGUAGES = (
    "german", "(?:true)?french", "italian", "ita", "spanish", "castellano", "english", "danish",
    "swedish", "norwegian", "nordic", "finnish", "dutch", "flemish", "polish", "czech",
    "hungarian", "romanian", "russian", "ukrainian", "turkish", "greek", "hebrew", "arabic",
    "hindi", "tamil", "telugu", "korean", "japanese", "chinese", "mandarin", "cantonese", "thai",
    "portuguese", "brazilian", "latino", "dual", "ml", "dubbed", "subbed", "vostfr", "vff",
)  # fmt: skip
# What ends a title where no year does, and never stands in one.
MARKS = words(
    *(pattern for _, patterns in EARLY_SURE + SURE for pattern in patterns),
    r"\d{3,4}[pi](?:~remux)?", r"\d{3,4}x\d{3,4}", "[xh]~26[456]", "hevc", "x~vid", "divx", "avc",
    "remux", r"repack\d?", "ac3d?", "e?ac~3", "dts(?:~(?:hd|ma|x|es))*", r"dd[p+]?\d~\d", "flac",
    r"aac(?:\d~\d)?", "true~hd", r"\d{1,2}~bit",
)  # fmt: skip
# What may be left at the end of a title once it is cut; the second kind may belong to it.
SURELY_LEFT = words(*_CUTS, "internal", "multi", "dl", "complete", "mkv", "mp4", "avi")
PERHAPS_LEFT = words(
    *_LANGUAGES, *(pattern for _, patterns in EARLY_LOOSE + LOOSE for pattern in patterns),
    "limited", "proper", r"rerip\d?", "3d", "hsbs", "half~(?:sbs|ou)", "hd", "sd", "hc", "tv", "4k",
    "uhd", "fhd", "special", "line", "real", "hybrid", "ws", r"v\d", "docu", "amzn", "nf", "dsnp",
)  # fmt: skip

# What is no group, though it stands last in brackets; eight hexadecimal digits are a checksum.
NO_GROUP = re.compile(
    "|".join(p.pattern for p in (MARKS, SURELY_LEFT, PERHAPS_LEFT, PROPER))
    + r"|[\d.]+|[0-9a-f]{8}|v\d|hdr|subs|audio",
    re.IGNORECASE,
)

# "Open Season 2 (2008)" and "10x10 (2018)" are films: a year stands behind the number.
_NO_YEAR = r"(?!~[(\[]?(?:19|20)\d\d)"
SERIES = (
    re.compile(r"(?<![^\W_])s\d{1,4}[ ._-]?ep?\d{1,4}", re.IGNORECASE),
    re.compile(r"(?<=[ ._\-\[(])s\d{2}(?:[ ._-]?-[ ._-]?s?\d{2})?(?![^\W_])", re.IGNORECASE),
    words(
        rf"\d{{1,2}}x\d{{2,3}}{_NO_YEAR}",
        r"(?<=[ ._-])e\d{2,4}",
        r"cap~\d{3}",
        r"\d~(?:blm|b[oö]l[uü]m)",
    ),
    words(rf"(?:season|staffel|saison|stagione|temporada)s?~\d{{1,2}}{_NO_YEAR}"),
    words(r"(?:19|20)\d\d[ ._-](?:0[1-9]|1[0-2])[ ._-](?:0[1-9]|[12]\d|3[01])"),
    words(r"(?:0[1-9]|[12]\d|3[01])[ ._](?:0[1-9]|1[0-2])[ ._](?:19|20)\d\d"),
    words("complete~(?:series|season)", "tv~pack", "mini~series"),
    # Episodes of an anime series have a bare number behind a dash, or in a bracket.
    re.compile(r"[ _.]-[ _.](?!19\d\d|20\d\d)\d{2,4}(?:v\d)?(?=[ _\[(.-]|$)"),
    re.compile(r".[\[【](?!480|540|576|720)\d{2,3}(?:v\d| ?(?:end|fin|完))?[\]】]", re.IGNORECASE),
)
EPISODE = words(r"episode~\d+")
NO_FILM = words(
    "soundtrack", "ost", "trailers?", "making~of", "featurettes?", "bonus~disc", "sample",
    "trilogy", "quadrilogy", "anthology", r"(?<!criterion[ ._-])collection", "discography",
)  # fmt: skip
YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d-(?:19|20)\d\d(?!\d)")

# "Stand.by.Me - 1986" is no site in Montenegro: without "www." only few endings count.
SITE = re.compile(
    r"^[\[({ ]*(?:www\.[a-z0-9.-]+?"
    r"|[a-z0-9][a-z0-9.-]*?\.(?:com|net|org|info|xyz|site|mx|ca)(?:\.[a-z]{2})?)"
    r"(?:[\])}]+[ ._]*(?:-[ ._]*)?|[ ._]+-[ ._]+)",
    re.IGNORECASE,
)
EXTENSION = re.compile(
    r"\.(?:mkv|mp4|avi|m4v|mov|wmv|m?ts|m2ts|mpe?g|webm|ogm|flv|vob|torrent|nzb|srt|sub)$",
    re.IGNORECASE,
)
REPOSTED = re.compile(
    r"(?:-(?:rakuv\w*|rp|xpost|obfuscat\w+|asrequested|buymore|whiterev|z0ids3n|4p|postbot"
    r"|\w*repackpost|pre|sample|1)|\[(?:rartv|rarbg|eztv|tgx|ettv|www\.[^\]]+)\])$",
    re.IGNORECASE,
)
