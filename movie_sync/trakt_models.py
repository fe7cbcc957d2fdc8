"""The nouns of what Trakt answers, beyond those of the history. Pure facts."""

from typing import NamedTuple

from msgspec import Struct, field

from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.models import Moment


class TraktPlay(Struct, frozen=True):
    history_id: int  # of 64 bits; removes just this play
    play: Play


class Page(Struct, frozen=True, kw_only=True):
    """A part of the history that was not told before in the same reading."""

    plays: tuple[TraktPlay, ...]
    number: int  # from 1; goes back where a reading had to begin again
    of: int | None = None  # pages, as far as Trakt says
    items: int | None = None  # plays in all, likewise
    problems: tuple[str, ...] = ()  # of plays that cannot be read; the others can


class Listed(Struct, frozen=True, kw_only=True):
    """All of a list: what could be read of it, and what not."""

    ratings: tuple[Rating, ...] = ()
    wishes: tuple[Wish, ...] = ()
    problems: tuple[str, ...] = ()


class Place(NamedTuple):
    """A film, or an episode of a show, by the Trakt id of the film or the show."""

    trakt_id: str
    season: int | None = None
    episode: int | None = None


class Activities(Struct, frozen=True, kw_only=True):
    """When something changed last, added or taken away. What never changed is None."""

    all_at: Moment | None = None
    films_watched_at: Moment | None = None
    episodes_watched_at: Moment | None = None
    rated_at: Moment | None = None
    wished_at: Moment | None = None
    paused_at: Moment | None = None
    settings_at: Moment | None = None


class Hit(Struct, frozen=True, kw_only=True):
    """A work that a search found."""

    kind: Kind
    title: str
    year: int | None = None
    ids: dict[str, str] = field(default_factory=dict)
    slug: str | None = None
    score: float = 0.0  # good for the order of one answer, and for nothing else


class OtherTitle(Struct, frozen=True):
    """What a work is called elsewhere."""

    title: str
    country: str | None = None  # ISO 3166, in capitals
    language: str | None = None  # ISO 639-1


class Paused(Struct, frozen=True, kw_only=True):
    """A work that somebody stopped in the midst of."""

    playback_id: int
    work: Work
    percent: float
    paused_at: Moment | None = None


class Account(Struct, frozen=True, kw_only=True):
    username: str
    vip: bool = False
    zone: str | None = None  # "Europe/Berlin"
    limits: dict[str, int] = field(default_factory=dict)  # "watchlist.item_count" -> 250
    watch_only_once: bool = False  # Trakt then drops every further play by itself


class Told(Struct, frozen=True, kw_only=True):
    """What became of the items of one writing, by their places in what was given."""

    done: tuple[int, ...] = ()
    not_found: tuple[int, ...] = ()
    # Trakt counts fewer than it was given and does not say which: they are there or not.
    unsure: tuple[int, ...] = ()


class Removed(Struct, frozen=True):
    plays: int  # that went
    not_found: tuple[int, ...] = ()  # history ids that were not there
