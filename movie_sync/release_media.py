"""What picture and sound a release has, and the streaming service it is from, as its name says.

Of a name, only what stands behind title and year is to be looked at, in small letters.
"""

import re

from msgspec import Struct

from movie_sync.release_words import every, first, words


class Media(Struct, frozen=True, kw_only=True):
    """The codec of the picture, its depth and range, the sound, and where it was streamed."""

    codec: str | None = None
    bit_depth: int | None = None
    hdr: tuple[str, ...] = ()
    audio: tuple[str, ...] = ()
    channels: str | None = None
    three_d: bool = False
    service: str | None = None


_CODECS = (
    ("h266", words("[xh]~266", "vvc")),
    ("h265", words("[xh]~265", "hevc")),
    ("h264", words("[xh]~264", "avc")),
    ("av1", words("av1")),
    ("vc1", words("vc~1")),
    ("vp9", words("vp9")),
    ("mpeg2", words("mpeg~2")),
    ("xvid", words("x~vid", "divx")),
)
_HDR = (
    ("dv", words("dv", "do~vi", "dolby~vision")),
    ("hdr10+", words(r"hdr~10(?:\+|~p(?:lus)?)")),
    ("hdr", words(r"hdr(?:~10)?(?!\+|10|~p(?:lus)?(?![^\W_]))", "hlg")),
)
# "Hi10P" is the profile that ten bits have in H.264.
_BITS = re.compile(r"(?<!\d)(8|10|12)[ ._-]?bits?(?![^\W_])|(?<![^\W_])hi(10)p?(?![^\W_])")
_CHANNELS = r"(?:[ ._]?\d[ ._]\d)?"
_AUDIO = (
    ("atmos", words("atmos", r"ddpa(?:\d[ ._]\d)?")),
    ("truehd", words("true~hd" + _CHANNELS)),
    ("dts:x", words("dts[ ._:-]?x(?!~26)")),
    ("dts-hd ma", words("dts~(?:hd~)?ma" + _CHANNELS)),
    ("dts-hd", words("dts~hd(?!~ma)(?:~hra?)?" + _CHANNELS, "dts~hra?")),
    ("dts-es", words("dts~es")),
    ("dts", words("dts(?!~(?:hd|x|ma|es|hra?)(?![^\\W_]))" + _CHANNELS)),
    ("ddp", words("ddpa?" + _CHANNELS, r"dd\+" + _CHANNELS, "e~ac~3d?" + _CHANNELS)),
    ("dd", words(r"dd(?!\+)" + _CHANNELS, "dd[2-7][01]", "(?<!e[ ._-])ac~3d?" + _CHANNELS)),
    ("aac", words("(?:he~|qa?)?aac" + _CHANNELS)),
    ("flac", words("flac" + _CHANNELS)),
    ("opus", words("opus" + _CHANNELS)),
    ("pcm", words("l?pcm" + _CHANNELS)),
    ("mp3", words("mp3")),
    ("mp2", words("mp2")),
)
# The figures of "AC3.5.1" and "MP3.2ch" begin with the last; those of a version have three parts.
_SOUND = re.compile(
    r"(?<!\d)(?<!mp)(?<![0-24-9]\.)([1-9])[ ._]([0-4])(?:[ ._]?ch)?(?![^\W_]|\.\d)"
    r"|(?<!\d)([268])[ ._-]?ch(?![^\W_])"
)
_COUNTED = {"2": "2.0", "6": "5.1", "8": "7.1"}
_THREE_D = words("3d", "(?:h|f|half~|full~)?(?:sbs|ou|tab)", "mvc", "3dbd")

# As in the names of releases of 2026. Where the abbreviation is a word too, it counts only
# right before "WEB".
_SERVICES = {
    "Amazon": "amzn amazon amazonhd amazonuhd",
    "Netflix": "nf netflix netflixhd netflixuhd",
    "Disney+": "dsnp dsny dsnyp disney+ disneyplus disneyhd",
    "HBO Max": "hmax max hbom hbomaxhd",
    "HBO": "hbo",
    "Apple TV+": "atvp atv aptv appletv",
    "iTunes": "it itunes ituneshd itunesuhd",
    "Hulu": "hulu",
    "Peacock": "pcok",
    "Paramount+": "pmtp paramount+",
    "Showtime": "sho skysho",
    "Starz": "stz starz",
    "Movies Anywhere": "ma",
    "Google Play": "play gplay",
    "YouTube": "red yt",
    "Vudu": "vudu",
    "Criterion Channel": "crit criterionchannel",
    "MUBI": "mubi",
    "Crunchyroll": "cr",
    "Funimation": "funi",
    "HIDIVE": "hidive hidi",
    "Bilibili": "bili bglobal b-global",
    "Viki": "viki",
    "Viu": "viu",
    "iQIYI": "iqiyi iq",
    "BBC iPlayer": "ip",
    "ITVX": "itv itvx",
    "Channel 4": "all4 4od",
    "NOW": "now nowtv",
    "Sky": "sky skst",
    "Stan": "stan",
    "Crave": "crav crave",
    "Roku": "roku",
    "Tubi": "tubi",
    "AMC+": "amc amc+",
    "Comedy Central": "cc",
    "Discovery+": "dscp discovery+",
    "BritBox": "britbox bbox",
    "SkyShowtime": "skyshowtime",
    "Movistar+": "m+",
    "Filmin": "filmin",
    "Canal+": "cnlp mycanal",
    "Hotstar": "hs htsr hotstar",
    "ZEE5": "zee5 zee",
    "SonyLIV": "sonyliv sliv",
    "JioCinema": "jc jio jiocinema",
    "Sun NXT": "snxt sunnxt",
    "Viaplay": "viap viaplay",
    "RTL+": "rtl+ rtlplus",
    "WOW": "wow wowtv",
    "MagentaTV": "magentatv",
    "Maxdome": "maxdomehd",
    "Rakuten": "rktn rakuten",
    "Kanopy": "knpy kanopy",
    "Pluto TV": "plutotv",
}
_SERVICE_OF = {word: name for name, said in _SERVICES.items() for word in said.split()}
_WORDS_TOO = re.compile(
    "max|it|ma|play|red|yt|cr|ip|now|sky|stan|crave|cc|hs|zee|jc|iq|wow|viki|hbo|sho|nf|atv|amc"
    "|amazon|starz|.*[+]"
)
SERVICE_WORDS = "|".join(re.escape(word) for word in _SERVICE_OF if not _WORDS_TOO.fullmatch(word))
_BEFORE_WEB = re.compile(
    r"(?<![^\W_])(?<!hd[ ._-])([a-z][\w+-]{0,14})[ ._-]{1,2}(?:hybrid[ ._-])?(?=web)"
)
_SERVICE_ANYWHERE = re.compile(rf"(?<![^\W_])(?:{SERVICE_WORDS})(?![^\W_])")


def read_media(tags: str) -> Media:
    bits = _BITS.search(tags)
    return Media(
        codec=first(_CODECS, tags),
        bit_depth=int(bits[1] or bits[2]) if bits else None,
        hdr=every(_HDR, tags),
        audio=every(_AUDIO, tags),
        channels=_channels(tags),
        three_d=_THREE_D.search(tags) is not None,
        service=_service(tags),
    )


def _channels(tags: str) -> str | None:
    """The first that is named: sound for the room before its stereo copy."""
    found = _SOUND.search(tags)
    if not found:
        return None
    return _COUNTED[found[3]] if found[3] else f"{found[1]}.{found[2]}"


def _service(tags: str) -> str | None:
    before = _BEFORE_WEB.search(tags)
    named = _SERVICE_OF.get(before[1]) if before else None
    if named:
        return named
    found = _SERVICE_ANYWHERE.search(tags)
    return _SERVICE_OF[found[0]] if found else None
