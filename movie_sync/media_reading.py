"""What PyAV says of an opened file, as `Media`: only what is said, cut to a sane size.

Source: https://pyav.basswood-io.com and https://ffmpeg.org/ffprobe.html.
"""

import re
from typing import Any

from movie_sync.media_models import Chapter, Hdr, Media, Picture, Sound, Text

_SAYS_NOTHING = frozenset({"und", "mis", "mul", "qaa", "zxx", ""})
_LONGEST_CODE, _LONGEST_TEXT = 3, 300
_MOST_STREAMS, _MOST_CHAPTERS = 100, 1000  # of one kind
_MICROSECONDS_A_MS = 1000
_LONGEST_MS = 10 * 365 * 24 * 3600 * 1000
_NAMES = {"matroska,webm": "matroska", "mov,mp4,m4a,3gp,3g2,mj2": "mp4"}

# Numbers of ITU-T H.273, transfer characteristics.
_PQ, _HLG = 16, 18
_INTERLACED = frozenset({2, 3, 4, 5})  # AVFieldOrder: everything but unknown and progressive
_DOLBY_TAGS = frozenset({"dvh1", "dvhe", "dva1", "dvav", "dav1"})
_STREAM = re.compile(r"^ +Stream #0:(\d+)")
_DOLBY_LINE = re.compile(r"^ +DOVI configuration record:")

_COMMENTARY = re.compile(r"\bcommentary\b", re.IGNORECASE)
_FORCED = re.compile(r"\bforced\b", re.IGNORECASE)
_HEARING = re.compile(r"\bSDH\b|\bCC\b|\bhearing[ -]impaired\b")


def pictures_of(container: Any) -> list[Any]:
    """Its moving pictures; a cover is none."""
    from av.stream import Disposition

    streams = [each for each in container.streams.video if each.codec_context is not None]
    return [each for each in streams if not each.disposition & Disposition.attached_pic]


def media_of(container: Any) -> Media:
    pictures, streams = pictures_of(container)[:_MOST_STREAMS], container.streams
    dolby = _in_dolby_vision(container) if pictures else frozenset()
    duration_ms = _duration_ms(container, pictures)
    return Media(
        container=_container(container),
        duration_ms=duration_ms,
        bit_rate=_positive(container.bit_rate),
        pictures=tuple(_picture(each, each.index in dolby) for each in pictures),
        sounds=tuple(_sound(each) for each in streams.audio[:_MOST_STREAMS]),
        texts=tuple(_text(each) for each in streams.subtitles[:_MOST_STREAMS]),
        chapters=_chapters(container, duration_ms),
        title=_plain(container.metadata.get("title")),
    )


def _container(container: Any) -> str:
    name = str(container.format.name)
    if str(container.metadata.get("major_brand", "")).strip() == "qt":
        return "mov"
    return _NAMES.get(name, name.partition(",")[0])


def _duration_ms(container: Any, pictures: list[Any]) -> int | None:
    if container.duration and container.duration > 0:
        told = container.duration // _MICROSECONDS_A_MS
    else:
        lengths = [each.duration * each.time_base for each in pictures
                   if each.duration and each.time_base]  # fmt: skip
        told = int(max(lengths, default=0) * 1000)
    return told if 0 < told < _LONGEST_MS else None


def _picture(stream: Any, in_dolby: bool) -> Picture:
    context = stream.codec_context
    shape = context.format
    dolby = in_dolby or context.codec_tag in _DOLBY_TAGS
    transfer = {_PQ: Hdr.HDR10, _HLG: Hdr.HLG}.get(int(context.color_trc or 0))
    return Picture(
        codec=_codec(stream),
        width=_positive(context.width),
        height=_positive(context.height),
        profile=_plain(stream.profile),
        bit_depth=_positive(shape.components[0].bits) if shape and shape.components else None,
        frame_rate=_frame_rate(stream),
        hdr=Hdr.DOLBY_VISION if dolby else transfer,
        interlaced=int(context.field_order) in _INTERLACED,
        bit_rate=_bit_rate(stream),
    )


def _sound(stream: Any) -> Sound:
    context, title, said = stream.codec_context, _plain(stream.metadata.get("title")), _said(stream)
    layout = context.layout.name if context and context.layout else None
    return Sound(
        codec=_codec(stream),
        language=_language(stream),
        title=title,
        channels=_positive(context.channels) if context else None,
        layout=_plain(layout),
        sample_rate=_positive(context.sample_rate) if context else None,
        bit_rate=_bit_rate(stream),
        default="default" in said,
        commentary="comment" in said or bool(_COMMENTARY.search(title or "")),
    )


def _text(stream: Any) -> Text:
    title, said = _plain(stream.metadata.get("title")), _said(stream)
    return Text(
        codec=_codec(stream),
        language=_language(stream),
        title=title,
        default="default" in said,
        forced="forced" in said or bool(_FORCED.search(title or "")),
        hearing_impaired="hearing_impaired" in said or bool(_HEARING.search(title or "")),
    )


def _chapters(container: Any, duration_ms: int | None) -> tuple[Chapter, ...]:
    """Those that can be: each begins in the film, and ends after that."""
    found = []
    for told in container.chapters()[:_MOST_CHAPTERS]:
        start_ms, end_ms = (int(told[side] * told["time_base"] * 1000) for side in ("start", "end"))
        if duration_ms is not None:
            end_ms = min(end_ms, duration_ms)
        if 0 <= start_ms < end_ms < _LONGEST_MS:
            found.append(Chapter(start_ms=start_ms, end_ms=end_ms,
                                 title=_plain(told["metadata"].get("title"))))  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.start_ms))


def _in_dolby_vision(container: Any) -> frozenset[int]:
    """Numbers of the streams that say so in what PyAV has no name for, but can print."""
    from av import logging

    logging.set_level(logging.INFO)  # without it nothing is printed
    try:
        printed = str(container.dumps_format())
    finally:
        logging.set_level(None)
    found, number = set(), -1
    for line in printed.splitlines():
        stream = _STREAM.match(line)
        if stream:
            number = int(stream[1])
        elif _DOLBY_LINE.match(line):
            found.add(number)
    return frozenset(found)


def _codec(stream: Any) -> str:
    """As ffprobe names it, whatever reads it here."""
    context = stream.codec_context
    if context is None or context.codec is None:
        return "unknown"
    return str(context.codec.canonical_name)


def _said(stream: Any) -> set[str]:
    return {flag.name for flag in type(stream.disposition) if flag & stream.disposition}


def _frame_rate(stream: Any) -> float | None:
    rate = stream.average_rate or stream.guessed_rate
    return round(float(rate), 3) if rate and 0 < rate < 1000 else None


def _bit_rate(stream: Any) -> int | None:
    """Its own, or what mkvmerge notes of it."""
    told = getattr(stream.codec_context, "bit_rate", None)
    noted = str(stream.metadata.get("BPS") or stream.metadata.get("BPS-eng") or "")
    return _positive(told) or (_positive(int(noted)) if re.fullmatch(r"\d{1,12}", noted) else None)


def _language(stream: Any) -> str | None:
    """ISO 639 code, two or three letters; None where it is not said."""
    code = str(stream.language or "").partition("-")[0].strip().lower()
    told = code.isascii() and code.isalpha() and 2 <= len(code) <= _LONGEST_CODE
    return code if told and code not in _SAYS_NOTHING else None


def _positive(number: Any) -> int | None:
    return int(number) if number and 0 < number < 2**53 else None


def _plain(text: Any) -> str | None:
    """In one line, without what no database takes."""
    kept = "".join(letter if letter.isprintable() else " " for letter in str(text or ""))
    return " ".join(kept.split())[:_LONGEST_TEXT] or None
