"""Looks into one film file and prints what it is, as JSON: the child process of services/media.py.

A file that strangers made is read here by a large library, alone and on a short leash, so that one
made to break its reader breaks this process and nothing else. Only what opens the file is read;
it is opened as one of the formats that films come in, and may lead to no other file or address.
Source: https://pyav.basswood-io.com and https://ffmpeg.org/ffmpeg-formats.html.
"""

import errno
import json
import resource
import sys
from typing import Any

NOT_A_VIDEO = 3  # exit code; any other but 0 says nothing of the file
MEMORY_BYTES = 2 * 1024**3  # of address space, most of which is never touched
CPU_S = 50
OUTPUT_BYTES = 64 * 1024

_FORMATS = "avi,asf,flv,matroska,mov,mp4,mpeg,mpegts,mpegvideo,ogg,rm,webm"
_SAYS_NOTHING = frozenset({"und", "mis", "mul", "qaa", "zxx", ""})
_LONGEST_CODE = 3
_MICROSECONDS = 1_000_000


def main(path: str) -> int:
    import av

    _limit()
    options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
    try:
        with av.open(path, options=options, metadata_errors="replace") as container:
            facts = _facts(container)
    except av.error.FFmpegError as error:
        of_the_file = isinstance(error, av.error.InvalidDataError) or error.errno == errno.EINVAL
        if not of_the_file:
            raise
        facts = None
    if facts is None:
        return NOT_A_VIDEO
    sys.stdout.write(json.dumps(facts))
    return 0


def _limit() -> None:
    """Only what this process may need; no dump of it is left behind."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (lower, hard))


def _facts(container: Any) -> dict[str, Any] | None:
    """What services/media.py makes `MediaFacts` of; None if there is no moving picture."""
    from av.stream import Disposition

    pictures = [
        stream
        for stream in container.streams.video
        if not stream.disposition & Disposition.attached_pic
    ]
    if not pictures:
        return None
    return {
        "duration_s": _duration_s(container, pictures[0]),
        "lines": pictures[0].height or None,
        "audio_languages": [_language(stream) for stream in container.streams.audio],
    }


def _duration_s(container: Any, picture: Any) -> float | None:
    if container.duration and container.duration > 0:
        return float(container.duration / _MICROSECONDS)
    if picture.duration and picture.duration > 0 and picture.time_base:
        return float(picture.duration * picture.time_base)
    return None


def _language(stream: Any) -> str | None:
    """ISO 639 code, two or three letters; None where it is not said."""
    code = str(stream.language or "").partition("-")[0].strip().lower()
    told = code.isascii() and code.isalpha() and len(code) <= _LONGEST_CODE
    return code if told and code not in _SAYS_NOTHING else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
