"""What a person may ask of a show, and what came of it in words."""

from datetime import datetime
from typing import TYPE_CHECKING

from movie_sync.errors import Refused
from movie_sync.models import Show
from movie_sync.queues import QueueManager
from movie_sync.shows.verdict import ShowState

if TYPE_CHECKING:
    from movie_sync.shows.rows import StateRow
    from movie_sync.shows.running import Shows

WISHES = ("approve", "add", "reject", "exclude")
DONE = (ShowState.QUEUED, ShowState.ADDED, ShowState.EXISTS)


def wishes(show: Show, state: "StateRow") -> tuple[str, ...]:
    """What may be asked of it, by the words of `wish`."""
    found = []
    if state.state not in DONE:
        approved = state.code == "approved"
        found += ["add"] if show.tvdb_id else []
        found += ["approve"] if not approved else []
    if state.state is not ShowState.SKIPPED:
        found.append("reject")
    if show.tvdb_id and state.state not in (ShowState.ADDED, ShowState.EXISTS):
        found.append("exclude")
    return tuple(found)


def wish(shows: "Shows", queue: QueueManager, do: str, tvmaze_id: int, now: datetime) -> str:
    """Do one of the wishes; says what came of it, after the show's title.

    Raises:
        NotQueued: there is no such show; nothing was changed.
        ServiceError: it is rejected, and Sonarr could not be told that it is excluded.
    """
    from movie_sync.shows import reviewing

    match do:
        case "approve":
            return _after(shows, shows.approve(tvmaze_id))
        case "add":
            return _after(
                shows, reviewing.add_now(shows.store, queue, shows.sonarrs, tvmaze_id, now)
            )
        case "exclude":
            try:
                shows.exclude(tvmaze_id)
            except Refused as error:
                return f"is never added here; {error.message.partition('; ')[2] or error.message}"
            return "is never added, and Sonarr's own lists never add it either"
        case _:
            row = shows.reject(tvmaze_id)
            stays = "; it stays in Sonarr" if row.series_id else ""
            return f"is never added{stays}"


def _after(shows: "Shows", row: "StateRow") -> str:
    """What a show that a person let pass waits for."""
    if row.state is ShowState.PENDING_TVDB:
        return "is approved; it is added once it has a TVDB id, which Sonarr needs"
    if row.state is ShowState.QUEUED:
        return "is queued, and added next"
    if row.state is not ShowState.PENDING:
        return "is in Sonarr already"
    if shows.sonarrs.instance_of(row) is None:
        return "is approved; there is no Sonarr to add it to yet"
    if shows.sonarrs.dry_run:
        return "is approved; it is added once the dry run is switched off"
    return "is approved, and added as soon as there is room for it"
