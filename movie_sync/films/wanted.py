"""The monitor's passes: what is wanted now, and what has newly been offered."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from movie_sync.errors import FilesError, ServiceError
from movie_sync.films import decision
from movie_sync.films.items import KIND, film_of, id_of, item_of
from movie_sync.films.sync import Parts, same_ids, tried
from movie_sync.films.watchlists import Memory
from movie_sync.models import Film, Item, Release, State, Watchlist
from movie_sync.queues import QueueManager
from movie_sync.services import Indexer, WatchlistSource
from movie_sync.titles import TitleIndex

log = logging.getLogger(__name__)


def read_watchlists(
    sources: Sequence[WatchlistSource],
    queue: QueueManager,
    memory: Memory,
    every: timedelta,
    now: datetime,
) -> datetime:
    """Want what is newly listed, and set aside what has left. Returns when to look again.

    Each source is read when its own time has come; one that fails changes nothing and holds up
    no other.
    """
    for source in sources:
        if not memory.of(source.name).due(every, now):
            continue
        try:
            seen = source.read()
        except (ServiceError, FilesError) as error:
            if memory.failed(source.name, error, now, every):
                log.warning("%s: %s", source.name, memory.of(source.name).problem)
        else:
            _take_over(seen, queue, memory, every, now)
        memory.save()
    times = [memory.of(source.name).next_at for source in sources]
    return min((at for at in times if at), default=now + every)


def want_films(queue: QueueManager, films: Sequence[Film], source: str, now: datetime) -> int:
    """Queue what a source lists; returns how many films are new."""
    return queue.put_many(items_of(queue, films, source, now))


def _take_over(
    seen: Watchlist, queue: QueueManager, memory: Memory, every: timedelta, now: datetime
) -> None:
    items = items_of(queue, seen.films, seen.source, now)
    new = queue.put_many(items)
    listed = {film.key: item.id for film, item in zip(seen.films, items, strict=True)}
    gone, news = memory.succeeded(seen, listed, now, every)
    unwanted = queue.unwant(_items_gone(queue, memory.of(seen.source).films, gone), seen.source)
    memory.forget(seen.source, gone)
    if new or unwanted:
        log.info("%s: %d new, %d gone", seen.source, new, len(unwanted))
    if news:
        log.warning("%s: %s", seen.source, memory.of(seen.source).problem)


def _items_gone(queue: QueueManager, listed: Mapping[str, str], gone: Sequence[str]) -> set[str]:
    """The items of films that left a list, save those that it still names by another key."""
    if not gone:
        return set()
    now_called = _aliases(_films_in(queue))
    ids = {key: now_called.get(id_, id_) for key, id_ in listed.items()}
    staying = {id_ for key, id_ in ids.items() if key not in gone}
    return {ids[key] for key in gone} - staying


def items_of(queue: QueueManager, films: Sequence[Film], source: str, now: datetime) -> list[Item]:
    """The films as items to queue; one that is queued already only gets one more want."""
    ids = _known(films, queue)
    return [
        _want(ids[film.key], film, source, now) if film.key in ids else item_of(film, source, now)
        for film in films
    ]


def _want(id_: str, film: Film, source: str, now: datetime) -> Item:
    """One more want for a film that is queued already, under this or another id."""
    return Item(id=id_, kind=KIND, title=str(film), wanted_by=(source,), added_at=now)


def _known(films: Iterable[Film], queue: QueueManager) -> dict[str, str]:
    """Key -> id of the item of each film that is queued already, perhaps for another list.

    The same key is the same film; else the same IMDb or TMDB id; else title and exact year, where
    neither ids nor keys speak against it.
    """
    found = {film.key: id_of(film) for film in films if queue.get(id_of(film))}
    others = [film for film in films if film.key not in found]
    if not others:
        return found
    items = _films_in(queue)
    queued = {item.id: film_of(item) for item in items}
    by_alias = _aliases(items)
    by_id: dict[str | int | None, str] = {
        name: id_ for id_, film in queued.items() for name in (film.imdb_id, film.tmdb_id) if name
    }
    index = TitleIndex((film.titles, film.year, id_) for id_, film in queued.items())
    for film in others:
        id_ = by_alias.get(id_of(film)) or by_id.get(film.imdb_id) or by_id.get(film.tmdb_id)
        if id_ is None and (same := index.find(film.titles, film.year)):
            id_ = same if _is_same(queued[same], film) else None
        if id_:
            found[film.key] = id_
    return found


def _is_same(queued: Film, film: Film) -> bool:
    """Whether two films of one title are one. A site that numbers them apart knows better."""
    sites = {each.key.partition(":")[0] for each in (queued, film)}
    numbered_apart = len(sites) == 1 and sites != {"title"}
    return queued.year == film.year and not numbered_apart and same_ids(queued, film) is not False


def _films_in(queue: QueueManager) -> list[Item]:
    return [item for state in State for item in queue.iter(state) if item.kind == KIND]


def _aliases(items: Iterable[Item]) -> dict[str, str]:
    """Ids of items that were merged into others -> the id of that other."""
    return {alias: item.id for item in items for alias in item.data.get("aliases", ())}


def watch_latest(parts: Parts) -> None:
    """One call to each indexer for its newest releases, matched with all films that wait for one.

    A film for which something fitting has come is queued at once, whatever its next try was. An
    indexer that does not answer is passed over: the search for the next film tells of it.
    """
    failed = parts.queue.iter(State.FAILED)
    waiting = [item for item in failed if item.kind == KIND and item.searches and item.retry_at]
    if not waiting:
        return
    films = {item.id: film_of(item) for item in waiting}
    index = TitleIndex((film.titles, film.year, id_) for id_, film in films.items())
    by_imdb_id: dict[str | None, str] = {
        film.imdb_id: id_ for id_, film in films.items() if film.imdb_id
    }
    offers: dict[str, list[Release]] = {}
    for release in _latest(parts.indexers):
        id_ = by_imdb_id.get(release.imdb_id) or _by_name(release, index)
        if id_:
            offers.setdefault(id_, []).append(release)
    for item in waiting:
        choice = decision.choose(
            films[item.id], offers.get(item.id, ()), parts.profile, tried(item)
        )
        if choice.best and parts.queue.retry(item.id):
            log.info("%s: newly offered as %s", item.title, choice.best.name)


def _latest(indexers: Iterable[Indexer]) -> Iterator[Release]:
    for indexer in indexers:
        try:
            yield from indexer.latest()
        except ServiceError as error:
            log.debug("newest releases: %s", error)


def _by_name(release: Release, index: TitleIndex[str]) -> str | None:
    name = decision.read_name(release)
    return index.find(name.titles, name.year)
