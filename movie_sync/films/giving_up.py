"""A download that came to nothing. Its release is blocked for the film, which is searched again.

One change in the queue holds all of it, and what the torrent client is to let go of besides; see
`leaving`. A film that was only to be bettered stays as it is in the library.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from movie_sync import queue_moves
from movie_sync.errors import FilesError
from movie_sync.films import leaving, upgrades
from movie_sync.films.patience import Patience
from movie_sync.films.story import What
from movie_sync.films.sync import Parts, downloads, with_blocked
from movie_sync.models import Item, State, Transfer
from movie_sync.retries import soon

log = logging.getLogger(__name__)

BY_HAND = "given_up"  # in an item's data: why a person does not want what is loading

_OVER = {"adopted": None, "stalled": None, BY_HAND: None}  # said of the download alone


def block(
    parts: Parts,
    patience: Patience,
    item: Item,
    why: str,
    now: datetime,
    *,
    what: What = What.BLOCKED,
    transfer: Transfer | None = None,
    counted: bool = False,
) -> None:
    """Take this release no more for this film, and look for the next one.

    Args:
        why: a sentence about the release, which it calls "it".
        transfer: the download, if the client has it.
        counted: this uses up one of the film's attempts, for it cost a whole download.
    """
    item = _as_it_is(parts, item)
    release = _release(parts, item)
    changes = {
        "blocked": with_blocked(item, {**release, "handle": item.handle}, why, now)["blocked"],
        leaving.LEAVING: leaving.with_given_up(item, transfer) or None,
    }
    text = f"{release['name']}: {why}"
    moved = _end(parts, item, text, changes, now, counted=counted)
    if moved is None:  # a person was faster
        return
    patience.let_go_at = None
    then = "given up" if moved.permanent else "it is not taken again"
    parts.stories.tell(item.id, what, f"{text}; {then}", now)
    log.warning("%s: %s; %s", item.title, text, then)
    if not moved.permanent:
        parts.queue.retry(item.id)


def lose(parts: Parts, item: Item, why: str, now: datetime) -> None:
    """A download ended through no fault of its release, which may be taken again, later."""
    item = _as_it_is(parts, item)
    text = f"{_release(parts, item)['name']}: {why}"
    retry_at = now + parts.retries.after_failure(item.attempts)
    if moved := _end(parts, item, text, {}, retry_at, counted=True):
        again = "given up" if moved.permanent else f"searched again {soon(retry_at, now)}"
        parts.stories.tell(item.id, What.FAILED, f"{text}; {again}", now)
        log.warning("%s: %s; %s", item.title, text, again)


def hold(
    parts: Parts,
    item: Item,
    why: str,
    now: datetime,
    *,
    what: What = What.WAITS,
    step: str | None = None,
) -> None:
    """Say why a download does not go on; nothing is lost, no attempt is used, it is said once."""
    if item.last_error != why:
        parts.queue.update(item.id, last_error=why, step=step or item.step)
        parts.stories.tell(item.id, what, why, now)
        log.warning("%s: %s", item.title, why)


def _end(
    parts: Parts,
    item: Item,
    text: str,
    changes: Mapping[str, Any],
    again_at: datetime,
    *,
    counted: bool,
) -> Item | None:
    """The film fails, or is done as before if it is in the library already."""
    changes = {**_OVER, **changes}
    if queue_moves.has(item):
        better_at = again_at + upgrades.LADDER[0] if counted else again_at
        changes[upgrades.NEXT] = better_at.isoformat(timespec="seconds")
        moved = parts.queue.settle(item.id, **changes)
    else:
        changes["release"] = None
        data = queue_moves.noted(item, changes).data
        # Something was found, so it is no search more in vain; `fail` adds one.
        searches = item.searches if counted else -1
        moved = parts.queue.fail(
            item.id, text, again_at, counted=counted, data=data, searches=searches
        )
    if moved:
        _forget_torrent(parts, item.handle)
    return moved


def _forget_torrent(parts: Parts, handle: str | None) -> None:
    """Its file is needed no more, unless another film is in the same torrent."""
    if handle and handle not in {each.handle for each in downloads(parts.queue)}:
        try:
            parts.torrents.drop(handle)
        except FilesError as error:
            log.warning("%s", error)


def _as_it_is(parts: Parts, item: Item) -> Item:
    """The item with what others noted since it was read."""
    state, now = parts.queue.get(item.id) or (None, None)
    return now if now and state is State.ACTIVE and now.handle == item.handle else item


def _release(parts: Parts, item: Item) -> dict[str, Any]:
    unknown = {"indexer": parts.client.name, "id": item.handle, "name": item.title}
    return {**unknown, **(item.data.get("release") or {})}
