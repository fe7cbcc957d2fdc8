"""What Trakt's answers look like, and what they say in our words. Pure.

Source: the recorded and documented answers of 2016 to 2026. Any field but an id may be null or
missing, and unknown ones come and go. Times are in UTC, with and without milliseconds.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.trakt_models import Hit, Paused, TraktPlay

NAME = "trakt"
PROVIDERS = ("trakt", "imdb", "tmdb", "tvdb")
NEVER = datetime(1970, 1, 2, tzinfo=UTC)  # plays before were sent with "0" for a time
KINDS = {"movie": Kind.FILM, "show": Kind.SHOW, "season": Kind.SHOW, "episode": Kind.SHOW}

Ids = dict[str, Any]
T = TypeVar("T")


class Named(Struct):
    """A film, or a show."""

    ids: Ids
    title: str | None = None
    year: int | None = None


class Season(Struct):
    number: int
    ids: Ids = field(default_factory=dict)


class Episode(Struct):
    season: int
    number: int
    title: str | None = None
    ids: Ids = field(default_factory=dict)


class Item(Struct, kw_only=True):
    """One of the history, the ratings, the watchlist, what is paused, or what was found."""

    type: str
    id: int | None = None
    movie: Named | None = None
    show: Named | None = None
    season: Season | None = None
    episode: Episode | None = None
    watched_at: str | None = None
    rated_at: str | None = None
    listed_at: str | None = None
    paused_at: str | None = None
    rating: int | None = None
    progress: float | None = None
    score: float | None = None


_items = msgspec.json.Decoder(list[Item], strict=False)  # a year has come as "2005"


class Odd(ValueError):
    """An item that does not say what it must; the text says what."""


def moment(text: str | None) -> datetime | None:
    """The time in UTC; None where none is told. Raises Odd: it is no time."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Odd(f"{text[:40]!r} is no time") from None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def ids(told: Ids) -> dict[str, str]:
    """Those that we know, as texts; null, 0 and "" are none."""
    return {name: str(told[name]) for name in PROVIDERS if told.get(name)}


def work(item: Item) -> Work:
    """Raises Odd."""
    kind = KINDS.get(item.type)
    named = item.movie if kind is Kind.FILM else item.show
    if kind is None or named is None:
        raise Odd(f"a {item.type[:20]!r} says nothing of what it is")
    season, episode = item.season, item.episode
    if (item.type == "episode" and episode is None) or (item.type == "season" and season is None):
        raise Odd(f"a {item.type} has no number")
    of_season = season.number if season else None
    return Work(
        kind=kind,
        title=title_of(named.title, named.ids),
        year=named.year or None,
        ids=ids(named.ids),
        season=episode.season if episode else of_season,
        episode=episode.number if episode else None,
        episode_title=episode.title or None if episode else None,
        episode_ids=ids(episode.ids) if episode else {},
    )


def play(item: Item) -> TraktPlay:
    """Raises Odd."""
    if item.id is None:
        raise Odd("a play has no id")
    if item.type not in ("movie", "episode"):
        raise Odd(f"play {item.id} is of a {item.type[:20]!r}")
    at = moment(item.watched_at)
    made = Play(
        key=f"{NAME}:{item.id}",
        source=NAME,
        work=work(item),
        watched_at=at if at is None or at >= NEVER else None,
        told_id=str(item.id),
    )
    return TraktPlay(item.id, made)


def rating(item: Item) -> Rating:
    """Raises Odd."""
    if item.rating is None or not 1 <= item.rating <= 10:
        raise Odd(f"a rating of {item.rating}")
    return Rating(work=work(item), source=NAME, tenths=item.rating, rated_at=moment(item.rated_at))


def wish(item: Item) -> Wish:
    """Raises Odd."""
    return Wish(work=work(item), source=NAME, listed_at=moment(item.listed_at))


def paused(item: Item) -> Paused:
    """Raises Odd."""
    if item.id is None:
        raise Odd("what is paused has no id")
    at, percent = moment(item.paused_at), min(max(item.progress or 0.0, 0.0), 100.0)
    return Paused(playback_id=item.id, work=work(item), percent=percent, paused_at=at)


def hit(item: Item) -> Hit | None:
    """None where it is neither a film nor a show."""
    named = {"movie": item.movie, "show": item.show}.get(item.type)
    if named is None:
        return None
    return Hit(
        kind=KINDS[item.type],
        title=title_of(named.title, named.ids),
        year=named.year or None,
        ids=ids(named.ids),
        slug=str(named.ids.get("slug") or "") or None,
        score=item.score or 0.0,
    )


def items(body: bytes) -> Sequence[Any] | None:
    """The items of a list; as they are where one of them has an unknown form. None: no list."""
    try:
        return _items.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass
    try:
        return msgspec.json.decode(body, type=list[Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def key(item: Any) -> str | int:
    """By which the same item is known again, on whatever page."""
    if not isinstance(item, Item):
        number = item.get("id") if isinstance(item, dict) else None
        return number if isinstance(number, int) else repr(item)
    if item.id is not None:
        return item.id
    named = item.episode or item.season or item.movie or item.show
    number = named.ids.get("trakt") if named else None
    return f"{item.type}:{number}" if number else repr(item)


def each(told: Sequence[Any], make: Callable[[Item], T]) -> tuple[list[T], list[str]]:
    """What can be read, and why the rest cannot: one item of an unknown form costs no other."""
    made, problems = [], []
    for one in told:
        try:
            made.append(
                make(one if isinstance(one, Item) else msgspec.convert(one, Item, strict=False))
            )
        except (Odd, msgspec.ValidationError) as error:
            named = one.get("id") if isinstance(one, dict) else getattr(one, "id", None)
            problems.append(f"item {named}: {error}" if named else str(error))
    return made, problems


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """The latest of them."""
    return max((one for one in moments if one), default=None)


def title_of(title: str | None, ids: Ids) -> str:
    """A work may have no title, and is then called as its address is."""
    slug = str(ids.get("slug") or "").replace("-", " ")
    return title or slug or f"Trakt {ids.get('trakt')}"
