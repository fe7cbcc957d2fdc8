"""What Viki tells, in our words: containers, videos, how far somebody is in them, and who asks.

A container is a show or a film, and its videos are the episodes, or the film itself. Pure facts;
`viki_reading` makes them of what Viki answers. The one thing to know: anything but an id may be
missing, and None means "not told", never 0.
"""

import re

from msgspec import Struct, field

from movie_sync.library_models import Kind
from movie_sync.models import Moment

# What a cookie may hold by RFC 6265, without quotes.
SENDABLE = re.compile(r"[\x21\x23-\x26\x28-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,4096}")
COOKIES = {"session__id": "session_id", "_viki_session": "viki_session"}  # theirs: ours
KINDS = {"series": Kind.SHOW, "film": Kind.FILM, "movie": Kind.FILM}


class VikiLogin(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in for a password. None of it is ever shown."""

    session_id: str | None = None
    viki_session: str | None = None
    token: str | None = None  # for the billboard alone
    user_id: str | None = None  # "12345u"; goes with the token

    def __repr__(self) -> str:
        has = [name for name in self.__struct_fields__ if getattr(self, name)]
        return f"VikiLogin({', '.join(has) or 'empty'})"

    @property
    def has_session(self) -> bool:
        return bool(self.session_id and self.viki_session)

    @property
    def has_token(self) -> bool:
        return bool(self.token and self.user_id)

    @property
    def cookies(self) -> str:
        """As a browser sends them."""
        values = {theirs: getattr(self, ours) for theirs, ours in COOKIES.items()}
        return "; ".join(f"{name}={value}" for name, value in values.items() if value)


class Marker(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far somebody is in a video."""

    video_id: str
    container_id: str
    episode: int | None = None
    seconds: int | None = None  # None: not told, which is not the whole of it
    duration_s: int | None = None
    credits_s: int | None = None  # where the credits begin
    at: Moment | None = None


class Markers(Struct, frozen=True, kw_only=True):
    """One answer of several. `updated_till_s` is Viki's own clock, and is to be stored after
    the markers were; from there the next reading goes on."""

    markers: tuple[Marker, ...]
    updated_till_s: int
    more: bool


class Container(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A show or a film. It has no year: see `not_after`."""

    id: str  # "36951c"
    type: str | None = None  # "series", "film", "news", "artist"
    titles: dict[str, str] = field(default_factory=dict)  # by language: "zh" and "zt" are Chinese
    other_titles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    phonetic: str | None = None  # in Latin letters
    country: str | None = None  # ISO 3166, in small letters: "kr"
    language: str | None = None  # ISO 639-1
    planned_episodes: int | None = None
    on_air: bool | None = None
    url: str | None = None  # its page
    not_after: int | None = None  # a year: no later was it first shown, perhaps long before

    @property
    def kind(self) -> Kind | None:
        """None: neither a show nor a film, as news and artists."""
        return KINDS.get(self.type or "")

    @property
    def title(self) -> str:
        """The English one, where there is any; else the nearest to it."""
        liked = (self.titles.get("en"), self.phonetic, self.titles.get(self.language or ""))
        return next(filter(None, (*liked, *self.titles.values())), self.id)

    @property
    def names(self) -> tuple[str, ...]:
        """Every title in every language, the usual one first, none twice."""
        others = (name for names in self.other_titles.values() for name in names)
        told = self.titles and (self.title, *self.titles.values())
        return tuple(dict.fromkeys(filter(None, (*told, self.phonetic, *others))))


class Video(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An episode, a film, or what belongs to one."""

    id: str  # "1167658v"
    container_id: str | None = None
    type: str | None = None  # "episode", "movie", "clip", "trailer"
    number: int | None = None
    titles: dict[str, str] = field(default_factory=dict)
    duration_s: int | None = None
    credits_s: int | None = None
    part: int | None = None  # old episodes come in pieces, numbered from 1
    air_at: Moment | None = None  # at Viki
    kept_back: tuple[str, ...] = ()  # why it cannot be watched: "geo", "paywall", "upcoming"

    @property
    def counts(self) -> bool:
        """Whether it is an episode with a number, or a film: no clip, trailer or special."""
        if (self.part or 1) > 1:
            return False
        return self.type == "movie" or (self.type == "episode" and (self.number or 0) > 0)


class OnBillboard(Struct, frozen=True, kw_only=True):
    """A container of the list "continue watching", and what of it was watched last."""

    container: Container
    last_video_id: str | None = None
    last_watched_at: str | None = None  # as it was written, for it is compared and not read
    last_number: int | None = None


class User(Struct, frozen=True):
    id: str | None
    name: str
