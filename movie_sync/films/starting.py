"""From a chosen release to a running download: fetch its torrent, look into it, hand it over.

What is to happen is stored first, so that a crash at any point leads to this very download again
and not to a second one.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from movie_sync.errors import BadAnswer, FilesError, NotFound, Refused, Unavailable
from movie_sync.films import decision
from movie_sync.films.items import film_of
from movie_sync.films.story import What
from movie_sync.films.sync import (
    ADDING,
    DOWNLOADING,
    Parts,
    blocked,
    downloads,
    profile_of,
    size_left_bytes,
    with_blocked,
)
from movie_sync.models import Item, Release
from movie_sync.retries import soon
from movie_sync.torrents import TorrentFile
from movie_sync.torrents import read as read_torrent

log = logging.getLogger(__name__)

CANDIDATES = 3  # releases tried in one pass when the best one's torrent turns out to be bad
NEEDED = "needed_bytes"  # in an item's data: what it had no room for
SEARCHED_FOR = frozenset({NEEDED, "chosen", "first_fit_at", "adopted", "stalled"})


class Found(Struct, frozen=True):
    """A release with its torrent, looked into and good."""

    release: Release
    torrent: bytes
    contents: TorrentFile


def start_first_good(
    parts: Parts, item: Item, ranked: Iterable[Release], why: str, now: datetime
) -> None:
    """Start the first release whose torrent is good; one that is not is blocked for this film.

    Args:
        why: a sentence on why the first of them is taken.

    Raises:
        BadAnswer: none of the first few is; says why for each.
    """
    refused: list[str] = []
    for release in list(ranked)[:CANDIDATES]:
        try:
            found = _fetch(parts, item, release)
        except (Refused, BadAnswer) as error:
            refused.append(f"{release.name}: {error}")
            if isinstance(error, NotFound):
                item = _block(parts, item, facts_of(release), str(error), now)
            continue
        handle = found.contents.handle
        unfit = blocked(item).get(handle) or decision.files_refused(
            found.contents, film_of(item), profile=profile_of(parts, item)
        )
        if unfit:
            refused.append(f"{release.name}: {unfit}")
            item = _block(parts, item, facts_of(release) | {"handle": handle}, unfit, now)
            continue
        if has_room(parts, item, size_bytes(found.contents), now):
            taken_for = "; ".join([*refused, "so this one is taken"]) if refused else why
            _start(parts, item, found, taken_for, now)
        return
    raise BadAnswer("no release could be taken", "; ".join(refused))


def room_for(parts: Parts, size_bytes: int) -> None:
    """Raises FilesError where it does not fit beside what the running downloads still need."""
    parts.space.room_for(size_bytes, sum(map(size_left_bytes, downloads(parts.queue))))


def has_room(parts: Parts, item: Item, size_bytes: int, now: datetime) -> bool:
    """Whether a download of this size fits; if not, the film waits, and no attempt is used."""
    try:
        room_for(parts, size_bytes)
    except FilesError as error:
        wait(parts, item, str(error), now, data={**item.data, NEEDED: size_bytes})
        return False
    return True


def wait(parts: Parts, item: Item, why: str, now: datetime, **changes: Any) -> None:
    """Have it tried again later, and later each time, for something that is not its own fault."""
    retry_at = now + parts.retries.after_failure(item.searches)
    if parts.queue.fail(item.id, why, retry_at, counted=False, **changes):
        parts.stories.tell(item.id, What.WAITS, why, now)
        log.warning("%s: %s; tried again %s", item.title, why, soon(retry_at, now))


def facts_of(release: Release) -> dict[str, Any]:
    """What an item keeps of the release that is taken for it."""
    return {"indexer": release.indexer, "id": release.id, "name": release.name}


def size_bytes(torrent: TorrentFile) -> int:
    """What will be loaded of it."""
    return sum(size for _, size in torrent.wanted)


def _fetch(parts: Parts, item: Item, release: Release) -> Found:
    indexer = next(i for i in parts.indexers if i.name == release.indexer)
    torrent = indexer.fetch(release)
    return Found(release, torrent, read_torrent(torrent, release.indexer))


def _start(parts: Parts, item: Item, found: Found, why: str, now: datetime) -> None:
    release, handle = found.release, found.contents.handle
    adopted = _has(parts, handle)
    parts.torrents.save(handle, found.torrent)
    kept = {name: value for name, value in item.data.items() if name not in SEARCHED_FOR}
    taken = facts_of(release) | {"size_bytes": size_bytes(found.contents)}
    chosen = item.data.get("chosen") or {}
    if (chosen.get("indexer"), chosen.get("id")) == (release.indexer, release.id):
        taken["by_hand"] = True  # it only has to be a video
    data = kept | {"release": taken} | ({"adopted": True} if adopted else {})
    held = parts.queue.update(item.id, handle=handle, step=ADDING, progress=0.0, data=data)
    if held is None:  # a person removed it meanwhile
        parts.torrents.drop(handle)
        return
    log.info("%s: downloading %s", item.title, release.name)
    parts.stories.tell(item.id, What.TAKEN, f"took {_named(release)}: {why}", now)
    try:
        parts.client.add(found.torrent, parts.download_folder)
    except (Refused, BadAnswer) as error:
        _block(parts, held, facts_of(release) | {"handle": handle}, str(error), now)
        parts.torrents.drop(handle)
        raise
    parts.queue.update(item.id, step=DOWNLOADING)


def _has(parts: Parts, handle: str) -> bool:
    try:
        return handle in parts.client.transfers([handle])
    except (Refused, BadAnswer) as error:  # something else answers in its place
        raise Unavailable(error.service, error.message) from error


def _named(release: Release) -> str:
    return f"{release.name} from {release.indexer}"


def _block(parts: Parts, item: Item, release: Mapping[str, Any], why: str, now: datetime) -> Item:
    parts.stories.tell(item.id, What.BLOCKED, f"{release['name']} is not taken: {why}", now)
    return parts.queue.update(item.id, data=with_blocked(item, release, why, now)) or item
