"""What Trakt is told, item by item, and what it says became of each. Pure.

A show without seasons marks all its episodes, a season without episodes the whole season, and an
item without a time is watched now: no such body is made here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

from movie_sync.errors import Refused
from movie_sync.history_models import Play, Rating, Work
from movie_sync.library_models import Kind
from movie_sync.trakt_models import Told

NAME = "trakt"
BATCH = 100  # items in one body
UNKNOWN = "unknown"  # watched, and nobody knows when
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
AHEAD = timedelta(minutes=10)  # that a clock may be wrong by
OF_FILMS = ("trakt", "imdb", "tmdb")  # TVDB's are not taken for films
OF_SHOWS = (*OF_FILMS, "tvdb")

Body = dict[str, list[dict[str, Any]]]
Facts = Mapping[str, Any]


class Placed(Struct, frozen=True):
    """Where an item stands in the body."""

    section: str  # "movies", "shows", "seasons", "episodes"
    ids: Facts
    season: int | None = None
    episode: int | None = None

    @property
    def counted_as(self) -> str:
        """What Trakt counts it as."""
        if self.section != "shows" or self.season is None:
            return self.section
        return "seasons" if self.episode is None else "episodes"


def stamp(at: datetime) -> str:
    """As Trakt writes times: 2014-09-01T09:10:11.000Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def history(plays: Sequence[Play], now: datetime) -> tuple[Body, list[Placed]]:
    """Raises Refused: one of them cannot be told; nothing is to be sent."""
    for play in plays:
        at = play.watched_at
        if at is not None and not EARLIEST <= at <= now + AHEAD:
            raise Refused(NAME, f"{play.work} was watched {at:%Y-%m-%d}? nothing was sent")
        if play.work.kind is Kind.SHOW and not play.work.is_episode:
            what = "names a whole show, and Trakt would mark all of it as watched"
            raise Refused(NAME, f"{play.work} {what}; nothing was sent")
    facts = [{"watched_at": stamp(p.watched_at) if p.watched_at else UNKNOWN} for p in plays]
    return _body([play.work for play in plays], facts)


def ratings(given: Sequence[Rating]) -> tuple[Body, list[Placed]]:
    """Raises Refused: one of them cannot be told."""
    facts: list[Facts] = [
        {"rating": one.tenths} | ({"rated_at": stamp(one.rated_at)} if one.rated_at else {})
        for one in given
    ]
    return _body([one.work for one in given], facts)


def works(given: Sequence[Work]) -> tuple[Body, list[Placed]]:
    """Of those that are named alone. Raises Refused: one has no id that Trakt knows."""
    return _body(given, [{} for _ in given])


def told(
    counts: Iterable[Mapping[str, int]],
    not_found: Mapping[str, Sequence[Any]],
    placed: Sequence[Placed],
) -> Told:
    """What became of each.

    Args:
        counts: what it says it added, and what was there.
        not_found: what it says it does not know, as it was sent.
    """
    missing = _missing(not_found, placed)
    counted: dict[str, int] = defaultdict(int)
    for each in counts:
        for kind, number in each.items():
            counted[kind] += number
    rest = [place for place in range(len(placed)) if place not in missing]
    asked: dict[str, int] = defaultdict(int)
    for place in rest:
        asked[placed[place].counted_as] += 1
    sure = {kind for kind, number in asked.items() if counted[kind] >= number}
    return Told(
        done=tuple(place for place in rest if placed[place].counted_as in sure),
        not_found=tuple(sorted(missing)),
        unsure=tuple(place for place in rest if placed[place].counted_as not in sure),
    )


def _body(given: Sequence[Work], facts: Sequence[Facts]) -> tuple[Body, list[Placed]]:
    if not 0 < len(given) <= BATCH:
        raise ValueError(f"{len(given)} items in one body")
    placed = [_placed(work) for work in given]
    body: Body = {}
    for place, more in zip(placed, facts, strict=True):
        entries = body.setdefault(place.section, [])
        if place.season is None:
            entries.append({**more, "ids": dict(place.ids)})
        else:
            _add_numbered(entries, place, more)
    return body, placed


def _placed(work: Work) -> Placed:
    if work.kind is Kind.FILM:
        return Placed("movies", _ids(work.ids, OF_FILMS, work))
    if work.is_episode and any(work.episode_ids.get(name) for name in OF_SHOWS):
        return Placed("episodes", _ids(work.episode_ids, OF_SHOWS, work))
    if work.is_episode and work.season is None:
        what = "has no season, so that its whole show would be named"
        raise Refused(NAME, f"{work} {what}; nothing was sent")
    return Placed("shows", _ids(work.ids, OF_SHOWS, work), work.season, work.episode)


def _ids(known: Mapping[str, str], names: Iterable[str], work: Work) -> dict[str, str | int]:
    found = {name: known[name] for name in names if known.get(name)}
    if not found:
        raise Refused(NAME, f"{work} has no id that Trakt knows; nothing was sent")
    return {name: int(one) if one.isdigit() else one for name, one in found.items()}


def _add_numbered(entries: list[dict[str, Any]], place: Placed, more: Facts) -> None:
    """An episode, or a season, by its number in its show."""
    show = next((one for one in entries if one["ids"] == place.ids and "seasons" in one), None)
    if show is None:
        show = {"ids": dict(place.ids), "seasons": []}
        entries.append(show)
    if place.episode is None:
        show["seasons"].append({"number": place.season, **more})
        return
    seasons = show["seasons"]
    season = next((s for s in seasons if s["number"] == place.season and "episodes" in s), None)
    if season is None:
        season = {"number": place.season, "episodes": []}
        seasons.append(season)
    season["episodes"].append({"number": place.episode, **more})


def _missing(not_found: Mapping[str, Sequence[Any]], placed: Sequence[Placed]) -> set[int]:
    """The places of those that Trakt says it does not know. It says so with what it was sent, of a
    show with the seasons and episodes that it lacks, or with none where it lacks the show."""
    found: set[int] = set()
    for section, echoes in not_found.items():
        for echo in echoes:
            if isinstance(echo, dict):
                found |= {
                    number
                    for number, place in enumerate(placed)
                    if place.section == section and _is_meant(place, echo)
                }
    return found


def _is_meant(place: Placed, echo: Mapping[str, Any]) -> bool:
    ids = {name: str(value) for name, value in (echo.get("ids") or {}).items() if value}
    if not ids or any(ids.get(name, str(one)) != str(one) for name, one in place.ids.items()):
        return False
    if not ids.keys() & place.ids.keys():
        return False
    seasons = echo.get("seasons")
    if not seasons:
        return True
    for season in seasons:
        if season.get("number") == place.season:
            episodes = season.get("episodes")
            if not episodes or any(one.get("number") == place.episode for one in episodes):
                return True
    return False
