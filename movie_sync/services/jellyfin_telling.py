"""What Jellyfin and Emby say of a file, in our words. Pure.

Source: https://api.jellyfin.org as of version 12, and Emby's REST API as of 4.9. Emby tells where
intros and credits are among the chapters, Jellyfin in an answer of its own.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from msgspec import Struct

from movie_sync.library_models import (
    Found,
    Kind,
    Marker,
    MarkerKind,
    Sidecar,
    Teller,
    Told,
    Views,
)
from movie_sync.media_models import Hdr, Media, Picture, Sound, Text
from movie_sync.services import jellyfin_shapes as jellyfin
from movie_sync.services.server_words import (
    Here,
    codec_of,
    container_of,
    day_in,
    ids_of,
    language_of,
    line_of,
    moment_in,
    positive,
    titles_of,
)

_COVERS = frozenset({"mjpeg", "png", "gif", "bmp", "webp"})
_RANGES = {
    "hdr10": Hdr.HDR10, "hdr10plus": Hdr.HDR10_PLUS, "hlg": Hdr.HLG, "hyperloggamma": Hdr.HLG,
    "dolbyvision": Hdr.DOLBY_VISION,
}  # fmt: skip
_TRANSFERS = {"smpte2084": Hdr.HDR10, "arib-std-b67": Hdr.HLG}
_EXTRAS = {
    "Trailer": "trailer", "DeletedScene": "deleted", "Interview": "interview", "Clip": "clip",
    "BehindTheScenes": "behind_the_scenes", "Scene": "scene", "Sample": "sample",
    "ThemeSong": "theme", "ThemeVideo": "theme", "Featurette": "featurette", "Short": "short",
}  # fmt: skip
_SEGMENTS = {
    "Intro": MarkerKind.INTRO, "Outro": MarkerKind.CREDITS, "Commercial": MarkerKind.BREAK,
}  # fmt: skip
_INTRO, _AFTER_INTRO, _CREDITS = "IntroStart", "IntroEnd", "CreditsStart"


class Show(Struct, frozen=True):
    """What its episodes are told with."""

    titles: tuple[str, ...]
    year: int | None
    ids: dict[str, str]
    genres: tuple[str, ...]


def show_of(item: jellyfin.Item) -> Show:
    return Show(
        titles=titles_of(item.name, item.original_title),
        year=positive(item.production_year),
        ids=ids_of(item.provider_ids or {}),
        genres=titles_of(*(item.genres or ())),
    )


def found_of(
    uri: str,
    item: jellyfin.Item,
    source: jellyfin.Source,
    shows: Mapping[str, Show],
    here: Here,
    *,
    part: int | None = None,
) -> Found:
    told = _episodes(item, shows) if item.type == "Episode" else _film(item, part)
    first = (item.media_sources or [source])[0]
    alike = source is first or source.run_time_ticks == first.run_time_ticks
    return Found(
        uri=uri,
        fingerprint="",
        told=(told,),
        path=here(source.path) if source.path and source.protocol == "File" else None,
        size_bytes=positive(source.size) or 0,
        sidecars=tuple(_sidecars(source, here)),
        markers=_markers(item) if alike and part is None else (),
        media=_media(source),
        views=_views(item.user_data),
    )


def _film(item: jellyfin.Item, part: int | None) -> Told:
    return Told(
        by=Teller.SERVER,
        kind=Kind.FILM,
        titles=titles_of(item.name, item.original_title),
        year=positive(item.production_year),
        ids=ids_of(item.provider_ids or {}),
        part=part,
        extra=_extra(item),
        overview=(item.overview or "").strip() or None,
        runtime_min=_minutes(item.run_time_ticks),
        genres=titles_of(*(item.genres or ())),
    )


def _episodes(item: jellyfin.Item, shows: Mapping[str, Show]) -> Told:
    show = shows.get(item.series_id or "") or Show(titles_of(item.series_name), None, {}, ())
    first, last = item.index_number, item.index_number_end or item.index_number
    numbers = range(first, max(last or 0, first) + 1) if first is not None else range(0)
    return Told(
        by=Teller.SERVER,
        kind=Kind.SHOW,
        titles=show.titles,
        year=show.year,
        ids=show.ids,
        season=item.parent_index_number,
        episodes=tuple(numbers[:100]),
        aired_on=day_in(item.premiere_date),
        episode_title=line_of(item.name),
        episode_ids=ids_of(item.provider_ids or {}) if len(numbers) == 1 else {},
        extra=_extra(item),
        runtime_min=_minutes(item.run_time_ticks),
        genres=show.genres,
    )


def _extra(item: jellyfin.Item) -> str | None:
    told = item.extra_type not in (None, "", "Unknown")
    return _EXTRAS.get(item.extra_type or "", "other") if told else None


def _minutes(ticks: int | None) -> int | None:
    return positive(round((ticks or 0) / jellyfin.TICKS_A_MS / 60_000))


def _views(told: jellyfin.UserData | None) -> Views | None:
    if told is None:
        return None
    views = Views(
        count=max(told.play_count, int(told.played)),
        last_at=moment_in(told.last_played_date),
        offset_ms=max(told.playback_position_ticks, 0) // jellyfin.TICKS_A_MS,
    )
    return views if views != Views() else None


def _markers(item: jellyfin.Item) -> tuple[Marker, ...]:
    """A chapter ends where the next one begins."""
    told = sorted(item.chapters or (), key=lambda one: one.start_position_ticks)
    end = item.run_time_ticks or 0
    plain = [one for one in told if one.marker_type in (None, "", "Chapter")]
    ends = [one.start_position_ticks for one in plain[1:]] + [end]
    found = [
        _marker(MarkerKind.CHAPTER, one.start_position_ticks, to, one.name)
        for one, to in zip(plain, ends, strict=True)
    ]
    special = [one for one in told if one.marker_type in (_INTRO, _AFTER_INTRO, _CREDITS)]
    for one, after in pairwise(special):
        if (one.marker_type, after.marker_type) == (_INTRO, _AFTER_INTRO):
            to = after.start_position_ticks
            found.append(_marker(MarkerKind.INTRO, one.start_position_ticks, to))
    found += [
        _marker(MarkerKind.CREDITS, one.start_position_ticks, end)
        for one in special
        if one.marker_type == _CREDITS
    ]
    return _possible(found)


def markers_of(segments: Iterable[jellyfin.Segment]) -> tuple[Marker, ...]:
    return _possible(
        _marker(_SEGMENTS[one.type], one.start_ticks, one.end_ticks)
        for one in segments
        if one.type in _SEGMENTS
    )


def _marker(kind: MarkerKind, start: int, end: int, title: str | None = None) -> Marker:
    a_ms = jellyfin.TICKS_A_MS
    return Marker(kind=kind, start_ms=start // a_ms, end_ms=end // a_ms, title=line_of(title))


def _possible(some: Iterable[Marker]) -> tuple[Marker, ...]:
    return tuple(one for one in some if 0 <= one.start_ms < one.end_ms)


def _sidecars(source: jellyfin.Source, here: Here) -> Iterable[Sidecar]:
    for one in source.media_streams or ():
        path = here(one.path) if one.is_external and one.type == "Subtitle" and one.path else None
        if path:
            yield Sidecar(
                path=path,
                what="subtitles",
                language=language_of(one.language),
                forced=one.is_forced,
                hearing_impaired=one.is_hearing_impaired,
            )


def _media(source: jellyfin.Source) -> Media | None:
    """None of a file that the server has not looked into yet."""
    inside = [one for one in source.media_streams or () if not one.is_external]
    pictures = tuple(
        _picture(one)
        for one in inside
        if one.type == "Video" and codec_of(one.codec) not in _COVERS
    )
    sounds = tuple(_sound(one) for one in inside if one.type == "Audio")
    if not pictures and not sounds:
        return None
    return Media(
        container=container_of(source.container),
        duration_ms=positive((source.run_time_ticks or 0) // jellyfin.TICKS_A_MS),
        bit_rate=positive(source.bitrate),
        pictures=pictures,
        sounds=sounds,
        texts=tuple(_text(one) for one in inside if one.type == "Subtitle"),
    )


def _picture(one: jellyfin.Stream) -> Picture:
    rate = one.real_frame_rate or one.average_frame_rate
    return Picture(
        codec=codec_of(one.codec),
        width=positive(one.width),
        height=positive(one.height),
        profile=line_of(one.profile),
        bit_depth=positive(one.bit_depth),
        frame_rate=round(rate, 3) if rate else None,
        hdr=_hdr(one),
        interlaced=one.is_interlaced,
        bit_rate=positive(one.bit_rate),
    )


def _hdr(one: jellyfin.Stream) -> Hdr | None:
    told = (one.video_range_type or one.extended_video_type or "").lower()
    if told.startswith("dovi"):
        return Hdr.DOLBY_VISION
    return _RANGES.get(told) or _TRANSFERS.get(one.color_transfer or "")


def _sound(one: jellyfin.Stream) -> Sound:
    title = line_of(one.title)
    return Sound(
        codec=codec_of(one.codec),
        language=language_of(one.language),
        title=title,
        channels=positive(one.channels),
        layout=line_of(one.channel_layout),
        sample_rate=positive(one.sample_rate),
        bit_rate=positive(one.bit_rate),
        default=one.is_default,
        commentary="commentary" in (title or "").lower(),
    )


def _text(one: jellyfin.Stream) -> Text:
    return Text(
        codec=codec_of(one.codec),
        language=language_of(one.language),
        title=line_of(one.title),
        default=one.is_default,
        forced=one.is_forced,
        hearing_impaired=one.is_hearing_impaired,
    )
