"""The words of release names that say something technical, one by one.

What they mean is read elsewhere (`release_quality.py`, `release_media.py`). Here they only tell
where a title, or the name of a group, cannot be.
"""

import re
from functools import lru_cache


def _either(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_TECHNICAL = _either(
    r"(?:\d{3,4}x|[a-z]{2,8})?\d{3,4}[pi]", r"\d{3,4}[x×*]\d{3,4}",  # noqa: RUF001
    "[48]k(?:light)?", "4kto1080p", "[mu]?uhd", "[fm]hd", r"\d{1,2}bits?", "hi10p?",
    r"hdr(?:10)?(?:p|plus)?", "hlg", "sdr", "dv", "dovi",
    "[xh]?26[3-6]", "hevc", "avc", "av1", "vc1", "vp9", "xvid", "divx", "mpeg[24]?", "wmv",
    "(?:b[dr]|blu(?:ray)?|uhd(?:bd)?|[su]?hd|dvd|web(?:hd|dl)?|dl|tv|[ahpsu]*dtv|sat|d[tv]b|dt[ht]"
    "|ld|vhs|vod|ppv|iptv|cam|t[sc])(?:rip(?:mux)?|mux)",
    "blu(?:ray)?", "bd(?:remux|full|iso|mv|25|50|66|100|light|[r59])?", "remux", "web(?:dl|cap)?",
    "a?hdtv", "[sp]dtv", "htdv", "dsr", r"(?:\dx?|m)?dvd(?:r|scr|[59])?", "xvidvd",
    "(?:hd|hq)?cam", "hdt[sc]", "dvb",
    "e?dts(?:hd|es|x|ma)?", "e?ac3[ld]?", r"e?aac\d?", r"dd(?:pa?)?\d{0,2}", "truehd", "atmos",
    "l?pcm", "flac", "opus", "mp[23]", r"\dch", r"\d{2,4}kbps", r"\d{2,5}[mg]i?b", "pgs",
    "(?:e|soft|hard|multi)?sub(?:s|bed)?", "subtitles?", "dubbed", "mkv", "mp4", "avi",
    "amzn", "dsnp", "nf", "hmax", "atvp", "pcok",
    "proper", r"repack\d?", "rerip", "int(?:ernal)?", "ntsc", "pal",
)  # fmt: skip
# These are words of titles too, so that they prove nothing by themselves.
_ALSO_TAGS = _either(
    "dl", "rip", "ray", "hd", "sd", "hq", "tv", "ts", "tc", "ma", "es", "hra", "he", "lc", "[xhr]",
    "dolby", "digital", "vision", "plus", "hybrid", "bit", "audio", "dub", r"multi\d?", "multiple",
    "dual", "ml", "ld", "md", "gb", "big5", "ch[st]", "ass", "srt", "hc", "extended", "uncut",
    "cut", "un(?:rated|censored)", "complete", "extras?", "limited", "remastered", "restored",
    "criterion", "edition", "theatrical", "imax", "open", "matte", "special", "clean", "real",
    "iso", "untouched", "ws", "fs", "3d", "h?sbs", "h?ou", r"v\d", r"cd\d", r"disc\d?",
    r"part\d*", r"\d+v\d", "end", "final", "ova", "oad", "batch", "weekly", "hulu", "itunes",
    "amazon", "netflix", "by", r"[\d.,]+(?:[mg]i?b|fps)?", r"s\d+(?:e\d+)?", r"e\d+",
)  # fmt: skip


@lru_cache(maxsize=4096)
def is_technical(word: str) -> bool:
    """Is this word in no title, as "1080p" and "x264" are not?"""
    return _TECHNICAL.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def is_tag(word: str) -> bool:
    """Is this word something that names of releases say, though a title may have it as well?"""
    return is_technical(word) or _ALSO_TAGS.fullmatch(word) is not None
