"""A person's word on a show: approve it, reject it, or exclude it in Sonarr too.

What a person says stands above every rule: an approved show waits for its turn among those that
pass, and a rejected one is never looked at again until it is approved.
"""

from datetime import datetime

from movie_sync.errors import NotQueued, Refused
from movie_sync.models import Show
from movie_sync.queues import QueueManager
from movie_sync.shows import show_items
from movie_sync.shows.passage import Passage
from movie_sync.shows.rows import StateRow
from movie_sync.shows.sonarrs import Sonarrs
from movie_sync.shows.statements import APPROVED
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import NO_TVDB_ID, ShowState

DONE = (ShowState.QUEUED, ShowState.ADDED, ShowState.EXISTS)


def approve(store: ShowStore, tvmaze_id: int, now: datetime) -> StateRow:
    """Let it be added, whatever was said of it; one that is queued or there stays as it is.

    Raises:
        NotQueued: there is no such show.
    """
    show, row = _known(store, tvmaze_id)
    if row.state in DONE:
        return row
    if show.tvdb_id is None:
        why = {"code": NO_TVDB_ID, "sentence": "approved; it has no TVDB id yet"}
        return store.set_state(tvmaze_id, ShowState.PENDING_TVDB, now=now, pending_since=now, **why)
    why = {"code": APPROVED, "sentence": "a person approved it"}
    return store.set_state(tvmaze_id, ShowState.PENDING, now=now, **why)


def add_now(
    store: ShowStore, queue: QueueManager, sonarrs: Sonarrs, tvmaze_id: int, now: datetime
) -> StateRow:
    """Approve it and queue it at once, however many were added today.

    In a dry run, and where there is no Sonarr for it, it is only approved.

    Raises:
        NotQueued: there is no such show.
    """
    row = approve(store, tvmaze_id, now)
    if row.state is not ShowState.PENDING or sonarrs.dry_run or not sonarrs.instance_of(row):
        return row
    Passage(store, queue, sonarrs, now).enqueue(_known(store, tvmaze_id)[0], row)
    return _known(store, tvmaze_id)[1]


def reject(store: ShowStore, queue: QueueManager, tvmaze_id: int, now: datetime) -> StateRow:
    """Never add it, whatever rules will say; one that is in Sonarr stays there.

    Raises:
        NotQueued: there is no such show.
    """
    _, row = _known(store, tvmaze_id)
    why = {"code": "rejected", "sentence": "a person rejected it"}
    after = store.set_state(tvmaze_id, ShowState.SKIPPED, now=now, **why)
    if found := show_items.find(queue, tvmaze_id, row.instance):
        queue.remove(found[1].id)
    return after


def exclude(
    store: ShowStore, queue: QueueManager, sonarrs: Sonarrs, tvmaze_id: int, now: datetime
) -> StateRow:
    """Reject it, and have Sonarr's own lists never add it either.

    Raises:
        NotQueued: there is no such show.
        Refused: it is rejected, and Sonarr was told nothing: in a dry run, or without a TVDB id.
        ServiceError: it is rejected, and Sonarr could not be told.
    """
    show, row = _known(store, tvmaze_id)
    after = reject(store, queue, tvmaze_id, now)
    name = row.instance or sonarrs.instance_of(row) or next(iter(sonarrs.instances), "")
    instance = sonarrs.instances.get(name)
    if sonarrs.dry_run or show.tvdb_id is None or instance is None:
        why = "it is a dry run" if sonarrs.dry_run else "it has no TVDB id, or no Sonarr"
        raise Refused(f"sonarr.{name}", f"{show} is rejected here; Sonarr was not told, for {why}")
    tvdb_id, service = show.tvdb_id, instance.service
    instance.breaker.call(lambda: service.exclude(tvdb_id, show.title), at_once=True)
    return after


def _known(store: ShowStore, tvmaze_id: int) -> tuple[Show, StateRow]:
    known = store.get(tvmaze_id)
    if known is None:
        raise NotQueued(f"there is no show with the TVMaze id {tvmaze_id}; nothing was changed")
    return known
