"""A download that is whole: looked into, and placed in the library.

What is not the film that was promised is blocked, and keeps seeding. What betters a film that is
there takes its place; at every moment one of the two is whole in the library.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from movie_sync import queue_moves
from movie_sync.errors import FilesError, Refused, Unavailable
from movie_sync.films import files, genuine, giving_up, leaving, profiles, recycle, slots, upgrades
from movie_sync.films.contents import Contents
from movie_sync.films.files import Neighbours, Placed
from movie_sync.films.items import film_of
from movie_sync.films.patience import Patience
from movie_sync.films.recycled import print_of
from movie_sync.films.story import What
from movie_sync.films.sync import PLACING, Parts, profile_of
from movie_sync.films.unwanted import PLACED_AS
from movie_sync.models import Film, Item, Transfer

log = logging.getLogger(__name__)

PLACE_AGAIN = timedelta(seconds=60)
INSTEAD_OF = "instead_of"  # in an item's data: the release that this one replaced
DISC_IMAGE = ".iso"  # nothing is told by it of the film on the disc


def place(parts: Parts, item: Item, transfer: Transfer, patience: Patience, now: datetime) -> None:
    """Give the film its place. What the disk has against it is told, and it is tried again."""
    if patience.place_again_at.get(item.id, now) > now:
        return
    film = film_of(item)
    try:
        why = _wrong(parts, item, film, files.read(film, transfer), patience)
        if why is None:
            _place(parts, item, film, transfer, now)
    except Refused as error:
        why = error.message
    except FilesError as error:
        patience.place_again_at[item.id] = now + PLACE_AGAIN
        giving_up.hold(parts, item, str(error), now, step=PLACING)
        return
    patience.place_again_at.pop(item.id, None)
    if why:
        giving_up.block(parts, patience, item, why, now, transfer=transfer, counted=True)
    else:
        patience.let_go_at = None


def _wrong(parts: Parts, item: Item, film: Film, found: Contents, patience: Patience) -> str | None:
    """Why the download is not what is wanted. Looks into it once in a run.

    Raises:
        Refused: it is no video.
    """
    key = (item.id, item.handle or "")
    if parts.probe is None or key in patience.genuine or found.film.inside:
        return None
    videos = [piece.file.path for piece in found.videos]
    if any(path.suffix.lower() == DISC_IMAGE for path in videos):
        return None
    try:
        facts = [parts.probe(path) for path in videos]
    except Unavailable as error:
        log.info("%s: %s; it is taken for the film", item.title, error.message)
        facts = []
    by_hand = (item.data.get("release") or {}).get("by_hand")
    wanted = profiles.effective(profile_of(parts, item)).languages
    why = None if by_hand else genuine.why_not(film, facts, wanted)
    if why is None:
        patience.genuine.add(key)
    return why


def _place(parts: Parts, item: Item, film: Film, transfer: Transfer, now: datetime) -> None:
    parts.library.refresh()  # notices a drive that is gone, whose mount point is empty
    release = (item.data.get("release") or {}).get("name", transfer.name)
    have = _ours(item)
    neighbours = _neighbours(parts, item, have)
    placed = files.place(film, transfer, release, parts.library_folder, neighbours)
    if have and neighbours.recycled:
        gone = sorted(neighbours.replaced - set(placed.files))
        recycle.move(gone, Path(have["path"]), neighbours.recycled)
        parts.library.refresh()  # which must not name the old one any more
    parts.library.add(film, placed.path)
    _, as_it_is = parts.queue.get(item.id) or (None, item)
    if parts.queue.complete(item.id, data=_done(as_it_is, transfer.handle, placed)):
        what, text = _told(release, placed, have, neighbours)
        parts.stories.tell(item.id, what, text, now)
        log.info("%s: %s", item.title, text)
    parts.torrents.drop(transfer.handle)


def _ours(item: Item) -> dict[str, Any] | None:
    """What is in the library, to be bettered, where we placed it; a person's own file stays."""
    have = item.data.get("have")
    return have if have and have.get("path") and have.get("handle") else None


def _neighbours(parts: Parts, item: Item, have: dict[str, Any] | None) -> Neighbours:
    others = slots.paths_of_others(parts, item)
    staying = frozenset(path for other in others for path in recycle.belongings(Path(other)))
    replaced = frozenset(recycle.belongings(Path(have["path"])) if have else ())
    recycled = parts.recycled or parts.library_folder / recycle.FOLDER
    return Neighbours(staying, replaced - staying, recycled)


def _done(item: Item, handle: str, placed: Placed) -> dict[str, Any]:
    have = item.data.get("have") or {}
    left = leaving.with_replaced(item, have.get("handle"), handle)
    changes = {
        "path": str(placed.path),
        "how": placed.how,
        "handle": handle,
        PLACED_AS: msgspec.to_builtins(print_of(placed.path)),
        leaving.LEAVING: left or None,
        INSTEAD_OF: have.get("release"),
        **dict.fromkeys(("have", "stalled", upgrades.BY_ANY, upgrades.NEXT, upgrades.TRIES)),
    }
    return queue_moves.noted(item, changes).data


def _told(
    release: str, placed: Placed, have: dict[str, Any] | None, neighbours: Neighbours
) -> tuple[What, str]:
    if have is None:
        return What.PLACED, f"in the library as {placed.path}"
    instead = f"{release} instead of {have.get('release')}"
    kept = f"what it replaced is kept in {neighbours.recycled}"
    return What.UPGRADED, f"in the library as {placed.path}: {instead}; {kept}"
