"""The follow worker's pass: see what became of each download, and place it when it is whole.

Nothing that loads is ever given up for an outage, a full disk or a missing folder: it stays with
its reason, and is placed when that is mended. A download that a person deleted in the torrent
client is taken as a word: another release is looked for. Trouble with one holds up no other.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from movie_sync.errors import BadAnswer, FilesError, Refused, Unavailable
from movie_sync.films import files
from movie_sync.films.items import film_of
from movie_sync.films.sync import (
    ADDING,
    BROKEN,
    DOWNLOADING,
    PAUSED,
    PLACING,
    QUEUED,
    STALLED,
    Parts,
    downloads,
    tried,
)
from movie_sync.models import Item, Phase, Transfer
from movie_sync.queues import QueueManager
from movie_sync.retries import soon

log = logging.getLogger(__name__)

MISSING_GRACE = timedelta(seconds=60)  # a client that has just started may not list all it has
ADDING_GRACE = timedelta(seconds=15)  # another thread may be adding it at this moment
PLACE_AGAIN = timedelta(seconds=60)
STALLED_AFTER = timedelta(minutes=10)  # each download begins with nobody giving
_STEPS = {
    Phase.QUEUED: QUEUED,
    Phase.LOADING: DOWNLOADING,
    Phase.PAUSED: PAUSED,
}


@dataclass(slots=True)
class Patience:
    """What one worker remembers between two passes. Losing it costs a minute.

    Args:
        left_over: handles that an earlier run had not given to its client before it ended.
    """

    left_over: set[str] = field(default_factory=set)
    missing_since: dict[str, datetime] = field(default_factory=dict)
    stalled_since: dict[str, datetime] = field(default_factory=dict)
    place_again_at: dict[str, datetime] = field(default_factory=dict)


def left_over(queue: QueueManager) -> set[str]:
    """What an earlier run was adding when it ended; to be asked before any worker starts."""
    return {item.handle for item in downloads(queue) if item.handle and item.step == ADDING}


def follow_downloads(parts: Parts, patience: Patience, now: datetime) -> bool:
    """Look at every download once. False when there is none.

    Raises:
        Unavailable, NotAuthorised: the torrent client is out of reach; nothing was changed.
    """
    loading = downloads(parts.queue)
    if not loading:
        return False
    try:
        transfers = parts.client.transfers({item.handle for item in loading if item.handle})
    except Unavailable:
        patience.missing_since.clear()  # when it comes back it may list nothing at first
        raise
    silent: Unavailable | None = None
    for item in loading:
        transfer = transfers.get(item.handle or "")
        try:
            if transfer is None:
                _missing(parts, item, patience, now)
            else:
                _follow(parts, item, transfer, patience, now)
        except (Refused, BadAnswer) as error:
            _give_up(parts, item, str(error), now)
        except FilesError as error:
            _note(parts, item, str(error))
        except Unavailable as error:
            silent = error
    if silent:
        raise silent
    return True


def _follow(
    parts: Parts, item: Item, transfer: Transfer, patience: Patience, now: datetime
) -> None:
    patience.missing_since.pop(transfer.handle, None)
    if transfer.phase is not Phase.STALLED:
        patience.stalled_since.pop(transfer.handle, None)
    if transfer.phase is Phase.DONE:
        _place(parts, item, transfer, patience, now)
    elif transfer.phase is Phase.BROKEN:
        why = f"{parts.client.name}: {transfer.message or 'reports an error'}"
        _note(parts, item, why, step=BROKEN)
    else:
        step = _step(transfer, patience, now)
        if item.last_error or item.step == ADDING:
            parts.queue.update(item.id, last_error=None, step=step)
        percent = int(transfer.progress * 100) / 100  # a file written each second is enough
        parts.queue.show_progress(item.id, percent, step)


def _step(transfer: Transfer, patience: Patience, now: datetime) -> str:
    if transfer.phase is Phase.STALLED:
        since = patience.stalled_since.setdefault(transfer.handle, now)
        return STALLED if now - since >= STALLED_AFTER else DOWNLOADING
    return _STEPS[transfer.phase]


def _place(parts: Parts, item: Item, transfer: Transfer, patience: Patience, now: datetime) -> None:
    if patience.place_again_at.get(item.id, now) > now:
        return
    film = film_of(item)
    try:
        parts.library.refresh()  # notices a drive that is gone, whose mount point is empty
        name = item.data.get("release", {}).get("name", transfer.name)
        placed = files.place(film, transfer, name, parts.library_folder)
    except FilesError as error:
        patience.place_again_at[item.id] = now + PLACE_AGAIN
        _note(parts, item, str(error), step=PLACING)
        return
    patience.place_again_at.pop(item.id, None)
    parts.library.add(film, placed.path)
    data = {**item.data, "path": str(placed.path), "how": placed.how, "handle": transfer.handle}
    if parts.queue.complete(item.id, data=data):
        log.info("%s: in the library as %s", item.title, placed.path)
    parts.torrents.drop(transfer.handle)


def _missing(parts: Parts, item: Item, patience: Patience, now: datetime) -> None:
    """The client does not have it: it never got it, or lost it, or a person deleted it there."""
    handle = item.handle or ""
    since = patience.missing_since.setdefault(handle, now)
    if item.step == ADDING:
        if handle not in patience.left_over and now - since < ADDING_GRACE:
            return
        torrent = parts.torrents.load(handle)
    elif parts.client.shared:
        if now - since < MISSING_GRACE:
            return
        torrent = None  # a person deleted it
    else:
        torrent = parts.torrents.load(handle)
    if torrent is None:
        patience.missing_since.pop(handle, None)
        raise Refused(parts.client.name, "does not have the download any more")
    parts.client.add(torrent, parts.download_folder)
    patience.left_over.discard(handle)
    patience.missing_since.pop(handle, None)
    parts.queue.update(item.id, step=DOWNLOADING)
    log.info("%s: given to %s again", item.title, parts.client.name)


def _note(parts: Parts, item: Item, why: str, step: str | None = None) -> None:
    """Say why a download does not go on; no attempt is used, and it is said once."""
    if item.last_error != why:
        parts.queue.update(item.id, last_error=why, step=step or item.step)
        log.warning("%s: %s", item.title, why)


def _give_up(parts: Parts, item: Item, why: str, now: datetime) -> None:
    """This release came to nothing; another one is looked for."""
    release = item.data.get("release", {})
    name = f"{release.get('indexer')}:{release.get('id')}"
    data = {key: value for key, value in item.data.items() if key != "release"}
    data["tried"] = [*tried(item), name]
    retry_at = now + parts.retries.after_failure(item.attempts)
    if parts.queue.fail(item.id, why, retry_at, data=data):
        log.warning("%s: %s; another release is looked for %s", item.title, why,
                    soon(retry_at, now))  # fmt: skip
    if item.handle:
        parts.torrents.drop(item.handle)
