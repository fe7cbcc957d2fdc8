"""What Plex, Jellyfin and Emby say of files and of titles, in our words. Pure.

Source of the codecs' names: https://ffmpeg.org/ffmpeg-codecs.html; the servers use most of them.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime

import msgspec

from movie_sync.library_models import Found
from movie_sync.media_names import storable

Here = Callable[[str], str | None]  # where this machine finds a path of the server's

FORM = 1  # of what is made of an answer; another one has everything made anew

_CONTAINERS = {"mkv": "matroska", "webm": "matroska", "ts": "mpegts", "m2ts": "mpegts",
               "m4v": "mp4", "mpeg": "mpeg", "mpg": "mpeg", "wmv": "asf"}  # fmt: skip
_CODECS = {"dca": "dts", "srt": "subrip", "pgs": "hdmv_pgs_subtitle", "pgssub": "hdmv_pgs_subtitle",
           "vobsub": "dvd_subtitle", "dvdsub": "dvd_subtitle", "dvbsub": "dvb_subtitle",
           "h265": "hevc", "x264": "h264", "mpeg2": "mpeg2video", "vtt": "webvtt"}  # fmt: skip
_FORMS = {
    "imdb": re.compile(r"tt\d{6,10}"),
    **dict.fromkeys(("tmdb", "tvdb", "tvmaze", "trakt"), re.compile(r"[1-9]\d{0,9}")),
}
_WINDOWS = re.compile(r"[A-Za-z]:\\|\\\\")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SAYS_NOTHING = frozenset({"und", "mis", "mul", "zxx", "qaa"})
_LAST = datetime(3000, 1, 1, tzinfo=UTC).timestamp()
_LONGEST = 300


def here(path: str, path_map: Mapping[str, str], ours: Collection[str] = ()) -> str | None:
    """Where this machine finds a file of the server; None where nothing says that it can.

    Args:
        path_map: folders as the server sees them -> the same here. The longest that it lies in
            counts, with upper and lower case as they are.
        ours: folders of this machine. What lies in one of them by the same name is that very file.
    """
    found = max((each for each in path_map if _lies_in(path, each)), key=len, default=None)
    if found is not None:
        rest = path[len(found.rstrip("/\\")) :]
        if _WINDOWS.match(path):
            rest = rest.replace("\\", "/")
        return storable((path_map[found].rstrip("/") + rest) or "/")
    return storable(path) if any(_lies_in(path, each) for each in ours) else None


def _lies_in(path: str, folder: str) -> bool:
    start = folder.rstrip("/\\")
    return path.startswith(start) and path[len(start) : len(start) + 1] in ("/", "\\", "")


def ids_of(some: Mapping[str, str | None]) -> dict[str, str]:
    """Those that are what they say, by our names for who numbers so."""
    named = {provider.lower(): (number or "").strip() for provider, number in some.items()}
    return {
        provider: named[provider]
        for provider, form in _FORMS.items()
        if form.fullmatch(named.get(provider, ""))
    }


def container_of(name: str | None) -> str:
    first = (name or "").partition(",")[0].strip().lower()
    return _CONTAINERS.get(first, first) or "unknown"


def codec_of(name: str | None) -> str:
    lower = (name or "").strip().lower()
    return _CODECS.get(lower, lower) or "unknown"


def language_of(code: str | None) -> str | None:
    told = (code or "").strip().lower().partition("-")[0]
    return told if _LANGUAGE.fullmatch(told) and told not in _SAYS_NOTHING else None


def line_of(text: str | None) -> str | None:
    """In one line, without what no database takes."""
    kept = "".join(each if each.isprintable() else " " for each in text or "")
    return " ".join(kept.split())[:_LONGEST] or None


def titles_of(*titles: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(line_of, titles))))


def positive(number: float | None) -> int | None:
    return int(number) if number and 0 < number < 2**53 else None


def moment_of(seconds: float | None) -> datetime | None:
    """Of seconds since 1970; a time that cannot be is none."""
    return datetime.fromtimestamp(seconds, UTC) if seconds and 0 < seconds < _LAST else None


def moment_in(text: str | None) -> datetime | None:
    """Of a text as "2024-01-02T03:04:05.1234567Z"; one without a zone is in UTC."""
    try:
        told = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text or ""))
    except ValueError:
        return None
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return told.astimezone(UTC) if 1900 < told.year < 3000 else None


def day_in(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def mark_of(*facts: object) -> str:
    """Another one wherever any of the facts is another one."""
    return hashlib.blake2b(msgspec.json.encode((FORM, *facts)), digest_size=8).hexdigest()


def marked(found: Found, mark: str = "") -> Found:
    """With a fingerprint of all that it says, behind that by which it is known to be unchanged."""
    fingerprint = f"{mark}.{mark_of(found)}" if mark else mark_of(found)
    return msgspec.structs.replace(found, fingerprint=fingerprint)
