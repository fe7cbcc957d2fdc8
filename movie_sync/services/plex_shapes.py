"""Plex's answers about what it has, as far as they are read. Times are seconds since 1970, lengths
and offsets milliseconds, rates of bits in thousands a second.

Source: https://developer.plex.tv/pms as of 2026, and what servers answer since 1.19.
"""

import msgspec
from msgspec import Struct

FILM, SHOW, EPISODE = 1, 2, 4  # numbers of what a list is of


class Location(Struct, gc=False, rename="camel"):
    path: str


class Section(Struct, rename="camel"):
    """A library."""

    key: str
    type: str
    title: str
    scanned_at: int = 0
    content_changed_at: int = 0  # a number that only grows; no time
    locations: list[Location] = msgspec.field(default_factory=list, name="Location")


class Sections(Struct, rename="camel"):
    size: int
    libraries: list[Section] = msgspec.field(default_factory=list, name="Directory")


class SectionsAnswer(Struct, rename="camel"):
    container: Sections = msgspec.field(name="MediaContainer")


class Container(Struct, rename="camel"):
    """A page of a list."""

    size: int
    total_size: int | None = None
    items: list[msgspec.Raw] = msgspec.field(default_factory=list, name="Metadata")


class Answer(Struct, rename="camel"):
    container: Container = msgspec.field(name="MediaContainer")


class Named(Struct, gc=False, rename="camel"):
    """What even an item of an unknown form says."""

    rating_key: str


class Tag(Struct, gc=False, rename="camel"):
    tag: str = ""


class Guid(Struct, gc=False, rename="camel"):
    id: str = ""


class Stream(Struct, gc=False, rename="camel"):
    stream_type: int = 0  # 1: picture, 2: sound, 3: text
    codec: str = ""
    index: int | None = None  # in the file; None: it is a file of its own, beside the film
    language_code: str | None = None
    language_tag: str | None = None
    title: str | None = None
    bitrate: int | None = None
    width: int | None = None
    height: int | None = None
    bit_depth: int | None = None
    frame_rate: float | None = None
    profile: str | None = None
    scan_type: str | None = None
    color_trc: str | None = None
    dovi_present: bool = msgspec.field(default=False, name="DOVIPresent")
    channels: int | None = None
    audio_channel_layout: str | None = None
    sampling_rate: int | None = None
    default: bool = False
    forced: bool = False
    hearing_impaired: bool = False


class Part(Struct, rename="camel"):
    """A file."""

    id: int
    file: str | None = None
    size: int = 0
    duration: int | None = None
    container: str | None = None
    deleted_at: int | None = None  # it is not there now, as on a drive that is away
    exists: bool = True
    streams: list[Stream] = msgspec.field(default_factory=list, name="Stream")


class Media(Struct, rename="camel"):
    """A version: one file, or several that follow on one another."""

    id: int = 0
    duration: int | None = None
    bitrate: int | None = None
    width: int | None = None
    height: int | None = None
    container: str | None = None
    video_codec: str | None = None
    video_profile: str | None = None
    audio_codec: str | None = None
    audio_channels: int | None = None
    proxy_type: int | None = None
    deleted_at: int | None = None
    parts: list[Part] = msgspec.field(default_factory=list, name="Part")

    @property
    def made_by_plex(self) -> bool:
        """Smaller copies for telephones, and no file of the person's."""
        return self.proxy_type is not None


class Stretch(Struct, gc=False, rename="camel"):
    """A stretch of the film; chapters have names, and markers types."""

    start_time_offset: int
    end_time_offset: int
    tag: str | None = None
    type: str = ""


class Item(Struct, rename="camel"):
    """A film, a show or an episode."""

    rating_key: str
    type: str
    title: str = ""
    guid: str = ""
    original_title: str | None = None
    edition_title: str | None = None
    year: int | None = None
    summary: str = ""
    duration: int | None = None
    originally_available_at: str | None = None
    added_at: int = 0
    updated_at: int = 0
    deleted_at: int | None = None
    view_count: int = 0
    last_viewed_at: int | None = None
    view_offset: int = 0
    subtype: str | None = None
    extra_type: int | None = None
    index: int | None = None
    parent_index: int | None = None
    grandparent_rating_key: str | None = None
    grandparent_guid: str = ""
    grandparent_title: str | None = None
    guids: list[Guid] = msgspec.field(default_factory=list, name="Guid")
    genres: list[Tag] = msgspec.field(default_factory=list, name="Genre")
    versions: list[Media] = msgspec.field(default_factory=list, name="Media")
    chapters: list[Stretch] = msgspec.field(default_factory=list, name="Chapter")
    markers: list[Stretch] = msgspec.field(default_factory=list, name="Marker")
