"""What lists and pages of the library show: plain facts, ready to be told."""

from datetime import date

from msgspec import Struct

from movie_sync.library.rows import AssignmentRow, EpisodeRow, Probe, ReviewRow, Standing
from movie_sync.library_models import Collection, Credit, Kind, Marker, Match, Sidecar
from movie_sync.media_models import Media
from movie_sync.models import Moment


class Filters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which titles a list shows; those that have files, unless `having` says otherwise."""

    having: str = "files"  # "files", "gone": had some once, "none": never had any, "all"
    genre: str | None = None
    year_from: int | None = None
    year_to: int | None = None
    language: str | None = None  # that is spoken in some file, as its streams name it
    lines: int | None = None  # of the best picture: 2160, 1080, 720 ...
    hdr: bool | None = None
    source: str | None = None
    collection_id: int | None = None
    person_id: int | None = None
    played: bool | None = None
    broken: bool | None = None  # some file cannot be used
    doubled: bool | None = None  # of some film or episode in it there is more than one file
    languages: tuple[str, ...] = ()  # of which one is spoken; as `language`, for several codes
    missing_by: date | None = None  # some episode had aired by then, and is not there
    whole_by: date | None = None  # every episode that had aired by then is there


class TitleRow(Struct, frozen=True, kw_only=True):
    id: int
    kind: Kind
    title: str
    year: int | None
    genres: tuple[str, ...]
    original_language: str | None
    runtime_min: int | None
    premiered_on: date | None
    status: str | None
    rating: float | None
    poster: str | None
    files: int
    gone_files: int
    broken_files: int
    episodes_owned: int
    size_bytes: int
    lines: int | None  # of the best picture
    hdr: str | None
    audio_languages: tuple[str, ...]
    plays: int
    added_at: Moment | None
    facts_at: Moment | None


class TitleList(Struct, frozen=True):
    rows: list[TitleRow]
    total: int


class SightingRow(Struct, frozen=True, kw_only=True):
    """What one source shows of a file."""

    source: str
    kind: str
    uri: str
    path: str | None
    first_at: Moment
    problem: str | None = None
    deleted_at: Moment | None = None
    away_since: Moment | None = None


class FileRow(Struct, frozen=True, kw_only=True):
    id: int
    path: str | None
    size_bytes: int
    standing: Standing
    title_id: int | None
    episode_ids: tuple[int, ...]
    match: Match | None
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


class FileList(Struct, frozen=True):
    rows: list[FileRow]
    total: int


class SeasonRow(Struct, frozen=True, kw_only=True):
    number: int
    name: str | None
    overview: str | None
    aired_on: date | None
    poster: str | None
    episodes: tuple[EpisodeRow, ...]


class TitlePage(Struct, frozen=True, kw_only=True):
    row: TitleRow
    ids: dict[str, str]
    original_title: str | None
    other_titles: tuple[str, ...]
    overview: str | None
    tagline: str | None
    ended_on: date | None
    countries: tuple[str, ...]
    votes: int | None
    backdrop: str | None
    collection: Collection | None
    beside: tuple[TitleRow, ...]  # the others of the collection that are known here
    files: tuple[FileRow, ...]
    extras: tuple[FileRow, ...]
    seasons: tuple[SeasonRow, ...]
    cast: tuple[Credit, ...]
    crew: tuple[Credit, ...]
    history: tuple[AssignmentRow, ...]  # the newest first
    reviews: tuple[ReviewRow, ...]


class Duplicate(Struct, frozen=True, kw_only=True):
    """More than one file of the same film or episode, edition, version and part."""

    title_id: int
    title: str
    year: int | None
    season: int | None
    episode: int | None
    edition: str | None
    files: tuple[FileRow, ...]  # the best picture first
    identical: bool  # they are known to be the same, byte for byte


class Counts(Struct, frozen=True, kw_only=True):
    films: int
    shows: int
    episodes: int
    files: int
    size_bytes: int
    gone_files: int
    waiting: int
    review: int
    ignored: int
    unprobed: int
    broken: int


class Facets(Struct, frozen=True, kw_only=True):
    """What there is to filter by, each with how many titles have it; the most first."""

    genres: dict[str, int]
    languages: dict[str, int]
    lines: dict[int, int]
    decades: dict[int, int]
