"""What the history's store takes and answers with: plain facts, as people need them.

`Batch` is the one thing to know: all that it holds is stored together, or nothing of it is.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from movie_sync.history_models import Play, Progress, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.models import Moment

GONE, HAND, UNDONE, MERGED = "gone", "hand", "undo", "merged"  # why a play is not there


class Batch(Struct, frozen=True, kw_only=True):
    """What is stored in one transaction.

    Attributes:
        checkpoint: of the sync: name and value, as {"films": "12"}.
        marks: of a provider: (provider, name, value); a value of None removes one.
        one_a_day: a work is watched once a day at most; what else tells of that day is linked.
        earliest: of an episode that is there, only an earlier date is news.
        revive: plays that were undone come back, as an import that a person asked for wants it.
    """

    plays: Sequence[Play] = ()
    ratings: Sequence[Rating] = ()
    wishes: Sequence[Wish] = ()
    progress: Sequence[Progress] = ()
    sync_id: int | None = None
    checkpoint: Mapping[str, str] = {}
    marks: Sequence[tuple[str, str, str | None]] = ()
    counts: Mapping[str, int] = {}  # added to those of the sync
    problems: Sequence[str] = ()  # likewise
    one_a_day: bool = True
    earliest: bool = False
    revive: bool = False


class Saved(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one batch came to."""

    new: int = 0  # plays
    linked: int = 0  # told of plays that were there
    known: int = 0  # told before
    earlier: int = 0  # of the linked: the play has another date now
    back: int = 0  # plays that were gone
    removed: int = 0  # stay away, as a person took them away
    waiting: int = 0  # for a person to say which title is meant
    titles: int = 0  # made
    ratings: int = 0  # new or other ones
    wishes: int = 0  # new, or back on the list
    progress: int = 0
    problems: tuple[str, ...] = ()  # what of it could not be stored

    def __add__(self, other: "Saved") -> "Saved":
        fields = self.__struct_fields__
        return Saved(**{name: getattr(self, name) + getattr(other, name) for name in fields})

    @property
    def counts(self) -> dict[str, int]:
        named = [name for name in self.__struct_fields__ if name != "problems"]
        return {name: getattr(self, name) for name in named if getattr(self, name)}


class PlayRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A play as a list shows it."""

    id: int
    key: str
    source: str
    title_id: int
    kind: Kind
    title: str
    year: int | None
    poster: str | None
    watched_at: Moment | None
    at_s: int  # with `id`, where the next page goes on
    local_day: date | None
    day_only: bool
    zone: str | None
    noted_at: Moment
    episode_id: int | None = None
    season: int | None = None
    episode: int | None = None
    episode_title: str | None = None
    runtime_min: int | None = None
    sync_id: int | None = None
    deleted_at: Moment | None = None
    deleted_by: str | None = None


class TellingRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one of those who tell calls a play."""

    key: str
    play_id: int
    source: str
    told_id: str | None
    watched_at: Moment | None
    noted_at: Moment
    sync_id: int | None = None
    gone_at: Moment | None = None


class SeenRow(Struct, frozen=True, kw_only=True):
    """A work that is watched."""

    title_id: int
    episode_id: int | None
    plays: int
    first_at: Moment | None
    last_at: Moment | None
    season: int | None = None
    episode: int | None = None


class Watched(Struct, frozen=True, kw_only=True):
    """A title, or a part of it, that is watched."""

    title_id: int
    kind: Kind
    title: str
    year: int | None
    ids: dict[str, str]
    plays: int
    episodes: int  # other ones; of a film 0
    last_at: Moment | None


class RatingRow(Struct, frozen=True, kw_only=True):
    title_id: int
    season: int | None  # where the season is rated
    episode_id: int | None
    source: str
    tenths: int
    rated_at: Moment | None


class WishRow(Struct, frozen=True, kw_only=True):
    title_id: int
    kind: Kind
    title: str
    year: int | None
    ids: dict[str, str]
    source: str
    listed_at: Moment | None
    season: int | None = None
    episode_id: int | None = None
    owned: bool = False  # a file of it is there


class ProgressRow(Struct, frozen=True, kw_only=True):
    """A work that is begun, and not watched since."""

    title_id: int
    kind: Kind
    title: str
    year: int | None
    poster: str | None
    source: str
    at: Moment
    at_s: int
    position_s: int | None
    duration_s: int | None
    credits_s: int | None
    episode_id: int | None = None
    season: int | None = None
    episode: int | None = None
    episode_title: str | None = None


class TitleHistory(Struct, frozen=True, kw_only=True):
    """All of one title."""

    title_id: int
    plays: tuple[PlayRow, ...]  # the newest first, so many as were asked for
    seen: tuple[SeenRow, ...]
    ratings: tuple[RatingRow, ...]  # the newest first
    wishes: tuple[WishRow, ...]
    progress: tuple[ProgressRow, ...]


class Sending(StrEnum):
    """What became of telling a provider of a play."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"  # sent, and no answer came: to be verified before it is sent again
    DONE = "done"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    SKIPPED = "skipped"  # it is there already
    REMOVED = "removed"  # taken back


class OutboxRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A play for a provider, with all that is needed to name it there."""

    id: int
    play_id: int
    provider: str
    account: str
    state: Sending
    work: Work  # with the ids that we know by now, those of its episode too
    source: str
    watched_at: Moment | None
    day_only: bool
    zone: str | None
    local_day: date | None
    made_at: Moment
    why: str | None = None
    sync_id: int | None = None
    remote_ids: tuple[str, ...] = ()
    tried_at: Moment | None = None
    title_id: int = 0


class Outcome(Struct, frozen=True, kw_only=True):
    """Of one row of the outbox."""

    id: int
    state: Sending
    why: str | None = None
    remote_ids: tuple[str, ...] | None = None  # None: as they were


class SyncRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: int
    kind: str
    provider: str | None
    began_at: Moment
    ended_at: Moment | None
    state: str  # "running", "done", "failed", "cancelled", "interrupted", "undone"
    counts: dict[str, int] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    problem: str | None = None
    undoes: int | None = None


class QuestionRow(Struct, frozen=True, kw_only=True):
    """Works whose ids name two titles, and plays that wait for the answer."""

    id: int
    work: Work
    sentence: str
    title_ids: tuple[int, ...]
    asked_at: Moment
    plays: int
    title_id: int | None = None
    settled_at: Moment | None = None


class Counts(Struct, frozen=True, kw_only=True):
    plays: int
    films: int  # other ones
    episodes: int
    shows: int
    undated: int
    by_source: dict[str, int]
    waiting: int  # plays, for a person's answer
    questions: int
    unmatched: int  # of Viki
    outbox: dict[str, int]  # by state
