"""The download worker's pass: search one film, choose a release, hand it to the torrent client.

An outage is nobody's fault: the film goes back untouched, and the worker waits. Only an answer
about this very film uses up an attempt. No film stands in the way of the others: one that an
indexer fails to answer for goes behind them, and one that there is no room for waits by itself.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from movie_sync.errors import (
    BadAnswer,
    ConfigError,
    FilesError,
    MovieSyncError,
    NotFound,
    Refused,
    ServiceError,
    Stopping,
    Unavailable,
)
from movie_sync.films import decision
from movie_sync.films.identity import look_up, merge_with_same
from movie_sync.films.items import KIND, film_of, with_facts
from movie_sync.films.sync import (
    ADDING,
    DOWNLOADING,
    Parts,
    downloads,
    is_moving,
    release_id,
    size_left_bytes,
    tried,
)
from movie_sync.models import Film, Item, Release, State
from movie_sync.retries import soon
from movie_sync.torrents import TorrentFile
from movie_sync.torrents import read as read_torrent

log = logging.getLogger(__name__)

CANDIDATES = 3  # releases tried in one pass when the best one's torrent turns out to be bad
NEEDED = "needed_bytes"  # in an item's data: what it had no room for


def search_next(parts: Parts, now: datetime) -> bool:
    """Search one film and start its download. False when there is nothing to do.

    Raises:
        Unavailable, NotAuthorised, Blocked: the torrent client or every indexer is out of reach.
        ConfigError: no indexer is set up.
        FilesError: library or download folder cannot be used, or there is no room for anything.
        QueueError: the queues cannot be written.
    """
    for item in parts.queue.ready(now):
        parts.queue.retry(item.id)
    if sum(map(is_moving, downloads(parts.queue))) >= parts.most_loading:
        return False
    claimed = parts.queue.take(KIND)
    if claimed is None:
        return False
    try:
        _search(parts, claimed, now)
    except (Refused, BadAnswer) as error:
        _fail(parts, claimed, str(error), now)
    except MovieSyncError as error:
        _put_back(parts, claimed, error)
        raise
    finally:
        if _is_only_claimed(parts, claimed):
            _fail(parts, claimed, "a fault in the program ended its search; the log has it", now)
    return True


def _search(parts: Parts, item: Item, now: datetime) -> None:
    film = film_of(item)
    if _owned(parts, item, film):
        return
    try:
        known = look_up(parts.facts, film)
    except Refused as error:
        parts.queue.fail(item.id, error.message, None, permanent=True)
        log.warning("%s: %s; it is not looked for", item.title, error.message)
        return
    if known != film:
        film = known
        if merge_with_same(parts.queue, item, film):
            return
        item = parts.queue.update(item.id, title=str(film), data=with_facts(item, film)) or item
        if _owned(parts, item, film):
            return
    if not parts.indexers:
        raise ConfigError(parts.no_indexer)
    if not _ready(parts, item, now):
        return
    try:
        releases, silent = _ask_all(parts, film)
    except (Refused, BadAnswer) as error:
        _wait(parts, item, str(error), now)
        raise Unavailable(error.service, error.message) from error
    choice = decision.choose(film, releases, parts.profile, tried(item))
    if choice.best is None:
        _nothing_found(parts, item, choice, silent, now)
    else:
        _start_best(parts, item, choice, now)


def _ready(parts: Parts, item: Item, now: datetime) -> bool:
    """Whether a download could be started; asked before any indexer, so that no call is spent in
    vain. False when the one that this film waits for still has no room.

    Raises:
        Unavailable, NotAuthorised: the torrent client is out of reach.
        FilesError: not even the running downloads have room.
    """
    try:
        parts.client.check()
    except (Refused, BadAnswer) as error:  # something else answers in its place
        raise Unavailable(error.service, error.message) from error
    _room_for(parts, 0)
    if item.searches and NEEDED in item.data:
        return _has_room(parts, item, item.data[NEEDED], now)
    return True


def _room_for(parts: Parts, size_bytes: int) -> None:
    parts.space.room_for(size_bytes, sum(map(size_left_bytes, downloads(parts.queue))))


def _has_room(parts: Parts, item: Item, size_bytes: int, now: datetime) -> bool:
    """Whether a download of this size fits; if not, the film waits, and no attempt is used."""
    try:
        _room_for(parts, size_bytes)
    except FilesError as error:
        _wait(parts, item, str(error), now, data={**item.data, NEEDED: size_bytes})
        return False
    return True


def _owned(parts: Parts, item: Item, film: Film) -> bool:
    path = parts.library.find(film)
    if path is None:
        return False
    data = {**item.data, "path": str(path), "how": "already there"}
    if parts.queue.complete(item.id, data=data):
        log.info("%s: already in the library as %s", item.title, path)
    return True


def _ask_all(parts: Parts, film: Film) -> tuple[list[Release], list[str]]:
    """Ask every indexer; also say which could not answer, and why.

    Raises:
        ServiceError: none could; an outage, where one of them only has that.
    """
    releases: list[Release] = []
    silent: list[ServiceError] = []
    for indexer in parts.indexers:
        try:
            releases += indexer.search(film)
        except ServiceError as error:
            silent.append(error)
    if len(silent) == len(parts.indexers):
        raise next((error for error in silent if isinstance(error, Unavailable)), silent[0])
    return releases, [str(error) for error in silent]


def _nothing_found(
    parts: Parts, item: Item, choice: decision.Choice, silent: Sequence[str], now: datetime
) -> None:
    """Look again later. While an indexer is silent this is no news of the film, and its turn
    comes no later than after a first search."""
    wait = parts.retries.after_nothing_found(0 if silent else item.searches)
    searches = item.searches - bool(silent)  # `fail` adds this one
    why = "; ".join([choice.why_not(), *silent])
    data = {**item.data, "decision": decision.explain(choice)}
    if parts.queue.fail(item.id, why, now + wait, counted=False, searches=searches, data=data):
        log.info("%s: %s; looked for again %s", item.title, why, soon(now + wait, now))


@dataclass(frozen=True, slots=True)
class _Found:
    """A release with its torrent, looked into and good."""

    release: Release
    torrent: bytes
    contents: TorrentFile


def _start_best(parts: Parts, item: Item, choice: decision.Choice, now: datetime) -> None:
    """Start the best release whose torrent is good.

    Raises:
        BadAnswer: none of the first few is; says why for each.
    """
    refused: list[str] = []
    for release in choice.ranked[:CANDIDATES]:
        try:
            torrent = _fetch(parts, release)
            contents = read_torrent(torrent, release.indexer)
        except NotFound as error:
            refused.append(f"{release.name}: {error}")
            item = _remember_tried(parts, item, release)
            continue
        except (Refused, BadAnswer) as error:
            refused.append(f"{release.name}: {error}")
            continue
        if why := decision.files_refused(contents):
            refused.append(f"{release.name}: {why}")
            item = _remember_tried(parts, item, release)
            continue
        if _has_room(parts, item, contents.size_bytes, now):
            _start(parts, item, choice, _Found(release, torrent, contents))
        return
    raise BadAnswer("no release could be taken", "; ".join(refused))


def _fetch(parts: Parts, release: Release) -> bytes:
    return next(i for i in parts.indexers if i.name == release.indexer).fetch(release)


def _start(parts: Parts, item: Item, choice: decision.Choice, found: _Found) -> None:
    """Hand a torrent to the client. What is to happen is stored first, so that a crash at any
    point leads to this very download again and not to a second one."""
    release, contents = found.release, found.contents
    parts.torrents.save(contents.handle, found.torrent)
    chosen = {"indexer": release.indexer, "id": release.id, "name": release.name}
    data = {
        **{name: value for name, value in item.data.items() if name != NEEDED},
        "release": {**chosen, "size_bytes": contents.size_bytes},
        "decision": decision.explain(choice),
    }
    to_add = {"handle": contents.handle, "step": ADDING, "progress": 0.0, "data": data}
    held = parts.queue.update(item.id, **to_add)
    if held is None:  # a person removed it meanwhile
        parts.torrents.drop(contents.handle)
        return
    log.info("%s: downloading %s", item.title, release.name)
    try:
        parts.client.add(found.torrent, parts.download_folder)
    except (Refused, BadAnswer):
        _remember_tried(parts, held, release)
        parts.torrents.drop(contents.handle)
        raise
    parts.queue.update(item.id, step=DOWNLOADING)


def _is_only_claimed(parts: Parts, claimed: Item) -> bool:
    """Whether it is still in hand, and the torrent client cannot have it."""
    state, item = parts.queue.get(claimed.id) or (None, None)
    return state is State.ACTIVE and item is not None and item.handle is None


def _put_back(parts: Parts, claimed: Item, error: MovieSyncError) -> None:
    """Undo a claim, unless the torrent client may have the download: then following goes on."""
    if not _is_only_claimed(parts, claimed):
        return
    if isinstance(error, Unavailable) and error.service != parts.client.name:
        parts.queue.update(claimed.id, pos=0)  # to the end: it may fail for this film alone
    told = claimed.last_error if isinstance(error, Stopping) else str(error)
    parts.queue.release(claimed.id, told)


def _wait(parts: Parts, item: Item, why: str, now: datetime, **changes: Any) -> None:
    """Have it tried again later, and later each time, for something that is not its own fault."""
    retry_at = now + parts.retries.after_failure(item.searches)
    if parts.queue.fail(item.id, why, retry_at, counted=False, **changes):
        log.warning("%s: %s; tried again %s", item.title, why, soon(retry_at, now))


def _remember_tried(parts: Parts, item: Item, release: Release) -> Item:
    data = {**item.data, "tried": [*tried(item), release_id(release)]}
    return parts.queue.update(item.id, data=data) or item


def _fail(parts: Parts, item: Item, why: str, now: datetime) -> None:
    retry_at = now + parts.retries.after_failure(item.attempts)
    failed = parts.queue.fail(item.id, why, retry_at)
    if failed:
        again = "given up" if failed.permanent else f"tried again {soon(retry_at, now)}"
        log.warning("%s: %s; %s", item.title, why, again)
