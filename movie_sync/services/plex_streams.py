"""What Plex says of the inside of a file, in our words. Pure.

Source: https://developer.plex.tv/pms as of 2026. Lists tell the codecs of a version alone; streams
are told where single items are asked for.
"""

from movie_sync.media_models import Hdr, Media, Picture, Sound, Text
from movie_sync.services import plex_shapes as plex
from movie_sync.services.server_words import codec_of, container_of, language_of, line_of, positive

_PICTURE, _SOUND, _TEXT = 1, 2, 3
_TRANSFERS = {"smpte2084": Hdr.HDR10, "arib-std-b67": Hdr.HLG}


def media_of(media: plex.Media, part: plex.Part) -> Media | None:
    """None of a file that Plex has not looked into yet."""
    inside = [one for one in part.streams if one.index is not None or one.stream_type != _TEXT]
    pictures = tuple(_picture(one) for one in inside if one.stream_type == _PICTURE)
    sounds = tuple(_sound(one) for one in inside if one.stream_type == _SOUND)
    if not inside:
        pictures, sounds = _in_short(media)
    if not pictures and not sounds:
        return None
    alone = len(media.parts) == 1
    return Media(
        container=container_of(part.container or media.container),
        duration_ms=positive(part.duration or (media.duration if alone else None)),
        bit_rate=_bits(media.bitrate),
        pictures=pictures,
        sounds=sounds,
        texts=tuple(_text(one) for one in inside if one.stream_type == _TEXT),
    )


def _in_short(media: plex.Media) -> tuple[tuple[Picture, ...], tuple[Sound, ...]]:
    """What is said of the version, where nothing is said of its streams."""
    picture = Picture(
        codec=codec_of(media.video_codec),
        width=positive(media.width),
        height=positive(media.height),
        profile=line_of(media.video_profile),
    )
    sound = Sound(codec=codec_of(media.audio_codec), channels=positive(media.audio_channels))
    return (picture,) if media.video_codec else (), (sound,) if media.audio_codec else ()


def _picture(one: plex.Stream) -> Picture:
    return Picture(
        codec=codec_of(one.codec),
        width=positive(one.width),
        height=positive(one.height),
        profile=line_of(one.profile),
        bit_depth=positive(one.bit_depth),
        frame_rate=one.frame_rate,
        hdr=Hdr.DOLBY_VISION if one.dovi_present else _TRANSFERS.get(one.color_trc or ""),
        interlaced=one.scan_type == "interlaced",
        bit_rate=_bits(one.bitrate),
    )


def _sound(one: plex.Stream) -> Sound:
    title = line_of(one.title)
    return Sound(
        codec=codec_of(one.codec),
        language=_language(one),
        title=title,
        channels=positive(one.channels),
        layout=line_of(one.audio_channel_layout),
        sample_rate=positive(one.sampling_rate),
        bit_rate=_bits(one.bitrate),
        default=one.default,
        commentary="commentary" in (title or "").lower(),
    )


def _text(one: plex.Stream) -> Text:
    return Text(
        codec=codec_of(one.codec),
        language=_language(one),
        title=line_of(one.title),
        default=one.default,
        forced=one.forced,
        hearing_impaired=one.hearing_impaired,
    )


def _language(one: plex.Stream) -> str | None:
    return language_of(one.language_code) or language_of(one.language_tag)


def _bits(thousands: int | None) -> int | None:
    return positive((thousands or 0) * 1000)
