"""The download worker's pass: search one film, choose a release, hand it to the torrent client;
or give the film to Radarr, where the settings say so.

An outage is nobody's fault: the film goes back untouched, and the worker waits. Only an answer
about this very film uses up an attempt. No film stands in the way of the others: one that an
indexer fails to answer for goes behind them, and one that there is no room for waits by itself.
"""

import logging
from datetime import datetime

from movie_sync import log_about, queue_moves
from movie_sync.errors import (
    BadAnswer,
    ConfigError,
    MovieSyncError,
    Refused,
    Stopping,
    Unavailable,
)
from movie_sync.films import decision, upgrades
from movie_sync.films.asking import Answer, ask_all
from movie_sync.films.availability import not_before
from movie_sync.films.handing_over import is_handed_over
from movie_sync.films.identity import look_up, merge_with_same
from movie_sync.films.items import KIND, film_of, version_of, with_facts
from movie_sync.films.slots import copy_of
from movie_sync.films.starting import NEEDED, has_room, room_for, start_first_good, wait
from movie_sync.films.story import What
from movie_sync.films.sync import Parts, blocked, downloads, is_moving, profile_of, release_id
from movie_sync.models import Film, Item, Release, State
from movie_sync.retries import soon

log = logging.getLogger(__name__)

HAND = "a person chose it"


def search_next(parts: Parts, now: datetime) -> bool:
    """Search one film and start its download. False when there is nothing to do.

    Raises:
        Unavailable, NotAuthorised, Blocked: the torrent client or every indexer is out of reach.
        ConfigError: no indexer is set up.
        FilesError: library or download folder cannot be used, or there is no room for anything.
        QueueError: the queues cannot be written.
    """
    for item in parts.queue.ready(now, KIND):
        parts.queue.retry(item.id)
    if sum(map(is_moving, downloads(parts.queue))) >= parts.most_loading:
        return False
    claimed = parts.queue.take(KIND)
    if claimed is None:
        return False
    try:
        with log_about.about(item=claimed.id):
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
    if not _is_to_search(parts, item, film, now):
        return
    try:
        known = look_up(parts.facts, film, now.date())
    except Refused as error:
        _give_up(parts, item, error.message, now)
        return
    if known != film:
        film = known
        if merge_with_same(parts.queue, item, film):
            return
        item = parts.queue.update(item.id, title=str(film), data=with_facts(item, film)) or item
        if _is_owned(parts, item, film, now):
            return
    if is_handed_over(parts, item, film, now) or _is_unreleased(parts, item, film, now):
        return
    if not parts.indexers:
        raise ConfigError(parts.no_indexer)
    if not _ready(parts, item, now):
        return
    try:
        answer = ask_all(parts.indexers, film)
    except (Refused, BadAnswer) as error:
        wait(parts, item, str(error), now)
        raise Unavailable(error.service, error.message) from error
    _decide(parts, item, film, answer, now)


def _is_to_search(parts: Parts, item: Item, film: Film, now: datetime) -> bool:
    version = version_of(item)
    if version and version not in parts.versions:
        _give_up(parts, item, f'the settings have no version "{version}" any more', now)
        return False
    return not _is_owned(parts, item, film, now)


def _decide(parts: Parts, item: Item, film: Film, answer: Answer, now: datetime) -> None:
    choice = decision.choose(
        film,
        answer.releases,
        profile_of(parts, item),
        blocked=blocked(item),
        have=upgrades.floor(item),
        now=now,
    )
    why = "; ".join([choice.why_not(), *answer.silent])
    told = f"asked {' and '.join(answer.asked)}: {why}"
    parts.stories.tell(item.id, What.SEARCHED, told, now, decision.explain(choice))
    if by_hand := _chosen(item, answer):
        start_first_good(parts, item, [by_hand], HAND, now)
    elif choice.best is None:
        _nothing_found(parts, item, why, now, complete=answer.complete)
    elif hold := _hold(parts, item, choice, now):
        _wait_for_better(parts, item, choice, hold, now)
    else:
        start_first_good(parts, item, choice.ranked, choice.why_best(), now)


def _chosen(item: Item, answer: Answer) -> Release | None:
    """The release that a person took by hand, if it is still listed."""
    chosen = item.data.get("chosen") or {}
    wanted = f"{chosen.get('indexer')}:{chosen.get('id')}"
    return next((each for each in answer.releases if release_id(each) == wanted), None)


def _hold(parts: Parts, item: Item, choice: decision.Choice, now: datetime) -> datetime | None:
    """Until when a better release is waited for."""
    first = item.data.get("first_fit_at")
    until = choice.hold_until(datetime.fromisoformat(first) if first else now)
    return until if until and until > now else None


def _wait_for_better(
    parts: Parts, item: Item, choice: decision.Choice, until: datetime, now: datetime
) -> None:
    assert choice.best is not None
    why = f"{choice.best.name} fits; a better one is waited for until {until:%Y-%m-%d %H:%M} UTC"
    data = {"first_fit_at": now.isoformat(timespec="seconds"), **item.data}
    again = min(until, now + parts.retries.after_nothing_found(0))
    if parts.queue.fail(item.id, why, again, counted=False, searches=0, data=data):
        parts.stories.tell(item.id, What.WAITS, why, now)
        log.info("%s: %s", item.title, why)


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
    room_for(parts, 0)
    if item.searches and NEEDED in item.data:
        return has_room(parts, item, item.data[NEEDED], now)
    return True


def _is_owned(parts: Parts, item: Item, film: Film, now: datetime) -> bool:
    if queue_moves.has(item):
        return False
    path = copy_of(parts, item, film)
    if path is None:
        return False
    data = {**item.data, "path": str(path), "how": "already there"}
    if parts.queue.complete(item.id, data=data):
        parts.stories.tell(item.id, What.OWNED, f"is in the library already as {path}", now)
        log.info("%s: already in the library as %s", item.title, path)
    return True


def _is_unreleased(parts: Parts, item: Item, film: Film, now: datetime) -> bool:
    if item.data.get("chosen") or not (coming := not_before(film, now)):
        return False
    at, why = coming
    if parts.queue.fail(item.id, why, at, counted=False, searches=0):
        parts.stories.tell(item.id, What.WAITS, why, now)
        log.info("%s: %s", item.title, why)
    return True


def _nothing_found(parts: Parts, item: Item, why: str, now: datetime, *, complete: bool) -> None:
    """Look again later. While an indexer is silent this is no news of the film, and its turn
    comes no later than after a first search."""
    if queue_moves.has(item):
        upgrades.settle(parts, item, why, now)
        return
    again = now + parts.retries.after_nothing_found(item.searches if complete else 0)
    searches = item.searches - (not complete)  # `fail` adds this one
    data = {key: value for key, value in item.data.items() if key != "chosen"}
    if parts.queue.fail(item.id, why, again, counted=False, searches=searches, data=data):
        log.info("%s: %s; looked for again %s", item.title, why, soon(again, now))


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


def _give_up(parts: Parts, item: Item, why: str, now: datetime) -> None:
    parts.queue.fail(item.id, why, None, permanent=True)
    parts.stories.tell(item.id, What.FAILED, why, now)
    log.warning("%s: %s; it is not looked for", item.title, why)


def _fail(parts: Parts, item: Item, why: str, now: datetime) -> None:
    if queue_moves.has(item):
        upgrades.settle(parts, item, why, now)
        return
    retry_at = now + parts.retries.after_failure(item.attempts)
    failed = parts.queue.fail(item.id, why, retry_at)
    if failed:
        again = "given up" if failed.permanent else f"tried again {soon(retry_at, now)}"
        parts.stories.tell(item.id, What.FAILED, f"{why}; {again}", now)
        log.warning("%s: %s; %s", item.title, why, again)
