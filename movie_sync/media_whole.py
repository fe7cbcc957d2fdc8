"""Whether all of a media file is there, by what it says of its own size. Reads a few bytes only.

A film that breaks off still claims its full length, and a player notices only where it ends. So
the claims of its outermost parts are added up, and a file with holes was never wholly written.
Where a format claims nothing (MPEG-TS, FLV, recordings under way), the file is taken as whole.
Source: https://www.rfc-editor.org/rfc/rfc8794 (Matroska's EBML), ISO 14496-12 (MP4's boxes),
https://learn.microsoft.com/windows/win32/directshow/avi-riff-file-reference (AVI).
"""

from collections.abc import Callable, Iterator
from struct import unpack

from msgspec import Struct

from movie_sync.media_source import Source

At = Callable[[int, int], bytes]  # bytes from a place on, as many as there are

# Less than a thousandth is padding, or a name tag at the end: it plays to its end.
_SLACK = 1000
_MOST_PARTS = 64  # that are looked at; a recording may have thousands of them
_TAIL_BYTES = 256 * 1024
_LARGEST_BYTES = 16 * 1024**4  # of a film; more is a damaged number

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_INDEXES = frozenset((b"moov", b"moof"))
_BOXES = _INDEXES | frozenset(
    (b"ftyp", b"styp", b"mdat", b"free", b"skip", b"wide", b"meta", b"udta",
     b"uuid", b"mfra", b"sidx", b"ssix", b"emsg", b"prft", b"pdin", b"pnot")
)  # fmt: skip


class Claim(Struct, frozen=True):
    """How large a file says it is."""

    size_bytes: int
    even: bool = False  # what is missing is a part of the film itself, with the length told before
    index: bool = True  # it has the table that says where its pictures are


def claim(at: At, size_bytes: int) -> Claim | None:
    """None where it does not say."""
    head = at(0, 12)
    if head[:4] == _EBML:
        return _of_matroska(at)
    if head[4:8] in _BOXES:
        return _of_boxes(list(_boxes(at, size_bytes)))
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        ends = list(_ends_of_riffs(at, size_bytes))
        return Claim(ends[-1]) if ends else None
    return None


def why_not(source: Source, duration_ms: int | None) -> str | None:
    """Why the file is not whole, as a sentence; None where it may be."""
    size_bytes = source.size_bytes
    told = claim(source.at, size_bytes)
    if told and (told.size_bytes - size_bytes) * _SLACK > told.size_bytes:
        return _breaks_off(size_bytes, told, duration_ms)
    missing = size_bytes - source.written_bytes()
    if missing * _SLACK > size_bytes and missing >= _TAIL_BYTES:
        part = _of(size_bytes - missing, size_bytes)
        return f"only {part} of it were ever written: it was not wholly loaded or copied"
    tail = source.at(size_bytes - _TAIL_BYTES, _TAIL_BYTES) if size_bytes > 4 * _TAIL_BYTES else b""
    if tail and not tail.strip(b"\0"):
        return "its end is empty: it was not wholly loaded or copied"
    if told and not told.index:
        return "the index is missing that says where its pictures are: it was not wholly written"
    return None


def _breaks_off(size_bytes: int, told: Claim, duration_ms: int | None) -> str:
    if told.size_bytes > _LARGEST_BYTES:
        return "it is damaged: it says that it is larger than any film"
    there = f"{_of(size_bytes, told.size_bytes)} of it are there"
    if not told.index:
        return f"it breaks off before its index, without which it cannot be played: {there}"
    if not duration_ms or not told.even:
        return f"it breaks off: {there}"
    whole_s = duration_ms / 1000
    unit, seconds = ("min", 60) if whole_s >= 120 else ("s", 1)
    after = whole_s * size_bytes / told.size_bytes / seconds
    return f"it ends after about {after:.0f} of {whole_s / seconds:.0f} {unit}: {there}"


def _of(part: int, whole: int) -> str:
    for unit, size in (("GiB", 1024**3), ("MiB", 1024**2)):
        if whole >= size:
            return f"{part / size:.1f} of {whole / size:.1f} {unit}"
    return f"{part / 1024:.1f} of {whole / 1024:.1f} KiB"


def _of_matroska(at: At) -> Claim | None:
    """The end of its one segment; None where that is left open, as while it is recorded."""
    body, length = _element(at, 4)
    for _ in range(4):  # the segment follows at once, or after a filler
        start = body + (length or 0)
        if at(start, 4) == _SEGMENT:
            body, length = _element(at, start + 4)
            return None if length is None else Claim(body + length, even=True)
        body, length = _element(at, start + 1)
    return None


def _element(at: At, offset: int) -> tuple[int, int | None]:
    """Where the content begins whose length stands at this place, and its length if it is told."""
    head = at(offset, 8)
    width = 9 - head[0].bit_length() if head and head[0] else 8
    if len(head) < width:
        return offset + width, 0
    bits = 7 * width
    length = int.from_bytes(head[:width], "big") & ((1 << bits) - 1)
    return offset + width, None if length == (1 << bits) - 1 else length


def _of_boxes(boxes: list[tuple[bytes, int]]) -> Claim | None:
    """Boxes beside the film and its index are not missed."""
    if not boxes:
        return None
    seen_all = len(boxes) < _MOST_PARTS
    needed = [(name, end) for name, end in boxes if name in _INDEXES or name == b"mdat"]
    index = not seen_all or any(name in _INDEXES for name, _ in needed)
    last, end = (needed or boxes)[-1]
    return Claim(end, even=last == b"mdat", index=index)


def _boxes(at: At, size_bytes: int) -> Iterator[tuple[bytes, int]]:
    """Name and end of each outermost box; what follows the last known one is none of it."""
    start = 0
    for _ in range(_MOST_PARTS):
        head = at(start, 16)
        if len(head) < 8 or head[4:8] not in _BOXES:
            return
        (length,) = unpack(">I", head[:4])
        if length == 1 and len(head) == 16:
            (length,) = unpack(">Q", head[8:])
        if 0 < length < 8:
            return
        end = start + length if length else size_bytes  # 0: to the end of the file
        yield head[4:8], end
        start = end


def _ends_of_riffs(at: At, size_bytes: int) -> Iterator[int]:
    """A large AVI file is several RIFF lists, one after another."""
    start = 0
    for _ in range(_MOST_PARTS):
        head = at(start, 12)
        if len(head) < 12 or head[:4] != b"RIFF" or head[8:12] not in (b"AVI ", b"AVIX"):
            return
        (length,) = unpack("<I", head[4:8])
        if not 0 < length < 0xFFFFFFFF:
            return
        yield start + 8 + length
        start += 8 + length + length % 2
