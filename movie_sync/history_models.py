"""The nouns of the history: what was watched, how far, and how it was liked. Pure facts.

A work is named by ids of others, as {"trakt": "285120", "tmdb": "428078"}; which title of the
library that is, is found when it is stored.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct, field

from movie_sync.library_models import Kind
from movie_sync.models import Moment


class Work(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A film, a show, or one episode of a show, as somebody outside names it."""

    kind: Kind
    title: str
    year: int | None = None
    ids: dict[str, str] = field(default_factory=dict)  # of the film or the show
    season: int | None = None  # 0: specials; None: a film, or a show as a whole
    episode: int | None = None
    episode_title: str | None = None
    episode_ids: dict[str, str] = field(default_factory=dict)

    @property
    def is_episode(self) -> bool:
        return self.episode is not None

    def __str__(self) -> str:
        named = f"{self.title} ({self.year})" if self.year else self.title
        if self.episode is None:
            return named
        return f"{named} {self.season or 0}x{self.episode:02}"


class Play(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A work was watched to its end, once."""

    key: str  # the same play has the same key for ever: "trakt:4115573597", "viki:1000001v:1"
    source: str  # "trakt", "viki", "letterboxd", "plex", "jellyfin", "hand", "channel:one"
    work: Work
    watched_at: Moment | None  # None: it is not known when
    day_only: bool = False  # only the day was told; the time of `watched_at` is noon there
    zone: str | None = None  # where it was watched, as "Europe/Berlin", where that was told
    told_id: str | None = None  # what its source calls it, so that it can be taken back there


class Score(StrEnum):
    """How a work was liked, in five steps, by their words."""

    WASTE = "waste"
    MEH = "meh"
    DECENT = "decent"
    ENTERTAINING = "entertaining"
    OUTSTANDING = "outstanding"


class Rating(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Out of ten, as most of those who are asked have it."""

    work: Work
    source: str
    tenths: int  # 1 to 10
    rated_at: Moment | None = None


class Wish(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A work that stands on a watchlist."""

    work: Work
    source: str
    listed_at: Moment | None = None


class Progress(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far somebody is in a work."""

    work: Work
    source: str
    at: Moment
    position_s: int | None
    duration_s: int | None
    credits_s: int | None = None  # where the credits begin


class Day(Struct, frozen=True):
    """A day where the person lives, and how many plays it has."""

    day: date
    plays: int
