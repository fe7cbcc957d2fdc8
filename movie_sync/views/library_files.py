"""Files of the library as plain data: what each is taken for and why, what is inside of it, who
shows it, and in the words of a person.

A path is shown as one line of text, whatever its bytes are.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

from msgspec import Struct, structs

from movie_sync.errors import NotFound
from movie_sync.languages import name_of
from movie_sync.library.page_rows import FileRow, SightingRow
from movie_sync.library.rows import Probe, Standing
from movie_sync.library_models import Marker, Match, Sidecar
from movie_sync.media_models import Hdr, Media, Picture, Sound, Text
from movie_sync.media_names import path_of, shown
from movie_sync.models import Moment

if TYPE_CHECKING:
    from movie_sync.library.store import LibraryStore

PER_PAGE = 60
HDR_WORDS = {
    Hdr.HDR10: "HDR10", Hdr.HDR10_PLUS: "HDR10+", Hdr.HLG: "HLG", Hdr.DOLBY_VISION: "Dolby Vision",
}  # fmt: skip
CODEC_WORDS = {
    "h264": "H.264", "hevc": "HEVC", "av1": "AV1", "mpeg4": "MPEG-4", "mpeg2video": "MPEG-2",
    "vp9": "VP9", "vc1": "VC-1", "aac": "AAC", "ac3": "Dolby Digital", "eac3": "Dolby Digital Plus",
    "truehd": "Dolby TrueHD", "dts": "DTS", "flac": "FLAC", "mp3": "MP3", "opus": "Opus",
    "subrip": "SubRip", "ass": "ASS", "hdmv_pgs_subtitle": "PGS", "dvd_subtitle": "VobSub",
    "mov_text": "MP4 text", "webvtt": "WebVTT",
}  # fmt: skip
LINES_WORDS = {2160: "4K", 1440: "1440p", 1080: "1080p", 720: "720p", 576: "576p", 480: "SD"}
CHANNEL_WORDS = {1: "mono", 2: "stereo", 6: "5.1", 7: "6.1", 8: "7.1"}

Which = Literal["waiting", "review", "ignored", "broken", "unprobed", "gone", "all"]
WHICH: tuple[Which, ...] = get_args(Which)


class LibraryFile(Struct, frozen=True, kw_only=True):
    """A file, with all that is known of it."""

    id: int
    path: str | None  # as text: what is no character in it is shown as one
    size_bytes: int
    standing: Standing
    title_id: int | None
    episode_ids: tuple[int, ...]
    match: Match | None  # why it is taken for what it is taken for
    by_hand: bool
    edition: str | None
    version: str | None
    part: int | None
    extra: str | None
    probe: Probe
    problem: str | None
    duration_ms: int | None
    lines: int | None
    hdr: str | None
    media: Media | None
    sightings: tuple[SightingRow, ...]
    sidecars: tuple[Sidecar, ...]
    markers: tuple[Marker, ...]
    plays: int
    checksum: str | None
    discovered_at: Moment
    deleted_at: Moment | None

    @property
    def name(self) -> str:
        return (self.path or "").rpartition("/")[2] or f"file {self.id}"

    @property
    def is_there(self) -> bool:
        return self.deleted_at is None

    @property
    def quality(self) -> tuple[str, ...]:
        """At a glance: "4K", "Dolby Vision", "HEVC"."""
        picture = self.media.picture if self.media else None
        words = (
            lines_words(self.lines),
            hdr_words(self.hdr),
            codec_words(picture.codec) if picture else None,
        )
        return tuple(word for word in words if word)

    @property
    def spoken(self) -> tuple[str, ...]:
        return _named(sound.language for sound in self.media.sounds) if self.media else ()

    @property
    def subtitles(self) -> tuple[str, ...]:
        inside = [text.language for text in self.media.texts] if self.media else []
        beside = [one.language for one in self.sidecars if one.what == "subtitles"]
        return _named([*inside, *beside])


class Files(Struct, frozen=True, kw_only=True):
    """One page of files. Past the last page there are none."""

    rows: tuple[LibraryFile, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))


def file(row: FileRow) -> LibraryFile:
    whole = {name: getattr(row, name) for name in LibraryFile.__struct_fields__}
    seen = tuple(
        structs.replace(one, uri=path_text(one.uri), path=_maybe(one.path)) for one in row.sightings
    )
    beside = tuple(structs.replace(one, path=path_text(one.path)) for one in row.sidecars)
    return LibraryFile(**whole | {"path": _maybe(row.path), "sightings": seen, "sidecars": beside})


def one(store: "LibraryStore", asset_id: int) -> LibraryFile:
    """Raises NotFound: there is none of this number."""
    found = store.file(asset_id) if asset_id < 2**31 else None
    if found is None:
        raise NotFound("library", f"there is no file of the number {asset_id}")
    return file(found)


def listed(
    store: "LibraryStore", which: Which, source: str | None, page: int, per_page: int = PER_PAGE
) -> Files:
    """Files by their numbers."""
    standing = {
        "waiting": Standing.WAITING, "review": Standing.REVIEW, "ignored": Standing.IGNORED,
    }.get(which)  # fmt: skip
    probe = {"broken": Probe.BROKEN, "unprobed": Probe.WAITING}.get(which)
    found = store.files(
        standing, source=source, probe=probe, gone=which == "gone", offset=(page - 1) * per_page,
        limit=per_page,
    )  # fmt: skip
    rows = tuple(map(file, found.rows))
    return Files(rows=rows, total=found.total, page=page, per_page=per_page)


def path_text(path: str) -> str:
    return shown(path_of(path)).encode(errors="replace").decode()


def _maybe(path: str | None) -> str | None:
    return None if path is None else path_text(path)


def lines_words(lines: int | None) -> str | None:
    return LINES_WORDS.get(lines, f"{lines}p") if lines else None


def hdr_words(hdr: str | None) -> str | None:
    return next((words for kind, words in HDR_WORDS.items() if kind == hdr), None)


def codec_words(codec: str) -> str:
    return CODEC_WORDS.get(codec, codec)


def picture_words(one: Picture) -> str:
    """ "HEVC, 3840 x 1608, 10 bit, Dolby Vision, 23.976 frames a second"."""
    size = f"{one.width} x {one.height}" if one.width and one.height else None
    return _joined(
        codec_words(one.codec),
        size,
        f"{one.bit_depth} bit" if one.bit_depth else None,
        hdr_words(one.hdr),
        f"{one.frame_rate:.3f}".rstrip("0").rstrip(".") + " frames a second"
        if one.frame_rate
        else None,
        "interlaced" if one.interlaced else None,
        _rate(one.bit_rate),
    )


def sound_words(one: Sound) -> str:
    channels = CHANNEL_WORDS.get(one.channels or 0) or one.layout
    return _joined(
        language_words(one.language), codec_words(one.codec), channels, _rate(one.bit_rate),
        one.title, "commentary" if one.commentary else None, "default" if one.default else None,
    )  # fmt: skip


def text_words(one: Text) -> str:
    return _joined(
        language_words(one.language), codec_words(one.codec), one.title,
        "forced" if one.forced else None,
        "for the hard of hearing" if one.hearing_impaired else None,
        "default" if one.default else None,
    )  # fmt: skip


def language_words(code: str | None) -> str:
    return (name_of(code) or code) if code else "language not told"


def _named(codes: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(language_words(code) for code in codes if code))


def _rate(bits_s: int | None) -> str | None:
    if not bits_s:
        return None
    return f"{bits_s / 1e6:.1f} Mbit/s" if bits_s >= 1_000_000 else f"{bits_s / 1000:.0f} kbit/s"


def _joined(*words: str | None) -> str:
    return ", ".join(word for word in words if word)
