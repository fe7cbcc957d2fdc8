"""What Jellyfin and Emby answer about what they have, as far as it is read. A tick is 100 ns.

Source: https://api.jellyfin.org as of version 12, and Emby's REST API as of 4.9.
"""

import msgspec
from msgspec import Struct

TICKS_A_MS = 10_000
FIELDS = "Path,MediaSources,ProviderIds,OriginalTitle,Overview,Genres,Chapters"
FIELDS_OF_SHOWS = "ProviderIds,OriginalTitle,Genres"


class Policy(Struct, rename="pascal"):
    is_administrator: bool = False
    is_disabled: bool = False


class User(Struct, rename="pascal"):
    id: str
    name: str
    policy: Policy = msgspec.field(default_factory=Policy)


class Folder(Struct, rename="pascal"):
    """A library. One of a mixed kind says none."""

    name: str
    item_id: str
    collection_type: str | None = None
    locations: list[str] = []


class Listed(Struct, rename="pascal"):
    """A page of a list."""

    items: list[msgspec.Raw]
    total_record_count: int


class Named(Struct, rename="pascal", gc=False):
    """What even an item of an unknown form says."""

    id: str


class Stream(Struct, rename="pascal", gc=False):
    type: str = ""
    codec: str | None = None
    path: str | None = None
    is_external: bool = False  # a file of its own, beside the film
    language: str | None = None
    title: str | None = None
    bit_rate: int | None = None
    width: int | None = None
    height: int | None = None
    bit_depth: int | None = None
    real_frame_rate: float | None = None
    average_frame_rate: float | None = None
    profile: str | None = None
    is_interlaced: bool = False
    video_range_type: str | None = None
    extended_video_type: str | None = None  # of Emby
    color_transfer: str | None = None
    channels: int | None = None
    channel_layout: str | None = None
    sample_rate: int | None = None
    is_default: bool = False
    is_forced: bool = False
    is_hearing_impaired: bool = False


class Source(Struct, rename="pascal"):
    """A file, or a folder of a disc: one version of an item."""

    id: str
    path: str | None = None
    protocol: str = "File"
    container: str | None = None
    size: int | None = None
    bitrate: int | None = None
    run_time_ticks: int | None = None
    media_streams: list[Stream] | None = None


class Chapter(Struct, rename="pascal", gc=False):
    start_position_ticks: int = 0
    name: str | None = None
    marker_type: str | None = None  # of Emby


class UserData(Struct, rename="pascal", gc=False):
    played: bool = False
    play_count: int = 0
    playback_position_ticks: int = 0
    last_played_date: str | None = None


class Item(Struct, rename="pascal"):
    """A film, a show or an episode."""

    id: str
    type: str
    name: str | None = None
    original_title: str | None = None
    production_year: int | None = None
    premiere_date: str | None = None
    overview: str | None = None
    genres: list[str] | None = None
    run_time_ticks: int | None = None
    provider_ids: dict[str, str | None] | None = None
    series_id: str | None = None
    series_name: str | None = None
    index_number: int | None = None
    index_number_end: int | None = None
    parent_index_number: int | None = None
    part_count: int | None = None
    extra_type: str | None = None
    location_type: str | None = None
    user_data: UserData | None = None
    media_sources: list[Source] | None = None
    chapters: list[Chapter] | None = None


class Played(Struct, rename="pascal"):
    """What was watched last."""

    id: str
    user_data: UserData | None = None


class Segment(Struct, rename="pascal", gc=False):
    type: str = ""
    start_ticks: int = 0
    end_ticks: int = 0


class Segments(Struct, rename="pascal"):
    items: list[Segment]
