"""Looks into media files, one after another: the child process of services/media.py.

Files that strangers made are read here by a large library, alone and on a short leash, so that
one made to break its reader breaks this process and nothing else. The library is given bytes of
that one file, as one of the formats that films come in, and can open nothing.

A line of JSON on standard input names a file, a line on standard output answers it; the end of
the input, as when the parent was killed, ends this process at once. Nothing is ever written.
Source: https://pyav.basswood-io.com and https://ffmpeg.org/ffmpeg-formats.html.
"""

import contextlib
import errno
import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import msgspec
from msgspec import Struct

from movie_sync import media_whole
from movie_sync.media_models import Broken, Hdr, Media
from movie_sync.media_reading import media_of, pictures_of
from movie_sync.media_source import Source, TooMuch, open_file

NO_VIDEO = "it is no video, whatever its name says"
MEMORY_BYTES = 2 * 1024**3  # of address space, most of which is never touched
CPU_S = 50  # a file
FILES = 1000  # then a new process takes its place, whatever has piled up in this one
GROWN_KIB = 256 * 1024  # or when it has become as large as this; 55 MiB are usual
FRESH_S = 60.0

_DESCRIPTORS = 32
_FORMATS = "avi,asf,flv,matroska,mov,mp4,mpeg,mpegts,mpegvideo,ogg,rm,webm"
_OPTIONS = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}
_BUFFER_BYTES = 64 * 1024
_ZEROS_BYTES = 64 * 1024
_MOST_PACKETS = 50  # until one picture is whole


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line. Exactly one of the first three is there."""

    media: Media | None = None
    broken: Broken | None = None
    unread: tuple[int, str] | None = None  # errno and why: nothing is known of the file
    last: bool = False  # this process ends after it


class Ready(Struct, frozen=True, tag="ready"):
    """The first line: all is loaded, and what goes wrong from here on is a file's doing."""


def main() -> None:
    import av  # noqa: F401  loaded before anything is limited

    _limit()
    asked: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    _say(Ready())
    for count in range(1, FILES + 1):
        path = json.loads(asked.get())
        _allow_cpu()
        answer = answer_of(path)
        last = count == FILES or _resident_kib() > GROWN_KIB
        _say(msgspec.structs.replace(answer, last=last))
        if last:
            break
    os._exit(0)  # the listener cannot be woken


def _listen(asked: "SimpleQueue[bytes]") -> None:
    """In a thread of its own: the parent's end must be noticed in the middle of a file too."""
    for line in sys.stdin.buffer:
        asked.put(line)
    os._exit(0)


def _say(answer: Struct) -> None:
    line = memoryview(msgspec.json.encode(answer) + b"\n")
    while line:
        line = line[os.write(sys.stdout.fileno(), line) :]


def _limit() -> None:
    """Only what this process may need; no dump of it is left behind."""
    with contextlib.suppress(OSError):
        os.nice(5)
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        lower = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (lower, hard))


def _allow_cpu() -> None:
    used_s = time.process_time()
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = int(used_s) + CPU_S
    resource.setrlimit(
        resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
    )


def _resident_kib() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # not on Linux: the most that it ever was
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * (resource.getpagesize() // 1024)


def answer_of(path: str) -> Answer:
    try:
        descriptor = open_file(path)
    except OSError as error:
        return _unread(error)
    try:
        return _answer(Source(descriptor))
    finally:
        os.close(descriptor)


def _answer(source: Source) -> Answer:
    try:
        told = _look(source)
    except OSError as error:
        if error is not source.failure:
            raise
        return _unread(error)
    if source.changed():
        return Answer(unread=(errno.EBUSY, "it was written to meanwhile"))
    if isinstance(told, Media):
        return Answer(media=told)
    fresh = told.fresh and source.age_s(time.time()) < FRESH_S
    return Answer(broken=msgspec.structs.replace(told, fresh=fresh))


def _unread(error: OSError) -> Answer:
    return Answer(unread=(error.errno or errno.EIO, error.strerror or str(error)))


def _look(source: Source) -> Media | Broken:
    """What the file is; `fresh` where it could become whole yet, however old it is.

    Raises:
        OSError: the disk failed.
    """
    if source.size_bytes == 0:
        return Broken(sentence="it is empty", fresh=True)
    try:
        media, begins = _read(source)
    except TooMuch:
        return Broken(sentence="it would have to be read as a whole to be known", silent=True)
    except _errors() as error:
        if source.failure is not None:
            raise source.failure from error
        return _unreadable(source, error)
    if source.failure is not None:  # some formats take what they could read for all there is
        raise source.failure
    if not media.pictures:
        what = "it holds sound and no picture" if media.sounds else "it holds no picture"
        return Broken(sentence=what)
    why = media_whole.why_not(source, media.duration_ms)
    if why is None and not begins:
        why = "it announces pictures and holds none"
    return Broken(sentence=why, media=media, fresh=True) if why else media


def _errors() -> tuple[type[Exception], ...]:
    import av

    return (av.error.FFmpegError, UnicodeError)


def _read(source: Source) -> tuple[Media, bool]:
    """What the file says, and whether it has a first picture at all."""
    import av

    with av.open(
        source, options=_OPTIONS, metadata_errors="replace", buffer_size=_BUFFER_BYTES
    ) as container:
        media = media_of(container)
        if media.picture is None:
            return media, True
        stream = pictures_of(container)[0]
        bright = media.picture.hdr is Hdr.HDR10
        begins, dynamic = _first_picture(container, stream, shown=bright)
    if dynamic:
        picture = msgspec.structs.replace(media.picture, hdr=Hdr.HDR10_PLUS)
        media = msgspec.structs.replace(media, pictures=(picture, *media.pictures[1:]))
    return media, begins


def _first_picture(container: Any, stream: Any, *, shown: bool) -> tuple[bool, bool]:
    """Whether there is one, and whether it says how bright each scene is, as HDR10+ has it.

    Args:
        shown: look at the picture itself, where alone the latter stands; else it is False.
    """
    import av
    from av.sidedata.sidedata import Type

    begins = False
    try:
        for number, packet in enumerate(container.demux(stream)):
            begins = begins or packet.size > 0
            if (begins and not shown) or number >= _MOST_PACKETS:
                break
            for frame in packet.decode():
                return True, any(side.type is Type.DYNAMIC_HDR_PLUS for side in frame.side_data)
    except av.error.FFmpegError:
        pass
    return begins, False


def _unreadable(source: Source, error: Exception) -> Broken:
    """Why its reader could make nothing of it."""
    import av

    why = media_whole.why_not(source, None)
    if why:
        return Broken(sentence=why, fresh=True)
    if not source.at(0, _ZEROS_BYTES).strip(b"\0"):
        return Broken(sentence="it holds zeros and no film", fresh=True)
    number = getattr(error, "errno", None)
    if isinstance(error, av.error.InvalidDataError | UnicodeError) or number == errno.EINVAL:
        return Broken(sentence=NO_VIDEO)
    if isinstance(error, av.error.MemoryError):
        return Broken(sentence="its reader would need more memory than any film does", silent=True)
    why = getattr(error, "strerror", None) or str(error)
    return Broken(sentence=f"its reader does not understand it: {why}", silent=True)


if __name__ == "__main__":
    try:
        main()
    finally:
        os._exit(1)  # without waiting for the listener
