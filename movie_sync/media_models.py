"""What a media file is, by its own headers or by a server that has read them. Pure facts.

Source of the words: https://ffmpeg.org/ffprobe.html. What is not said is None, never guessed.
"""

from enum import StrEnum

from msgspec import Struct


class Hdr(StrEnum):
    """How bright a picture may be; none of these is SDR."""

    HDR10 = "hdr10"
    HDR10_PLUS = "hdr10+"
    HLG = "hlg"
    DOLBY_VISION = "dolby_vision"


class Picture(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A video stream; a cover is none."""

    codec: str  # "h264", "hevc", "av1"
    width: int | None = None
    height: int | None = None
    profile: str | None = None
    bit_depth: int | None = None
    frame_rate: float | None = None  # frames a second
    hdr: Hdr | None = None
    interlaced: bool = False
    bit_rate: int | None = None  # bits a second


class Sound(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An audio stream."""

    codec: str  # "aac", "ac3", "dts"
    language: str | None = None  # ISO 639, two or three letters
    title: str | None = None
    channels: int | None = None
    layout: str | None = None  # "5.1(side)"
    sample_rate: int | None = None
    bit_rate: int | None = None
    default: bool = False
    commentary: bool = False


class Text(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A subtitle stream."""

    codec: str  # "subrip", "hdmv_pgs_subtitle"
    language: str | None = None
    title: str | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False


class Chapter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Milliseconds from the beginning."""

    start_ms: int
    end_ms: int
    title: str | None = None


class Media(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file. At least one picture, or it is not a film."""

    container: str  # "matroska", "mp4"
    duration_ms: int | None
    bit_rate: int | None = None
    pictures: tuple[Picture, ...] = ()
    sounds: tuple[Sound, ...] = ()
    texts: tuple[Text, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    title: str | None = None  # as its own tags say, which is often wrong

    @property
    def picture(self) -> Picture | None:
        return self.pictures[0] if self.pictures else None


class Broken(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that is of no use as it is, through no fault but its own."""

    sentence: str  # of the file, without its name: "it is no video, whatever its name says"
    media: Media | None = None  # what it says of itself all the same
    fresh: bool = False  # written to a moment ago: it may become whole yet
    silent: bool = False  # whether it is a film is not known: its reader gave up on it
