"""The nouns that travel between parts of the program. Plain facts: no I/O, no settings.

Times are aware UTC datetimes and end in `_at`; sizes are bytes and end in `_bytes`; durations
are seconds and end in `_s`, or minutes and end in `_min`. All are msgspec structs, so that they
go to JSON and back by themselves; fields at their default are left out there.
"""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, field

Moment = Annotated[datetime, Meta(tz=True)]  # a time in a file that names no zone is refused


class Film(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A film somebody wants, known by `key` for as long as we know it.

    The key says whose id it is: "letterboxd:240344", "imdb:tt6751668", "tmdb:496243", else
    "slug:parasite-2019" or "boxd:hTha" of a Letterboxd address, or "title:parasite:2019".
    """

    key: str
    title: str
    year: int | None = None
    imdb_id: str | None = None  # with the "tt"
    tmdb_id: int | None = None  # of a film; TMDB numbers series apart
    original_title: str | None = None
    alternative_titles: tuple[str, ...] = ()
    also_called: tuple[str, ...] = ()  # titles that a person has given it
    runtime_min: int | None = None
    original_language: str | None = None  # ISO 639-1: "ko"
    premiered_on: date | None = None  # first shown anywhere
    home_release_on: date | None = None  # first to be had at home: digital, disc or TV
    slug: str | None = None  # Letterboxd's name for the film's page
    poster: str | None = None  # TMDB's path of its picture: "/pB8BM7pdSp6B6Ih7QZ4DrQ3PmJK.jpg"

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title

    @property
    def titles(self) -> tuple[str, ...]:
        """Every title it is known by, the usual one first, none twice."""
        named = (self.title, *self.also_called, self.original_title, *self.alternative_titles)
        return tuple(dict.fromkeys(title for title in named if title))


class Watchlist(Struct, frozen=True, kw_only=True):
    """One reading of a watchlist. Only a complete one may be read as "the rest is gone"."""

    source: str  # "letterboxd:alice"
    films: tuple[Film, ...]
    complete: bool
    announced: int | None = None  # how many films the source says it lists
    problem: str | None = None  # why it is not complete, as a sentence


class Release(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One downloadable copy of a film, as an indexer lists it."""

    indexer: str
    id: str  # the indexer's own
    name: str
    size_bytes: int
    seeders: int
    leechers: int = 0
    imdb_id: str | None = None
    tmdb_id: int | None = None
    category: str | None = None  # as the indexer names it: "Filme HD"
    freeleech: bool = False  # the download does not count against our ratio
    doubleup: bool = False  # the upload counts twice
    halfleech: bool = False  # the download counts half
    internal: bool = False  # made by the tracker's own people
    uploaded_at: datetime | None = None


class Show(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A series as TVMaze knows it: the facts that a person's rules ask for."""

    tvmaze_id: int
    title: str
    url: str  # its page there, which has to be shown with its facts
    updated_s: int  # Unix seconds of its last change there
    type: str | None = None  # "Scripted", "Reality"
    language: str | None = None  # by its English name: "Korean"
    genres: tuple[str, ...] = ()
    status: str | None = None  # "Running", "Ended"
    runtime_min: int | None = None  # of an episode; where that is not said, the average
    premiered_on: date | None = None
    ended_on: date | None = None
    rating: float | None = None  # 0.0 to 10.0
    network: str | None = None
    web_channel: str | None = None
    country: str | None = (
        None  # of the network, else of the web channel: ISO 3166 "GB"; None: global
    )
    tvdb_id: int | None = None
    imdb_id: str | None = None  # with the "tt"

    def __str__(self) -> str:
        return f"{self.title} ({self.premiered_on.year})" if self.premiered_on else self.title


class Phase(StrEnum):
    """What a torrent client is doing with a download."""

    QUEUED = "queued"  # waiting for its turn, or being checked
    LOADING = "loading"
    STALLED = "stalled"  # wants to load, and nobody gives
    PAUSED = "paused"  # stopped by a person
    DONE = "done"  # whole and checked; perhaps seeding
    BROKEN = "broken"  # the client reports an error; `message` says which


class TransferFile(Struct, frozen=True):
    """One file of a download, where this machine finds it."""

    path: Path
    size_bytes: int


class Transfer(Struct, frozen=True, kw_only=True):
    """A download as its client sees it."""

    handle: str  # the v1 info-hash, 40 lower-case hexadecimal digits
    name: str
    phase: Phase
    progress: float  # 0.0 to 1.0
    size_bytes: int = 0
    speed_bytes_s: int = 0
    eta_s: int | None = None
    message: str | None = None
    ratio: float = 0.0
    seeding_s: int = 0
    files: tuple[TransferFile, ...] = ()  # empty until it is done


class MediaFacts(Struct, frozen=True, kw_only=True):
    """What a film file is, by its own headers."""

    duration_s: float | None
    lines: int | None = None  # of its picture
    audio_languages: tuple[str | None, ...] = ()  # of each track, ISO 639; None: not said


class State(StrEnum):
    """Where an item is; each has a file `queue_<state>.json`. An item is in exactly one state."""

    PENDING = "pending"
    ACTIVE = "active"
    FAILED = "failed"
    COMPLETED = "completed"
    REMOVED = "removed"


FILM, SHOW = "film", "show"  # kinds of items


class Item(Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to do outside this program, and how far it is. One line in a queue file."""

    id: str  # "film:letterboxd:240344"
    kind: str  # FILM, SHOW, or that of an errand
    title: str  # "Parasite (2019)"
    wanted_by: tuple[str, ...] = ()  # "letterboxd:alice", "hand"
    added_at: Moment
    priority: int = 0  # higher is taken first; within one, first in first out
    attempts: int = 0  # failures that counted
    searches: int = 0  # times in a row that nothing suitable was found; never gives up
    claims: int = 0  # times taken without an outcome, as after a crash
    retry_at: Moment | None = None
    permanent: bool = False
    last_error: str | None = None
    step: str | None = None  # while active: "searching", "downloading"
    handle: str | None = None  # the torrent client's, from just before it is given to it
    progress: float | None = None  # 0.0 to 1.0; not journaled, so a crash forgets it
    completed_at: Moment | None = None
    removed_at: Moment | None = None
    data: dict[str, Any] = field(default_factory=dict)  # facts of its kind
    seq: int = 0  # number of its last change over all items
    pos: int = 0  # place in the order
