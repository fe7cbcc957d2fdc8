"""What a release was made from, how many lines its picture has, and how little was done to it.

What is said and what is only likely are kept apart: a name that says nothing of its source gives
None, and `likely_source` and `likely_resolution` are what such releases are by custom. Of a
name, only what stands behind title and year is to be looked at, for a title may be any word,
and that in small letters.
"""

import re
from enum import StrEnum

from msgspec import Struct

from movie_sync.release_words import first, words


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


class Quality(Struct, frozen=True, kw_only=True):
    """The source, the lines of the picture and the modifier, as said and as likely."""

    source: Source | None = None
    resolution: int | None = None
    modifier: Modifier | None = None
    likely_source: Source | None = None
    likely_resolution: int | None = None


# Filmed in the cinema or not yet for sale. These come first: whatever else such a name says is
# there to sell it.
EARLY_SURE = (
    (Source.WORKPRINT, ("work~print",)),
    (Source.CAM, ("(?:new|hq|hd|clean)~cam(?:~rip)?", "cam~(?:rip|hd)", "(?:hq~)?s[ -]print")),
    (Source.TELESYNC, ("(?:hd|hq|new)~ts(?:~rip)?", "ts~(?:rip|scr(?:eener)?)", "tele~synch?")),
    (Source.TELESYNC, ("(?:p|pre~)dvd(?:~rip)?",)),
    (Source.TELECINE, ("(?:hd|hq)~tc(?:~rip)?", "tc~rip", "tele~cine")),
    (Source.SCREENER, ("(?:dvd|bd|br|blu~ray|web|hd|r5)~scr(?:eener)?",)),
)
# Words that a title may have as well count only behind it.
EARLY_LOOSE = (
    (Source.WORKPRINT, ("wp",)),
    (Source.CAM, ("cam",)),
    (Source.TELESYNC, ("(?<!video[ ._-])ts",)),
    (Source.TELECINE, ("tc",)),
    (Source.SCREENER, ("scr(?:eener)?",)),
)
# Some write the streaming service and how sharp it is in one word: NetflixHD, iTunesUHD. In two
# it would be the end of "Mad Max HD".
_SERVICE = (
    "(?:amazon|apple(?:tv)?|atvp?|disney(?:plus|\\+)?|dsnp|hbo(?:max)?|hulu|itunes|joyn|magenta"
    "(?:tv)?|max(?:dome)?|netflix|paramount(?:plus|\\+)?|peacock|rakuten|rtl|sky|videoload|vudu"
    "|wow)"
)
SURE = (
    (
        Source.BLURAY,
        (
            "(?:m|c|mini|uhd~|3d~)?blue?~ray(?:~(?:rip|mux)|iso)?",
            "(?:uhd~|3d~)?bd~(?:rip(?:~mux)?|remux|light|mux|iso|full|disk|mv|25|50|66|100)",
            "bd[r59]", "(?:[mu]?uhd|uhd2|hd2)bd", "br~(?:rip(?:~mux)?|disk|remux|mux)",
            "hd~dvd(?:~rip)?", "(?:uhd|4k)~(?:remux|rip|light)", "bd(?=[0-9]{3,4}[pi])",
            "m?hd~light",
        ),
    ),
    (Source.WEBRIP, ("web~(?:u?hd)?(?:rip|mux|cap)", "(?:web~)?dl~rip", "vod~rip")),
    (Source.WEBDL, ("web~(?:dl(?:~mux)?|u?hd)", "u?hd~rip", "dl~mux", _SERVICE + "(?:u?hd|sd)")),
    (
        Source.TV,
        (
            "(?:a|u|f)?hd~tv(?:~(?:rip|mux))?", "[spl]d~tv(?:~(?:rip|mux))?", "dsr", "ds~rip",
            "raw~hd", "(?:sat|d?tv|dt[ht]|ppv|iptv)~(?:rip|mux)", "dvb(?:~(?:rip|[cst]2?))?",
            "hr[ ._-]ws",
        ),
    ),
    (
        Source.DVD,
        (
            r"(?:\dx?|m)?dvd(?:~(?:rip(?:~mux)?|r|mux|iso|full|remux)|-?[59])", "xvidvd", "sd~dvd",
            "full~dvd", "video_ts",
        ),
    ),
)  # fmt: skip
LOOSE = (
    (Source.BLURAY, ("bd",)),
    (Source.WEBDL, ("web",)),
    (Source.TV, ("ppv", "iptv")),
    (Source.DVD, ("dvd", "ntsc", "pal", "r5", "vhs(?:~rip)?", "laser~disc", "ld~rip")),
)
# Some write these without a space behind it: Bluray1080p, HDTVx264.
GLUED = r"(?:\d{3,4}[pi]|[xh]26[456])?"
_SOURCES = tuple(
    (source, words(*(pattern + GLUED for pattern in patterns)))
    for source, patterns in EARLY_SURE + EARLY_LOOSE + SURE + LOOSE
)

# Lines in figures outrank a name for them: "4Kto1080p", "1080p UHD BluRay".
_LINES_SAID = re.compile(
    r"(?<!\d)(?:\d{3,4}x)?(4320|2160|1440|1080|960|900|720|576|540|480|432|404|360)[pi](?![a-z])",
)
_PICTURE = re.compile(r"(?<!\d)(\d{3,4})[x×*](\d{3,4})(?!\d)")  # noqa: RUF001
_LINES_NAMED = (
    (2160, words("[48]k(?:light)?", "[um]?uhd(?:~(?:bd|remux|rip|bdrip|tv))?", "ultra~hd")),
    (2160, words("uhd~tv", _SERVICE + "uhd", "2160")),
    (1080, words("fhd", "full~hd", "1080")),
    (720, words("720")),
)
_STEPS = ((1900, 2160), (1000, 1080), (700, 720), (576, 576))

# A dash stands before a group too, which may be called so: it counts behind a mark only.
_REMUX = re.compile(
    r"(?:(?<![\w-])|(?<=_)|(?<=\d[pi]-)|(?<=hybrid-)|(?<=ray-)|(?<=dvd-)|(?<=hdtv-))"
    r"(?:bd|br|uhd|dvd|hybrid|blu[ ._-]?ray)?[ ._-]?remux(?:\d{3,4}[pi])?(?![^\W_])",
)
_DISC = words(
    "(?:uhd~)?bd~(?:25|50|66|100)", "bd[59]", "(?:bd|br)~disk", "(?:bd|dvd|blu~ray)~full",
    "full~(?:uhd~|3d~)?(?:blu~ray|bd|dvd)", "(?:bd|dvd|blu~ray)?~iso", "untouched",
    "complete(?:~[^\\W\\d]+){0,2}~(?:m?blu~ray|bdr?|hd~dvd|m?dvd~(?:r|[59])?)", "bdmv", "3d~bd",
    "video_ts",
)  # fmt: skip
_DVD_DISC = words(r"(?:\dx?|m)?dvd(?:~r|-?[59])")
# "Blu-ray AVC DTS-HD" is a disc by the custom of those who share them: an encode names its
# encoder (x264), and a remux says that it is one. Of 4K, encodes are named HEVC as well.
_DISC_VIDEO = words("avc", "mvc", "vc~1", "mpeg~2")
_DISC_VIDEO_4K = words("hevc")
_DISC_SOUND = words("dts(?:~hd)?", "true~hd", r"l?pcm(?:\d~\d)?", r"e?ac~3", r"ddp?(?:\d~\d)?")
_LOSSLESS = words("dts~hd", "true~hd", r"l?pcm(?:\d~\d)?", "atmos")
_ENCODED = words("[xh]~26[456]", "x~vid", "divx", "av1", "mkv", r"\d\d~bits?", "(?:bd|br|dvd)~rip")
# German groups call a remux after its languages and the codec of the disc, and say no more.
_GERMAN = words("german")
_LANGUAGES_KEPT = words("[dm]l")
_RAW_BROADCAST = words("mpeg~2", "raw~hd")

_RIP = words("b[dr]~rip")
_OLD_CODEC = words("x~vid", "divx")
_USUAL_CODEC = words("[xh]~264", "x~vid", "divx")
_HD_BROADCAST = words("hd[ ._-]tv", "hr[ ._-]ws")
# Tools that rename files and makers of anime write the source in a bracket of its own, and mean
# the usual 720 lines by it.
_ALONE = re.compile(r"[\[(](?:hdtv|web(?:[ ._-]?(?:dl|rip))?)[)\]]")

# What the ending of a file tells, where its name tells nothing.
_SD_ENDINGS = re.compile("3gp|asf|avi|flv|m[24]v|mov|mp4|mpe?g|og[mv]|rm(?:vb)?|wmv")
_HD_ENDINGS = re.compile("m2ts|mk[3v]d?|ts|wtv")
# They take their films from streams alone, and say it nowhere.
_STREAM_GROUPS = frozenset({"subsplease", "erai-raws", "horriblesubs"})


def read_quality(tags: str, *, ending: str = "", group: str | None = None) -> Quality:
    """What `tags` say, and where they say nothing, what group and ending of the file tell."""
    source, lines = first(_SOURCES, tags), _lines(tags)
    modifier = _modifier(tags, source, lines)
    if modifier is Modifier.REMUX:
        source = source or Source.BLURAY
    likely = source
    if source is None and ending == "m2ts":
        likely = Source.BLURAY
    elif source is None and group and group.lower() in _STREAM_GROUPS:
        likely = Source.WEBDL
    return Quality(
        source=source,
        resolution=lines,
        modifier=modifier,
        likely_source=likely,
        likely_resolution=lines or _likely_lines(tags, source, modifier, ending),
    )


def _lines(tags: str) -> int | None:
    said = _LINES_SAID.search(tags)
    if said:
        return _step(int(said[1]))
    picture = _PICTURE.search(tags)
    if picture:  # a wide film has fewer lines than its width stands for: 1920x800
        return _step(max(int(picture[2]), int(picture[1]) * 9 // 16))
    return first(_LINES_NAMED, tags)


def _step(lines: int) -> int:
    return next((step for least, step in _STEPS if lines >= least), 480)


def _modifier(tags: str, source: Source | None, lines: int | None) -> Modifier | None:
    if "remux" in tags and _REMUX.search(tags):
        return Modifier.REMUX
    if source is Source.TV:
        return Modifier.RAWHD if _RAW_BROADCAST.search(tags) else None
    if source is Source.DVD:
        return Modifier.DISC if _DVD_DISC.search(tags) or _DISC.search(tags) else None
    if source is Source.BLURAY and not _ENCODED.search(tags):
        return _as_on_disc(tags, lines)
    return None


def _as_on_disc(tags: str, lines: int | None) -> Modifier | None:
    """Whether the name says what is on a disc, and nothing that was done to it."""
    if _DISC.search(tags):
        return Modifier.DISC
    kept = _DISC_VIDEO.search(tags)
    if not kept and not (lines == 2160 and _DISC_VIDEO_4K.search(tags)):
        return None
    if _GERMAN.search(tags) and _LANGUAGES_KEPT.search(tags):
        return Modifier.REMUX
    sound = _DISC_SOUND if kept else _LOSSLESS
    return Modifier.DISC if sound.search(tags) else None


def _likely_lines(
    tags: str, source: Source | None, modifier: Modifier | None, ending: str
) -> int | None:
    """The lines that releases have by custom when they do not say them."""
    if source is Source.BLURAY:
        if modifier:
            return 1080
        return 480 if _RIP.search(tags) or _OLD_CODEC.search(tags) else 720
    if source is Source.TV and (modifier or _HD_BROADCAST.search(tags)):
        return 1080 if modifier else 720
    if source in (Source.TV, Source.WEBDL, Source.WEBRIP) and _ALONE.search(tags):
        return 720
    if source or _USUAL_CODEC.search(tags) or _SD_ENDINGS.fullmatch(ending):
        return 480
    return 720 if _HD_ENDINGS.fullmatch(ending) else None
