"""One item of Trakt's history, ratings or watchlist, as its interface and its export write it.

What the items say is known to `services/trakt_shapes.py`. A play has the same key here as when it
is read from Trakt itself: "trakt:" and its history id.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from movie_sync.history.reading.entries import Reader
from movie_sync.history.scores import TENTHS
from movie_sync.history_models import Play, Rating, Wish, Work
from movie_sync.library_models import Kind
from movie_sync.services import trakt_shapes
from movie_sync.services.trakt_shapes import Item, Named, Odd
from movie_sync.table_cells import Malformed

SOURCE = "file:trakt"

T = TypeVar("T")


class _LastEpisode(Struct):
    number: int
    last_watched_at: str | None = None


class _LastSeason(Struct):
    number: int
    episodes: list[_LastEpisode] = field(default_factory=list)


class _Last(Struct):
    """What was watched at all: how often, and when last."""

    movie: Named | None = None
    show: Named | None = None
    last_watched_at: str | None = None
    seasons: list[_LastSeason] = field(default_factory=list)


def play(item: object, reader: Reader) -> Play:
    """Raises Malformed."""
    told = _item(item)
    work, at = _work(told), _moment(told.watched_at)
    if reader.is_ahead(at):
        raise Malformed(f"was watched {at:%Y-%m-%d}, which is still to come")
    if work.kind == Kind.SHOW and not work.is_episode:
        raise Malformed("is a play of a whole show or season; which episodes is not said")
    named = str(told.id) if told.id else None
    return Play(
        key=f"{trakt_shapes.NAME}:{named}" if named else _key(work, told.watched_at),
        source=SOURCE,
        work=work,
        watched_at=at,
        told_id=named,
    )


def rating(item: object) -> Rating:
    """Raises Malformed."""
    told = _item(item)
    tenths = told.rating or 0
    if tenths not in TENTHS:
        raise Malformed(f"has the rating {told.rating}, which is none of 1 to 10")
    return Rating(work=_work(told), source=SOURCE, tenths=tenths, rated_at=_moment(told.rated_at))


def wish(item: object) -> Wish:
    """Raises Malformed."""
    told = _item(item)
    return Wish(work=_work(told), source=SOURCE, listed_at=_moment(told.listed_at))


def last_plays(item: object) -> list[Play]:
    """The last play of a film, or of each episode of a show. Raises Malformed."""
    told = _converted(item, _Last)
    if told.movie:
        film = _work(Item(type="movie", movie=told.movie))
        return [_last(film, told.last_watched_at)]
    show = _work(Item(type="show", show=told.show))
    plays = [
        _last(_episode(show, season.number, each.number), each.last_watched_at)
        for season in told.seasons
        for each in season.episodes
    ]
    if not plays:
        raise Malformed(f"does not say which episodes of {show} were watched")
    return plays


def _last(work: Work, at: str | None) -> Play:
    return Play(key=_key(work, at), source=SOURCE, work=work, watched_at=_moment(at))


def _key(work: Work, at: str | None) -> str:
    """Of a play that Trakt has no number for here; another one than that number would make."""
    named = work.ids.get("trakt") or f"{work.title} ({work.year})"
    episode = f":{work.season}x{work.episode}" if work.is_episode else ""
    return f"trakt:last:{work.kind}:{named}{episode}:{at or 'unknown'}"


def _episode(show: Work, season: int, number: int) -> Work:
    return msgspec.structs.replace(show, season=season, episode=number)


def _item(item: object) -> Item:
    """Older exports do not say what an item is; what is in it says so too."""
    if isinstance(item, dict) and not item.get("type"):
        held = (name for name in ("movie", "episode", "season", "show") if item.get(name))
        item = {**item, "type": next(held, "item")}
    return _converted(item, Item)


def _work(item: Item) -> Work:
    named = item.movie or item.show
    if named and not named.title and not named.ids:
        raise Malformed("has no title and no id")
    return _said(trakt_shapes.work, item)


def _moment(text: str | None) -> datetime | None:
    """None also for the times that stand for none."""
    at = _said(trakt_shapes.moment, text)
    return at if at and at >= trakt_shapes.NEVER else None


def _said(read: Callable[[Any], T], told: object) -> T:
    try:
        return read(told)
    except Odd as error:
        raise Malformed(f"is not as it should be: {error}") from error


def _converted(item: object, form: type[T]) -> T:
    try:
        return msgspec.convert(item, form)
    except msgspec.ValidationError as error:
        raise Malformed(f"has an unknown form ({error})") from error
