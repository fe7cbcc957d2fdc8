"""The follow worker's pass: see what became of each download, and place it when it is whole.

An outage, a full disk or a missing folder gives nothing up: the download stays with its reason,
and goes on when that is mended. One that gets nothing for long, that a person deleted in the
torrent client, or that holds something else makes room for the next release. Trouble with one
holds up no other.
"""

import errno
import logging
import os
from datetime import datetime, timedelta

from movie_sync.errors import BadAnswer, FilesError, Refused, ServiceError, Unavailable
from movie_sync.films import giving_up, leaving, placing, stalls
from movie_sync.films.patience import Patience
from movie_sync.films.stalls import Stall
from movie_sync.films.story import What
from movie_sync.films.sync import (
    ADDING,
    BROKEN,
    DOWNLOADING,
    PAUSED,
    QUEUED,
    STALLED,
    Parts,
    downloads,
)
from movie_sync.models import Item, Phase, Transfer
from movie_sync.queues import QueueManager
from movie_sync.retries import span

__all__ = ["Patience", "follow_downloads", "left_over"]

log = logging.getLogger(__name__)

MISSING_GRACE = timedelta(seconds=60)  # a client that has just started may not list all it has
ADDING_GRACE = timedelta(seconds=15)  # another thread may be adding it at this moment
STALLED_AFTER_S = 600.0  # then it makes room for others to load; each begins with nobody giving
_STEPS = {Phase.QUEUED: QUEUED, Phase.PAUSED: PAUSED}

# Of all that stops a download these alone are its own fault: names that the disk cannot hold.
_NAMES_AT_FAULT = (os.strerror(errno.ENAMETOOLONG), os.strerror(errno.EILSEQ))


def left_over(queue: QueueManager) -> set[str]:
    """What an earlier run was adding when it ended; to be asked before any worker starts."""
    return {item.handle for item in downloads(queue) if item.handle and item.step == ADDING}


def follow_downloads(parts: Parts, patience: Patience, now: datetime) -> bool:
    """Look at every download once. False when there is none.

    Raises:
        Unavailable, NotAuthorised: the torrent client is out of reach; nothing was changed.
    """
    patience.begin_pass(now)
    loading = downloads(parts.queue)
    if loading:
        _follow_all(parts, loading, patience, now)
    leaving.let_go(parts, patience, now)
    return bool(loading)


def _follow_all(parts: Parts, loading: list[Item], patience: Patience, now: datetime) -> None:
    try:
        transfers = parts.client.transfers({item.handle for item in loading if item.handle})
    except ServiceError:
        patience.rest()
        raise
    patience.keep_only({(item.id, item.handle or "") for item in loading})
    silent: Unavailable | None = None
    for item in loading:
        transfer = transfers.get(item.handle or "")
        try:
            if transfer is None:
                _missing(parts, item, patience, now)
            else:
                _follow(parts, item, transfer, patience, now)
        except (Refused, BadAnswer) as error:
            giving_up.block(parts, patience, item, error.message, now, counted=True)
        except FilesError as error:
            giving_up.hold(parts, item, str(error), now)
        except Unavailable as error:
            silent = error
    if silent:
        raise silent


def _follow(
    parts: Parts, item: Item, transfer: Transfer, patience: Patience, now: datetime
) -> None:
    patience.missing_since.pop(transfer.handle, None)
    stall = _look(parts, item, transfer, patience, now)
    if why := item.data.get(giving_up.BY_HAND):
        giving_up.block(parts, patience, item, str(why), now, transfer=transfer)
    elif transfer.phase is Phase.DONE:
        placing.place(parts, item, transfer, patience, now)
    elif transfer.phase is Phase.BROKEN:
        _broken(parts, item, transfer, patience, now)
    elif _is_over(parts, stall, patience, now):
        why = _got_nothing(stall, transfer)
        giving_up.block(parts, patience, item, why, now, what=What.STALLED, transfer=transfer)
    else:
        waits = STALLED if stall.for_s >= STALLED_AFTER_S else DOWNLOADING
        step = _STEPS.get(transfer.phase, waits)
        if item.last_error or item.step == ADDING:
            parts.queue.update(item.id, last_error=None, step=step)
        percent = int(transfer.progress * 100) / 100  # a file written each second is enough
        parts.queue.show_progress(item.id, percent, step)


def _look(parts: Parts, item: Item, transfer: Transfer, patience: Patience, now: datetime) -> Stall:
    """Take in whether it got something; what a restart needs of that is noted with the item."""
    key = (item.id, transfer.handle)
    before = patience.stalls.get(key) or stalls.restored(item.data)
    stall = patience.stalls[key] = before.look(transfer, now)
    if parts.stalled_after and (news := stalls.to_note(stall, item.data, parts.stalled_after)):
        parts.queue.note(item.id, **news)
    return stall


def _is_over(parts: Parts, stall: Stall, patience: Patience, now: datetime) -> bool:
    after = parts.stalled_after
    return (
        after is not None
        and stall.counting
        and stall.for_s >= after.total_seconds()
        and patience.ran_for(after, now)
    )


def _got_nothing(stall: Stall, transfer: Transfer) -> str:
    said = f"; {transfer.message}" if transfer.message else ""
    return f"it got nothing for {span(stall.for_s)}, at {transfer.progress:.0%}{said}"


def _broken(
    parts: Parts, item: Item, transfer: Transfer, patience: Patience, now: datetime
) -> None:
    message = transfer.message or "reports an error"
    if any(fault in message for fault in _NAMES_AT_FAULT):
        giving_up.block(parts, patience, item, message, now, what=What.BROKEN, transfer=transfer)
    else:
        why = f"{parts.client.name}: {message}"
        giving_up.hold(parts, item, why, now, what=What.BROKEN, step=BROKEN)


def _missing(parts: Parts, item: Item, patience: Patience, now: datetime) -> None:
    """The client does not have it: it never got it, or lost it, or a person deleted it there."""
    handle = item.handle or ""
    since = patience.missing_since.setdefault(handle, now)
    if item.step == ADDING:
        if handle not in patience.left_over and now - since < ADDING_GRACE:
            return
    elif parts.client.shared:
        if now - since >= MISSING_GRACE:
            patience.missing_since.pop(handle, None)
            why = f"it was deleted in {parts.client.name}"
            giving_up.block(parts, patience, item, why, now, what=What.GONE)
        return
    torrent = parts.torrents.load(handle)
    if torrent is None:
        patience.missing_since.pop(handle, None)
        giving_up.lose(parts, item, f"{parts.client.name} does not have it any more", now)
        return
    parts.client.add(torrent, parts.download_folder)
    patience.left_over.discard(handle)
    patience.missing_since.pop(handle, None)
    parts.queue.update(item.id, step=DOWNLOADING)
    log.info("%s: given to %s again", item.title, parts.client.name)
