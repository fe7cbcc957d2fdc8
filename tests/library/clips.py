"""Real media files, made on the spot: two seconds of moving grey, with whatever a test wants.

Encoders are PyAV's own, so no program is needed. `make` takes some 10 ms; `cached` makes the
same only once.
"""

import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
from av.stream import Disposition

RATE = 10  # frames a second
SAMPLES_PER_S = 48_000
ENCODERS = {
    "h264": "libx264",
    "hevc": "libx265",
    "mpeg4": "mpeg4",
    "mpeg2video": "mpeg2video",
    "vp9": "libvpx-vp9",
    "av1": "libsvtav1",
}
_QUIET = {
    "h264": {"preset": "ultrafast"},
    "hevc": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none"},
    "vp9": {"deadline": "realtime", "cpu-used": "8"},
    "av1": {"preset": "13", "svtav1-params": "lp=1"},
}


class Track(NamedTuple):
    """A soundtrack, or subtitles."""

    language: str | None = None
    title: str | None = None
    says: Disposition = Disposition(0)
    channels: str = "stereo"


def make(
    path: Path,
    *,
    video: str | None = "h264",
    size: tuple[int, int] = (64, 64),
    pixels: str = "yuv420p",
    seconds: float = 2.0,
    sounds: Sequence[Track] = (Track("eng"),),
    texts: Sequence[Track] = (),
    chapters: Sequence[tuple[int, int, str]] = (),
    transfer: int | None = None,  # by ITU-T H.273: 16 is PQ, 18 is HLG
    interlaced: bool = False,
    cover: bool = False,
    title: str | None = None,
    options: dict[str, str] | None = None,  # of the container
) -> Path:
    """A file of the kind that its name says."""
    with av.open(str(path), "w", options=options or {}) as out:
        if title:
            out.metadata["title"] = title
        if chapters:
            out.set_chapters([_chapter(number, *each) for number, each in enumerate(chapters)])
        shown = {"pixels": pixels, "transfer": transfer, "interlaced": interlaced}
        pictures = _pictures(out, video, size, **shown) if video else None
        heard = [_sound(out, each, webm=path.suffix == ".webm") for each in sounds]
        written = [_text(out, each, path.suffix) for each in texts]
        covers = _cover(out) if cover else None
        out.start_encoding()
        _write(
            out, pictures=pictures, heard=heard, written=written, covers=covers,
            seconds=seconds, suffix=path.suffix,
        )  # fmt: skip
    return path


def cached(folder: Path) -> Callable[..., Path]:
    """`make`, by name and wishes, which makes the same only once."""
    made: dict[str, Path] = {}

    def clip(name: str, **wishes) -> Path:
        wish = f"{name} {sorted(wishes.items())}"
        if wish not in made:
            place = folder / str(len(made))
            place.mkdir()
            made[wish] = make(place / name, **wishes)
        return made[wish]

    return clip


def _chapter(number, start_ms, end_ms, title):
    return {"id": number, "start": start_ms, "end": end_ms, "time_base": Fraction(1, 1000),
            "metadata": {"title": title}}  # fmt: skip


def _pictures(out, video, size, *, pixels, transfer, interlaced):
    options = dict(_QUIET.get(video, {}))
    if interlaced:
        options |= {"x264-params": "interlaced=1:tff=1"}
    stream = out.add_stream(ENCODERS[video], rate=RATE, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = pixels
    if transfer is not None:
        context = stream.codec_context
        context.color_trc, context.color_primaries, context.colorspace = transfer, 9, 9
    return stream


def _sound(out, track, *, webm):
    stream = out.add_stream("libopus" if webm else "aac", rate=SAMPLES_PER_S)
    stream.codec_context.layout = track.channels
    _describe(stream, track)
    return stream


def _text(out, track, suffix):
    stream = out.add_mux_stream({".mp4": "mov_text", ".webm": "webvtt"}.get(suffix, "subrip"))
    stream.time_base = Fraction(1, 1000)
    _describe(stream, track)
    return stream


def _cover(out):
    stream = out.add_stream("mjpeg", rate=1)
    stream.width = stream.height = 16
    stream.pix_fmt = "yuvj420p"
    stream.disposition = Disposition.attached_pic
    return stream


def _describe(stream, track):
    for name in ("language", "title"):
        if getattr(track, name) is not None:
            stream.metadata[name] = getattr(track, name)
    stream.disposition = track.says


def _write(out, *, pictures, heard, written, covers, seconds, suffix):
    if covers is not None:
        out.mux([*covers.encode(_frame(covers, 0)), *covers.encode(None)])
    for stream in written:
        _write_text(out, stream, suffix)
    for stream in heard:
        out.mux([*_noise(stream, seconds), *stream.encode(None)])
    if pictures is not None:
        for at in range(int(seconds * RATE)):
            out.mux(pictures.encode(_frame(pictures, at)))
        out.mux(pictures.encode(None))


def _frame(stream, at):
    frame = av.VideoFrame(stream.width, stream.height, stream.pix_fmt)
    for number, plane in enumerate(frame.planes):
        plane.update(bytes([(at * 9 + number * 40) % 200 + 20]) * plane.buffer_size)
    frame.pts, frame.time_base = at, Fraction(1, RATE)
    return frame


def _noise(stream, seconds):
    context = stream.codec_context
    size = context.frame_size or 960
    for start in range(0, int(seconds * SAMPLES_PER_S), size):
        frame = av.AudioFrame(context.format.name, context.layout.name, size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = SAMPLES_PER_S, start
        frame.time_base = Fraction(1, SAMPLES_PER_S)
        yield from stream.encode(frame)


def _write_text(out, stream, suffix):
    text = b"Hello"
    if suffix == ".mp4":
        text = struct.pack(">H", len(text)) + text
    packet = av.Packet(text)
    packet.stream, packet.time_base = stream, Fraction(1, 1000)
    packet.pts = packet.dts = 100
    packet.duration = 900
    out.mux(packet)


def cut(path: Path, whole: Path, part: float) -> Path:
    """The beginning of a file."""
    content = whole.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    return path


def in_dolby_vision(path: Path, whole: Path) -> Path:
    """An MP4 file of HEVC with the box that says it has Dolby Vision, profile 8."""
    profile, level = 8, 6
    body = bytes([1, 0, profile << 1 | level >> 5, (level & 31) << 3 | 0b101, 1 << 4]) + bytes(19)
    box = struct.pack(">I4s", 8 + len(body), b"dvvC") + body
    content = bytearray(whole.read_bytes())
    at = content.index(b"hvcC") - 4
    at += struct.unpack(">I", content[at : at + 4])[0]
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"hev1"):
        start = content.index(name, content.index(b"moov")) - 4
        (length,) = struct.unpack(">I", content[start : start + 4])
        content[start : start + 4] = struct.pack(">I", length + len(box))
    content[at:at] = box
    path.write_bytes(content)
    return path


def in_hdr10_plus(path: Path, whole: Path) -> Path:
    """A Matroska file of HEVC whose pictures say how bright they are (SMPTE 2094-40)."""
    note = _brightness()
    with av.open(str(whole)) as told, av.open(str(path), "w") as out:
        stream = told.streams.video[0]
        copied = out.add_stream_from_template(stream)
        for packet in told.demux(stream):
            if packet.size:
                noted = av.Packet(note + bytes(packet))
                noted.pts, noted.dts, noted.time_base = packet.pts, packet.dts, packet.time_base
                noted.is_keyframe, noted.stream = packet.is_keyframe, copied
                out.mux(noted)
    return path


def _brightness() -> bytes:
    """A note (SEI, ITU-T T.35) before a picture; no byte run in it needs an escape."""
    fields = [(0b01, 2), (0x5555555, 27), (0, 1), *[(0x15555, 17)] * 4, (0, 4), (0x155, 10), (0, 3)]
    bits = "".join(f"{value:0{width}b}" for value, width in fields)
    bits += "0" * (-len(bits) % 8)
    body = b"\xb5\0\x3c\0\x01\x04\x01" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    note = bytes([0x4E, 1, 4, len(body)]) + body + b"\x80"
    return struct.pack(">I", len(note)) + note
