"""What the Trakt on 127.0.0.1 knows: films, shows, and one person's plays, ratings and wishes.

The history has no uniqueness: what is told twice is there twice, a show without seasons marks all
its episodes, a time that is missing or a number means now. So it is there, and so it is here.
"""

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

Facts = dict[str, Any]
Item = tuple[str, int]  # "movie", "show", "season" or "episode", and its Trakt id

PLURAL = {"movie": "movies", "show": "shows", "season": "seasons", "episode": "episodes"}
SINGULAR = {many: one for one, many in PLURAL.items()}
UNDATED = "0000"  # sorts before every time


def stamp(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.000Z}"


class TraktWorld:
    """For any number of threads that hold `lock`.

    Args:
        clock: Unix seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.known: dict[Item, Facts] = {}  # summaries; an episode's has its show's id beside
        self.full: dict[Item, Facts] = {}  # what `extended=full` adds
        self.aliases: dict[Item, list[Facts]] = {}
        self.ratings: dict[Item, Facts] = {}
        self.wishes: dict[Item, Facts] = {}
        self.paused: dict[int, Facts] = {}
        self.changed: dict[tuple[str, str], str] = {}  # ("movies", "watched_at") -> when
        self.most_plays, self.most_wishes = 100_000, 250
        self._by_id: dict[tuple[str, str, str], Item] = {}
        self._plays: dict[int, tuple[str, Item, str]] = {}  # id -> time, item, action
        self._sorted: dict[str, list[tuple[str, int]]] = {"movie": [], "episode": []}
        self._ids = count(4_115_573_000)  # beyond 32 bits, as they are

    def film(self, trakt_id: int, title: str, year: int | None = None, **more: Any) -> int:
        """Add a film; ids and fields of `extended=full` may be given."""
        return self._add("movie", trakt_id, title, year, more)

    def show(
        self, trakt_id: int, title: str, year: int | None, seasons: Mapping[int, int], **more: Any
    ) -> int:
        """Add a show with so many episodes a season."""
        self._add("show", trakt_id, title, year, more)
        for number, episodes in seasons.items():
            season = trakt_id * 100 + number
            self.known["season", season] = {"number": number, "ids": {"trakt": season}}
            for episode in range(1, episodes + 1):
                of_episode = season * 1000 + episode
                ids = {"trakt": of_episode, "tvdb": None, "imdb": "", "tmdb": of_episode + 7}
                self._know("episode", of_episode, {
                    "season": number, "number": episode, "title": f"Episode {episode}", "ids": ids,
                })  # fmt: skip
        return trakt_id

    def episode(self, show: int, season: int, episode: int) -> int:
        """The Trakt id that an episode has."""
        return (show * 100 + season) * 1000 + episode

    def play(self, item: Item, at: float | str | None, action: str = "watch") -> int:
        """Have it watched; returns the history id."""
        with self.lock:
            number = next(self._ids)
            time = at if isinstance(at, str) else UNDATED if at is None else stamp(at)
            self._plays[number] = (time, item, action)
            insort(self._sorted[item[0]], (time, number))
            self._touch(item[0], "watched_at")
            self.wishes.pop(item, None)
            return number

    def remove(self, number: int) -> bool:
        with self.lock:
            play = self._plays.pop(number, None)
            if play is None:
                return False
            time, item, _ = play
            times = self._sorted[item[0]]
            del times[bisect_left(times, (time, number))]
            self._touch(item[0], "watched_at")
            return True

    @property
    def plays(self) -> list[tuple[int, Item, str]]:
        """All plays: history id, what, when."""
        with self.lock:
            return [(number, item, time) for number, (time, item, _) in self._plays.items()]

    def history(
        self,
        kinds: Iterable[str] = ("movie", "episode"),
        items: set[int] | None = None,
        start: str = "",
        end: str = "9",
    ) -> list[int]:
        """History ids, newest first."""
        with self.lock:
            found = []
            for kind in kinds:
                times = self._sorted[kind]
                some = times[bisect_left(times, (start, 0)) : bisect_right(times, (end, 1 << 63))]
                if items is not None:
                    some = [one for one in some if self._plays[one[1]][1][1] in items]
                found.append(some)
            whole = found[0] if len(found) == 1 else sorted(found[0] + found[1])
            return [number for _, number in reversed(whole)]

    def listed(self, number: int) -> Facts:
        """A play, as the history tells it."""
        time, item, action = self._plays[number]
        at = None if time == UNDATED else time
        return {"id": number, "watched_at": at, "action": action, **self.told(item)}

    def told(self, item: Item) -> Facts:
        """A work, as lists tell it."""
        kind, number = item
        told = {"type": kind, kind: self.known[item]}
        if kind in ("season", "episode"):
            told["show"] = self.known["show", number // (100 if kind == "season" else 100_000)]
        return told

    def find(self, section: str, entry: Mapping[str, Any]) -> Item | None:
        """What an entry with ids means."""
        kind = SINGULAR[section]
        for provider, value in (entry.get("ids") or {}).items():
            if provider == "tvdb" and kind == "movie":
                continue
            found = self._by_id.get((kind, provider, str(value)))
            if found:
                return found
        return None

    def by_id(self, provider: str, value: str) -> list[Item]:
        return [
            found
            for kind in PLURAL
            if (found := self._by_id.get((kind, provider, value))) is not None
        ]

    def episodes(self, show: int, season: int | None = None) -> Iterator[Item]:
        for kind, number in list(self.known):
            of_show = kind == "episode" and number // 100_000 == show
            if of_show and season in (None, number // 1000 % 100):
                yield kind, number

    def seasons(self, show: int) -> Iterator[Item]:
        for kind, number in list(self.known):
            if kind == "season" and number // 100 == show:
                yield kind, number

    def watched(self, kind: str) -> dict[str, Any]:
        """All times of watching, as `extended=min` has them."""
        found: dict[str, Any] = {}
        with self.lock:
            for time, (of_kind, number), _ in self._plays.values():
                if of_kind != kind or time == UNDATED:
                    continue
                if kind == "movie":
                    found.setdefault(str(number), []).append(time)
                    continue
                show, season, episode = number // 100_000, number // 1000 % 100, number % 1000
                seasons = found.setdefault(str(show), {})
                seasons.setdefault(str(season), {}).setdefault(str(episode), []).append(time)
        return found

    def rate(self, item: Item, rating: int, at: str) -> None:
        with self.lock:
            self.ratings[item] = {"rated_at": at, "rating": rating}
            self._touch(item[0], "rated_at")

    def want(self, item: Item, at: str) -> bool:
        """False where it is wanted already."""
        with self.lock:
            if item in self.wishes:
                return False
            self.wishes[item] = {"id": next(self._ids), "rank": len(self.wishes) + 1}
            self.wishes[item] |= {"listed_at": at, "notes": None}
            self._touch(item[0], "watchlisted_at")
            return True

    def forget(self, kept: dict[Item, Facts], item: Item) -> bool:
        with self.lock:
            field = "rated_at" if kept is self.ratings else "watchlisted_at"
            self._touch(item[0], field)
            return kept.pop(item, None) is not None

    def _touch(self, kind: str, field: str) -> None:
        # Two changes within one second are told apart, as time goes on there.
        now = f"{stamp(self.clock())[:-4]}{next(self._ids) % 1000:03}Z"
        self.changed[PLURAL[kind], field] = now

    def _add(self, kind: str, number: int, title: str, year: int | None, more: Facts) -> int:
        ids = {"trakt": number, "slug": f"{'-'.join(title.lower().split())}-{year}"}
        for provider in ("imdb", "tmdb", "tvdb"):
            if provider in more:
                ids[provider] = more.pop(provider)
        self.aliases[kind, number] = more.pop("aliases", [])
        self.full[kind, number] = more
        self._know(kind, number, {"title": title, "year": year, "ids": ids})
        return number

    def _know(self, kind: str, number: int, facts: Facts) -> None:
        with self.lock:
            self.known[kind, number] = facts
            for provider, value in facts["ids"].items():
                if value:
                    self._by_id[kind, provider, str(value)] = (kind, number)
