"""What Trakt is told: plays, ratings and wishes, added and taken back.

The one thing to know: plays are there as often as they are told, so an `add` that raised Unsure is
looked after before it is repeated. All else may be repeated.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from movie_sync.errors import BadAnswer, Unsure
from movie_sync.history_models import Play, Rating, Work
from movie_sync.services import trakt_bodies as bodies
from movie_sync.services.trakt_api import TraktApi, decoded
from movie_sync.services.trakt_bodies import BATCH, NAME, Body, Placed
from movie_sync.trakt_models import Removed, Told


class Said(Struct):
    """What became of a change. Counts are by "movies", "shows", "seasons", "episodes"."""

    added: dict[str, int] | None = None
    updated: dict[str, int] | None = None
    existing: dict[str, int] | None = None
    deleted: dict[str, int] | None = None
    not_found: dict[str, list[Any]] | None = None


class Changes:
    """The part of `Trakt` that changes something there."""

    _api: TraktApi
    _clock: Callable[[], datetime]

    def add(self, plays: Sequence[Play]) -> Told:
        """Tell of up to `BATCH` plays, in one request.

        Raises:
            Unsure: they may be there, all or some: `plays_of` tells.
            Refused: one of them cannot be told of; nothing was sent.
            Full: the account has as many as it may.
            Unavailable, NotAuthorised, Blocked: nothing was changed.
        """
        body, placed = bodies.history(plays, self._clock())
        return self._told("/sync/history", body, placed)

    def remove(self, history_ids: Sequence[int]) -> Removed:
        """Take up to `BATCH` plays back, each by its own id. May be repeated; raises as `add`."""
        if not 0 < len(history_ids) <= BATCH:
            raise ValueError(f"{len(history_ids)} plays in one request")
        path = "/sync/history/remove"
        said = self._changed(path, {"ids": list(history_ids)})
        if said.deleted is None:
            raise Unsure(NAME, f"{path} does not say what it did")
        gone = said.deleted.get("movies", 0) + said.deleted.get("episodes", 0)
        lacking = said.not_found.get("ids", []) if said.not_found else []
        return Removed(gone, tuple(one for one in lacking if isinstance(one, int)))

    def add_ratings(self, ratings: Sequence[Rating]) -> Told:
        """Up to `BATCH`; one that is there is replaced. May be repeated; raises as `add`."""
        body, placed = bodies.ratings(ratings)
        return self._told("/sync/ratings", body, placed)

    def remove_ratings(self, works: Sequence[Work]) -> Told:
        body, placed = bodies.works(works)
        return self._told("/sync/ratings/remove", body, placed)

    def add_wishes(self, works: Sequence[Work]) -> Told:
        """Up to `BATCH`; one that is there stays. May be repeated; raises as `add`."""
        body, placed = bodies.works(works)
        return self._told("/sync/watchlist", body, placed)

    def remove_wishes(self, works: Sequence[Work]) -> Told:
        body, placed = bodies.works(works)
        return self._told("/sync/watchlist/remove", body, placed)

    def _told(self, path: str, body: Body, placed: Sequence[Placed]) -> Told:
        said = self._changed(path, body)
        counts = (said.added, said.updated, said.existing, said.deleted)
        return bodies.told([one for one in counts if one], said.not_found or {}, placed)

    def _changed(self, path: str, body: object) -> Said:
        """Raises Unsure as well where it was heard, and what came of it cannot be read."""
        answer = self._api.post(path, body)
        try:
            said = decoded(answer, Said, path)
        except BadAnswer as error:
            raise Unsure(NAME, f"{error.message}; it may have been done") from error
        if said.added is None and said.deleted is None:
            raise Unsure(NAME, f"{path} does not say what it did")
        return said
