"""What the Trakt on 127.0.0.1 makes of what it is told, with all that is careless in it."""

from collections.abc import Callable
from typing import Any

from movie_sync.demo.trakt_world import SINGULAR, Facts, Item, TraktWorld, stamp

Said = tuple[int, Facts | None]
SECTIONS = tuple(SINGULAR)


class _Count:
    """What was done, by kind, and what is not known."""

    def __init__(self) -> None:
        self.done = dict.fromkeys(SECTIONS, 0)
        self.there = dict.fromkeys(SECTIONS, 0)
        self.not_found: dict[str, list[Any]] = {name: [] for name in SECTIONS}

    def add(self, item: Item, *, new: bool = True) -> None:
        name = next(many for many, one in SINGULAR.items() if one == item[0])
        (self.done if new else self.there)[name] += 1


Take = Callable[[Item, Facts, _Count], None]


def change(world: TraktWorld, path: str, body: Facts) -> Said:
    """Do what a POST asks for."""
    with world.lock:
        match path:
            case "/sync/history":
                return _history(world, body)
            case "/sync/history/remove":
                return _remove(world, body)
            case "/sync/ratings":
                count = _each(world, body, _rating(world))
                return 201, {"added": count.done, "not_found": count.not_found}
            case "/sync/watchlist":
                return _want(world, body)
            case "/sync/ratings/remove" | "/sync/watchlist/remove":
                kept = world.ratings if "ratings" in path else world.wishes
                count = _each(world, body, _forgetting(world, kept))
                return 200, {"deleted": count.done, "not_found": count.not_found}
    return 404, None


def _history(world: TraktWorld, body: Facts) -> Said:
    if len(world.plays) >= world.most_plays:
        return 420, None
    count = _each(world, body, lambda item, facts, count: _watch(world, item, facts, count))
    added = {name: count.done[name] for name in ("movies", "episodes")}
    return 201, {"added": added, "updated": {"movies": 0, "episodes": 0},
                 "not_found": count.not_found}  # fmt: skip


def _watch(world: TraktWorld, item: Item, facts: Facts, count: _Count) -> None:
    """A show is all of its episodes, a season all of its own."""
    kind, number = item
    if kind == "show":
        episodes = [one for one in world.episodes(number) if one[1] // 1000 % 100]
    elif kind == "season":
        episodes = list(world.episodes(number // 100, number % 100))
    else:
        episodes = [item]
    at = facts.get("watched_at")
    for one in episodes:
        # A number is silently taken for now.
        world.play(one, None if at == "unknown" else at if isinstance(at, str) else world.clock())
        count.add(one)


def _rating(world: TraktWorld) -> Take:
    def rate(item: Item, facts: Facts, count: _Count) -> None:
        world.rate(item, facts["rating"], facts.get("rated_at") or stamp(world.clock()))
        count.add(item)

    return rate


def _forgetting(world: TraktWorld, kept: dict[Item, Facts]) -> Take:
    def forget(item: Item, facts: Facts, count: _Count) -> None:
        if world.forget(kept, item):
            count.add(item)

    return forget


def _want(world: TraktWorld, body: Facts) -> Said:
    if len(world.wishes) >= world.most_wishes:
        return 420, None

    def want(item: Item, facts: Facts, count: _Count) -> None:
        count.add(item, new=world.want(item, stamp(world.clock())))

    count = _each(world, body, want)
    listed = {"updated_at": stamp(world.clock()), "item_count": len(world.wishes)}
    return 201, {"added": count.done, "existing": count.there, "not_found": count.not_found,
                 "list": listed}  # fmt: skip


def _remove(world: TraktWorld, body: Facts) -> Said:
    """By history ids; by item, all plays of it go."""
    gone, lacking = dict.fromkeys(("movies", "episodes"), 0), []
    kinds = {number: item[0] for number, item, _ in world.plays}
    for number in body.get("ids", []):
        if world.remove(number):
            gone["movies" if kinds[number] == "movie" else "episodes"] += 1
        else:
            lacking.append(number)

    def remove(item: Item, facts: Facts, count: _Count) -> None:
        for number in world.history([item[0]], {item[1]}):
            world.remove(number)
            count.add(item)

    count = _each(world, body, remove)
    deleted = {name: gone[name] + count.done[name] for name in gone}
    return 200, {"deleted": deleted, "not_found": {**count.not_found, "ids": lacking}}


def _each(world: TraktWorld, body: Facts, take: Take) -> _Count:
    count = _Count()
    for section in SECTIONS:
        for entry in body.get(section) or []:
            item = world.find(section, entry)
            if item is None:
                count.not_found[section].append(entry)
            elif section == "shows" and entry.get("seasons"):
                _each_season(world, item, entry, take, count)
            else:
                take(item, entry, count)
    return count


def _each_season(world: TraktWorld, show: Item, entry: Facts, take: Take, count: _Count) -> None:
    lacking = []
    for season in entry["seasons"]:
        of_season = ("season", show[1] * 100 + season["number"])
        if of_season not in world.known:
            lacking.append(season)
        elif not season.get("episodes"):
            take(of_season, season, count)
        else:
            unknown = []
            for episode in season["episodes"]:
                of_episode = ("episode", of_season[1] * 1000 + episode["number"])
                if of_episode in world.known:
                    take(of_episode, episode, count)
                else:
                    unknown.append(episode)
            if unknown:
                lacking.append({**season, "episodes": unknown})
    if lacking:
        count.not_found["shows"].append({"ids": entry["ids"], "seasons": lacking})
