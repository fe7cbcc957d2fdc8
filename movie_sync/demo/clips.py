"""Short films made on the spot: moving colour bars with a soft tone, that any player plays.

The same title always gives the same bytes, and two titles never the same picture. Pictures are
uncompressed, so no encoder is needed, and without a palette, for players lose that on a jump.
Source: https://learn.microsoft.com/windows/win32/directshow/avi-riff-file-reference
"""

import colorsys
import math
import struct
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".avi"
WIDTH, HEIGHT, FRAMES_PER_S = 128, 72, 25
SAMPLES_PER_S = 8000
BARS = 8
SMALLEST_BYTES = 64 * 1024

_PIXEL_BYTES = 2  # five bits each of red, green and blue
_PICTURE_BYTES = WIDTH * HEIGHT * _PIXEL_BYTES
_SOUND_BYTES = SAMPLES_PER_S // FRAMES_PER_S
_FRAME_BYTES = 8 + _PICTURE_BYTES + 8 + _SOUND_BYTES
_INDEX_BYTES = 2 * 16  # for each frame: one entry for its picture, one for its sound
_HAS_INDEX, _INTERLEAVED, _KEY_FRAME = 0x10, 0x100, 0x10
_PCM = 1


def write(path: Path, title: str, size_bytes: int) -> float:
    """Write a clip of exactly this size, an even number of bytes; its length in seconds.

    Raises:
        ValueError: the size is odd or too small for a picture.
    """
    if size_bytes < SMALLEST_BYTES or size_bytes % 2:
        raise ValueError(f"a clip has an even number of bytes from {SMALLEST_BYTES}")
    seed = sha256(title.encode()).digest()
    overhead = 12 + len(_headers(0)) + 12 + 8 + 8  # RIFF, headers, movi, idx1, JUNK
    count = (size_bytes - overhead) // (_FRAME_BYTES + _INDEX_BYTES)
    with path.open("wb") as out:
        out.write(struct.pack("<4sI4s", b"RIFF", size_bytes - 8, b"AVI "))
        out.write(_headers(count))
        out.write(struct.pack("<4sI4s", b"LIST", 4 + count * _FRAME_BYTES, b"movi"))
        for picture, sound in _frames(count, seed):
            out.write(_chunk(b"00db", picture))
            out.write(_chunk(b"01wb", sound))
        out.write(_chunk(b"idx1", _index(count)))
        _pad(out, size_bytes)
    return count / FRAMES_PER_S


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body


def _list(name: bytes, *chunks: bytes) -> bytes:
    return _chunk(b"LIST", name + b"".join(chunks))


def _headers(count: int) -> bytes:
    rate = FRAMES_PER_S * (_PICTURE_BYTES + _SOUND_BYTES)
    flags = _HAS_INDEX | _INTERLEAVED
    main = struct.pack(
        "<14I", 1_000_000 // FRAMES_PER_S, rate, 0, flags, count, 0, 2, _PICTURE_BYTES,
        WIDTH, HEIGHT, 0, 0, 0, 0,
    )  # fmt: skip
    bitmap = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 16, 0, _PICTURE_BYTES, 0, 0, 0, 0)
    wave = struct.pack("<HHIIHHH", _PCM, 1, SAMPLES_PER_S, SAMPLES_PER_S, 1, 8, 0)
    return _list(
        b"hdrl",
        _chunk(b"avih", main),
        _list(
            b"strl",
            _stream(b"vids", b"DIB ", FRAMES_PER_S, count, 0),
            _chunk(b"strf", bitmap),
        ),
        _list(
            b"strl",
            _stream(b"auds", bytes(4), SAMPLES_PER_S, count * _SOUND_BYTES, 1),
            _chunk(b"strf", wave),
        ),
    )


def _stream(kind: bytes, codec: bytes, rate: int, length: int, sample_bytes: int) -> bytes:
    numbers = struct.pack("<10I", 0, 0, 0, 1, rate, 0, length, 0, 0, sample_bytes)
    frame = struct.pack("<4H", 0, 0, WIDTH, HEIGHT)
    return _chunk(b"strh", kind + codec + numbers + frame)


def _frames(count: int, seed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Bars that wander by the title's step; the lowest tenth fills up as the film goes on."""
    bars = b"".join(_colour(shade) * (WIDTH // BARS) for shade in seed[:BARS])
    step = 1 + seed[8] % 5
    strip = HEIGHT // 10
    sound = _tone(220 + seed[9])
    for number in range(count):
        shift = number * step % WIDTH * _PIXEL_BYTES
        row = bars[shift:] + bars[:shift]
        done = WIDTH * (number + 1) // count
        foot = _colour(number % 256) * done + bytes((WIDTH - done) * _PIXEL_BYTES)
        yield foot * strip + row * (HEIGHT - strip), sound  # lowest line first


def _colour(hue: int) -> bytes:
    red, green, blue = (round(part * 31) for part in colorsys.hsv_to_rgb(hue / 256, 0.7, 0.9))
    return struct.pack("<H", red << 10 | green << 5 | blue)


def _tone(hertz: int) -> bytes:
    """One frame's sound; whole waves only, so that frames join without a click."""
    waves = max(1, hertz // FRAMES_PER_S)
    turn = math.tau * waves / _SOUND_BYTES
    return bytes(128 + round(12 * math.sin(at * turn)) for at in range(_SOUND_BYTES))


def _index(count: int) -> bytes:
    entries = bytearray()
    at = 4
    for _ in range(count):
        for name, size in ((b"00db", _PICTURE_BYTES), (b"01wb", _SOUND_BYTES)):
            entries += struct.pack("<4sIII", name, _KEY_FRAME, at, size)
            at += 8 + size
    return bytes(entries)


def _pad(out: BinaryIO, size_bytes: int) -> None:
    out.write(_chunk(b"JUNK", bytes(size_bytes - out.tell() - 8)))
