"""Trakt: what somebody watched, liked and wants to see, and the telling of more of it.

Source: Trakt's API guide and contract as of 2026 (https://docs.trakt.tv), and recorded answers.
Needs a client id of one's own, and for all about a person a login. Pace and refusals are told of
in `trakt_api.py` and `trakt_failures.py`.

- The history is sorted by when something was watched, newest first. What is added today with a
  date of last month does not come up where only new plays are asked for; nor does what is removed.
- It has no uniqueness: what is told twice is there twice.
- Searches, and what is asked of one title, need no login.

The one thing to know: a reading that raises is not whole. What it gave until then is right.
"""

from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from movie_sync.errors import BadAnswer
from movie_sync.history_models import Work
from movie_sync.library_models import Kind
from movie_sync.services import trakt_shapes as shapes
from movie_sync.services.trakt_account import account, activities, places
from movie_sync.services.trakt_api import TraktApi
from movie_sync.services.trakt_bodies import BATCH, stamp
from movie_sync.services.trakt_changes import Changes
from movie_sync.services.trakt_pages import LIMIT, Counted, whole
from movie_sync.services.trakt_titles import TYPES, Titles
from movie_sync.trakt_models import Account, Activities, Listed, Page, Paused, Place, TraktPlay

__all__ = ["BATCH", "NAME", "Trakt"]

NAME = "trakt"

T = TypeVar("T")


class Trakt(Titles, Changes):
    """One person's Trakt.

    Args:
        clock: the time now, in UTC.
    """

    name = NAME

    def __init__(
        self, api: TraktApi, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._api, self._clock = api, clock

    def check(self) -> str:
        """One sentence on the account. Raises what is wrong."""
        self._api.try_again()
        who = self.settings()
        zone = f"; its days are those of {who.zone}" if who.zone else ""
        return f"{who.username} is logged in{' (VIP)' if who.vip else ''}{zone}"

    def settings(self) -> Account:
        """Zone, limits and whether the account is VIP."""
        path = "/users/settings"
        return account(self._api.get(path).body, path)

    def last_activities(self) -> Activities:
        """One cheap question that tells whether there is anything to ask for."""
        path = "/sync/last_activities"
        return activities(self._api.get(path).body, path)

    def history(
        self,
        kind: Kind | None = None,
        start_at: datetime | None = None,
        end_at: datetime | None = None,
    ) -> Iterator[Page]:
        """The plays between two times of watching, newest first; each once."""
        path = f"/sync/history/{TYPES[kind]}s" if kind else "/sync/history"
        return self._plays(path, start_at, end_at)

    def plays_of(
        self, work: Work, start_at: datetime | None, end_at: datetime | None
    ) -> list[TraktPlay]:
        """The plays of a film or an episode between two times; all, and those without a time too,
        where none is given."""
        film = work.kind is Kind.FILM
        trakt_id = (work.ids if film else work.episode_ids).get("trakt")
        section = "movies" if film else "episodes"
        if not trakt_id and not film:
            section, trakt_id = "shows", work.ids.get("trakt")
        path = f"/sync/history/{section}/{trakt_id}" if trakt_id else f"/sync/history/{section}"
        found = self._plays(path, start_at, end_at)
        return [one for page in found for one in page.plays if _same(one.play.work, work)]

    def watched_times(self, kind: Kind) -> dict[Place, tuple[datetime, ...]]:
        """When each film or episode was watched, all in one answer: for comparing the whole."""
        path = f"/users/me/watched/{TYPES[kind]}s"
        params: dict[str, str | int] = {"extended": "min"}
        if kind is Kind.SHOW:
            params["specials"] = "true"
        return places(self._api.get(path, params).body, kind, path)

    def ratings(self) -> Listed:
        """Of films, shows, seasons and episodes."""
        made, problems = self._listed("/sync/ratings", shapes.rating)
        return Listed(ratings=made, problems=problems)

    def watchlist(self) -> Listed:
        """The films, shows, seasons and episodes that somebody wants to see."""
        made, problems = self._listed("/sync/watchlist", shapes.wish)
        return Listed(wishes=made, problems=problems)

    def paused(self) -> tuple[Paused, ...]:
        """What was stopped in the midst of, as far as it can be read."""
        return self._listed("/sync/playback", shapes.paused)[0]

    def close(self) -> None:
        self._api.close()

    def _plays(
        self, path: str, start_at: datetime | None, end_at: datetime | None
    ) -> Iterator[Page]:
        params: dict[str, str | int] = {"limit": LIMIT}
        params |= {
            name: stamp(at)
            for name, at in (("start_at", start_at), ("end_at", end_at))
            if at is not None
        }
        for number, counted, items in whole(lambda: self._items(path, params)):
            plays, problems = shapes.each(items, shapes.play)
            yield Page(
                plays=tuple(plays),
                number=number,
                of=counted.pages,
                items=counted.items,
                problems=tuple(problems),
            )

    def _items(
        self, path: str, params: dict[str, str | int]
    ) -> Iterator[tuple[int, Counted, list[tuple[Hashable, Any]]]]:
        for number, answer in self._api.pages(path, params):
            items = shapes.items(answer.body)
            if items is None:
                raise BadAnswer(NAME, f"{path} answered in a form that is not known")
            yield number, answer.counted, [(shapes.key(one), one) for one in items]

    def _listed(
        self, path: str, make: Callable[[shapes.Item], T]
    ) -> tuple[tuple[T, ...], tuple[str, ...]]:
        made: list[T] = []
        problems: list[str] = []
        for _, _, items in whole(lambda: self._items(path, {"limit": LIMIT})):
            some, why = shapes.each(items, make)
            made, problems = made + some, problems + why
        return tuple(made), tuple(problems)


def _same(one: Work, other: Work) -> bool:
    """Whether both name the same film or episode, by an id or by its number in the same show."""
    if one.kind is not other.kind:
        return False
    if one.episode_ids.items() & other.episode_ids.items():
        return True
    return bool(one.ids.items() & other.ids.items()) and (
        (one.season, one.episode) == (other.season, other.episode)
    )
