"""What the torrent client is still to let go of: noted with the film first, then done.

A film's data holds it as "leaving" from the very change that gives the download up, in whatever
state the film is by now, until the client has done it. So a crash at any point loses nothing, and
what is done twice was done already.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from movie_sync.errors import BadAnswer, FilesError, Refused
from movie_sync.films.items import KIND
from movie_sync.films.patience import Patience
from movie_sync.films.sync import Parts
from movie_sync.models import Item, Phase, State, Transfer

log = logging.getLogger(__name__)

LEAVING = "leaving"  # in an item's data
REPLACED, BLOCKED = "replaced", "blocked"  # labels
LOOK_EVERY = timedelta(seconds=10)

Entry = dict[str, Any]  # "handle", "with_files", and "label" where it stays and is only marked


def with_given_up(item: Item, transfer: Transfer | None) -> list[Entry]:
    """What is left to do for a film when its download is given up. What is ours and not whole
    goes; the rest keeps seeding."""
    if transfer is None:
        return _entries(item)
    whole = transfer.phase is Phase.DONE or transfer.progress >= 1
    stays = whole or item.data.get("adopted")
    way = {"with_files": False, "label": BLOCKED} if stays else {"with_files": True}
    return [*_entries(item), {"handle": transfer.handle, **way}]


def with_replaced(item: Item, handle: str | None, by: str) -> list[Entry]:
    """What is left to do when another torrent took the place of this one."""
    if not handle or handle == by:
        return _entries(item)
    return [*_entries(item), {"handle": handle, "with_files": False, "label": REPLACED}]


def with_removed(item: Item) -> list[Entry]:
    """What is left to do when a film is taken out of the library: its torrent goes with its files,
    unless somebody else's, or another film's besides."""
    handle = item.data.get("handle")
    if not handle or item.data.get("adopted"):
        return _entries(item)
    return [*_entries(item), {"handle": handle, "with_files": True}]


def let_go(parts: Parts, patience: Patience, now: datetime) -> None:
    """Have the client do what is noted. Looks now and then, for a film of any state may have it.

    Raises:
        Unavailable, NotAuthorised: the client is out of reach; what is left is done later.
    """
    at = patience.let_go_at
    if at and at - LOOK_EVERY < now < at:
        return
    patience.let_go_at = now + LOOK_EVERY
    films = [each for state in State for each in parts.queue.iter(state) if each.kind == KIND]
    waiting = [(item, entry) for item in films for entry in _entries(item)]
    if not waiting:
        return
    kept = {handle for item in films for handle in _handles(item)}
    for item, entry in waiting:
        if entry["handle"] not in kept:
            _let_go(parts, item, entry)
        _clear(parts, item.id, entry)


def _entries(item: Item) -> list[Entry]:
    """What is noted there; nothing of a form that it cannot have, as after an edit by hand."""
    noted = item.data.get(LEAVING)
    entries = noted if isinstance(noted, list) else []
    return [each for each in entries if isinstance(each, dict) and "handle" in each]


def _let_go(parts: Parts, item: Item, entry: Entry) -> None:
    handle = entry["handle"]
    try:
        if label := entry.get("label"):
            parts.client.relabel(handle, label)
        else:
            parts.client.remove(handle, with_files=bool(entry.get("with_files")))
    except (Refused, BadAnswer, FilesError) as error:
        log.warning("%s: %s; see to torrent %s by hand", item.title, error, handle)


def _handles(item: Item) -> Iterable[str]:
    """Torrents that a film has, or loads: another film may be in one of them."""
    have = item.data.get("have") or {}
    return filter(None, (item.handle, item.data.get("handle"), have.get("handle")))


def _clear(parts: Parts, id_: str, done: Entry) -> None:
    _, item = parts.queue.get(id_) or (None, None)
    if item:
        left = [entry for entry in item.data.get(LEAVING, ()) if entry != done]
        parts.queue.note(id_, leaving=left or None)
