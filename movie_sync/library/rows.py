"""What the library's store answers with: plain facts, as its callers and people need them.

`Standing` is the one thing to know: it says whether anyone still has to say what a file is.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from movie_sync.library_models import Kind, Match, Told
from movie_sync.models import Moment


class Standing(StrEnum):
    """Of a file: whether it is known what it is."""

    WAITING = "waiting"  # to be identified: new, or what is told of it changed
    MATCHED = "matched"
    REVIEW = "review"  # a person has to say
    IGNORED = "ignored"  # a person wants it in no title


class Probe(StrEnum):
    """Of a file: whether it was looked into."""

    WAITING = "waiting"
    DONE = "done"
    BROKEN = "broken"
    NONE = "none"  # it lies on no disk of ours, or is gone


class Saved(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one writing did, in files."""

    new: int = 0
    changed: int = 0  # another content, or other tellings
    moved: int = 0
    back: int = 0  # found again after they were gone
    same: int = 0
    gone: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        fields = self.__struct_fields__
        return Saved(**{name: getattr(self, name) + getattr(other, name) for name in fields})


class Conflict(Struct, frozen=True):
    """Ids that do not go together. Which of the titles is meant is for a person to say."""

    title_ids: tuple[int, ...]
    sentence: str


class SourceRow(Struct, frozen=True, kw_only=True):
    """A source as the last scans left it."""

    id: int
    name: str
    kind: str
    files: int = 0
    size_bytes: int = 0
    gone_files: int = 0
    scan_began_at: Moment | None = None
    last_scan_at: Moment | None = None
    last_complete_at: Moment | None = None
    away_since: Moment | None = None
    problem: str | None = None


class ScanRow(Struct, frozen=True, kw_only=True):
    id: int
    source: str
    began_at: Moment
    ended_at: Moment | None
    complete: bool
    counts: dict[str, int]
    problem: str | None = None


class Unidentified(Struct, frozen=True, kw_only=True):
    """A file that waits to be identified."""

    asset_id: int
    path: str | None
    size_bytes: int
    told: tuple[Told, ...]  # of every source, the most trusted first
    sources: tuple[str, ...]
    uris: tuple[str, ...]  # as many, in the same order
    duration_ms: int | None = None
    title_id: int | None = None  # what it was taken for until now
    content: str = ""  # what its bytes are known by


class ToProbe(Struct, frozen=True):
    asset_id: int
    path: str
    content: str  # to be given back, so that no answer is kept of a file that changed meanwhile


class Candidate(Struct, frozen=True):
    """A title of the library that bears a key."""

    title_id: int
    kind: Kind
    title: str
    year: int | None
    strict: bool  # it is written so
    ids: dict[str, str]


class EpisodeRow(Struct, frozen=True, kw_only=True):
    id: int
    season: int
    number: int
    absolute: int | None = None
    name: str | None = None
    overview: str | None = None
    aired_on: date | None = None
    runtime_min: int | None = None
    still: str | None = None
    files: int = 0


class Answer(Struct, frozen=True, kw_only=True):
    """What a file is to be taken for."""

    asset_id: int
    title_id: int
    match: Match
    episode_ids: tuple[int, ...] = ()
    edition: str | None = None
    part: int | None = None


class AssignmentRow(Struct, frozen=True, kw_only=True):
    """One answer to "what is this file"."""

    id: int
    asset_id: int
    standing: Standing
    title_id: int | None
    episode_ids: tuple[int, ...]
    match: Match | None
    by_hand: bool
    made_at: Moment
    undone_at: Moment | None = None
    edition: str | None = None
    version: str | None = None
    part: int | None = None


class ChoiceRow(Struct, frozen=True, kw_only=True):
    """What a person decided."""

    id: int
    kind: str
    subject: str
    data: dict[str, object]
    sentence: str
    made_at: Moment
    undone_at: Moment | None = None


class ReviewRow(Struct, frozen=True, kw_only=True):
    """A question to a person, or one that was answered."""

    id: int
    subject: str
    reason: str
    sentence: str
    candidates: tuple[dict[str, object], ...]
    state: str  # "open", "settled", "moot"
    asked_at: Moment
    asset_id: int | None = None
    title_id: int | None = None
    confidence: float | None = None
    path: str | None = None
    size_bytes: int | None = None
    duration_ms: int | None = None
    settled_at: Moment | None = None
    choice_id: int | None = None
