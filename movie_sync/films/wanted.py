"""The monitor's passes: what is wanted now, and what has newly been offered."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from movie_sync.errors import FilesError, ServiceError
from movie_sync.films import decision, upgrades
from movie_sync.films.asking import latest
from movie_sync.films.items import KIND, film_of, id_of, item_of, version_of
from movie_sync.films.slots import with_versions
from movie_sync.films.sync import Parts, blocked, profile_of, release_id, same_ids
from movie_sync.films.unwanted import LEFT
from movie_sync.films.watchlists import Memory
from movie_sync.models import Film, Item, Release, State, Watchlist
from movie_sync.queues import QueueManager
from movie_sync.services import WatchlistSource
from movie_sync.title_keys import keys
from movie_sync.titles import TitleIndex

log = logging.getLogger(__name__)

WOKEN_BY = "woken_by"  # in an item's data: the newest release that had it searched at once
ONLY_A_SEARCH_TELLS = frozenset(
    {decision.Reason.QUALITY_UNKNOWN, decision.Reason.TOO_LARGE, decision.Reason.TOO_SMALL}
)


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
    ids = with_versions(queue, _items_gone(queue, memory.of(seen.source).films, gone))
    _note_left(queue, ids, seen.source)
    unwanted = queue.unwant(ids, seen.source)
    memory.forget(seen.source, gone)
    if new or unwanted:
        log.info("%s: %d new, %d gone", seen.source, new, len(unwanted))
    if news:
        log.warning("%s: %s", seen.source, memory.of(seen.source).problem)


def _note_left(queue: QueueManager, ids: Iterable[str], source: str) -> None:
    """Keep in mind whose list dropped what is there or loads: its member may have seen it."""
    for id_ in ids:
        state, item = queue.get(id_) or (None, None)
        if item and state in (State.ACTIVE, State.COMPLETED) and source in item.wanted_by:
            left = dict.fromkeys((*item.data.get(LEFT, ()), source))
            queue.note(id_, **{LEFT: list(left)})


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
    of_one_year = film.year is not None and queued.year == film.year
    return of_one_year and not numbered_apart and same_ids(queued, film) is not False


def _films_in(queue: QueueManager) -> list[Item]:
    """The first version of each film."""
    items = (item for state in State for item in queue.iter(state))
    return [item for item in items if item.kind == KIND and not version_of(item)]


def _aliases(items: Iterable[Item]) -> dict[str, str]:
    """Ids of items that were merged into others -> the id of that other."""
    return {alias: item.id for item in items for alias in item.data.get("aliases", ())}


def watch_latest(parts: Parts, now: datetime) -> None:
    """One call to each indexer for its newest releases, matched with all films that wait for one,
    and with those that are there and could be better.

    A film for which something fitting has come is queued at once, whatever its next try was.
    """
    waiting = [*_not_found_yet(parts), *_replaceable(parts)]
    news = latest(parts.indexers) if waiting else []
    heard = _heard(news)
    if not heard:
        return
    named = [(item, film) for item in waiting if _is_named(film := film_of(item), heard)]
    films = {item.id: film for item, film in named}
    index = TitleIndex((film.titles, film.year, film.key) for film in films.values())
    offers = _offers(news, films, index)
    for item, _ in named:
        found = offers.get(item.id)
        if not found:
            continue
        choice = decision.choose(
            films[item.id],
            found,
            profile_of(parts, item),
            blocked=blocked(item),
            have=upgrades.floor(item),
            now=now,
        )
        offered = choice.best or _worth_a_look(choice, item)
        if offered and (parts.queue.retry(item.id) or parts.queue.reopen(item.id)):
            parts.queue.note(item.id, **{WOKEN_BY: release_id(offered)})
            log.info("%s: newly offered as %s", item.title, offered.name)


def _heard(news: Iterable[Release]) -> set[str | int]:
    """All that these releases may be known by. They are a few hundred at most, and films may be
    many thousands: only those that are named here are looked at closely."""
    heard: set[str | int] = set()
    for release in news:
        heard.update(name for name in (release.imdb_id, release.tmdb_id) if name)
        heard.update(k for title in decision.read_name(release).titles for k in keys(title))
    return heard


def _is_named(film: Film, heard: Collection[str | int]) -> bool:
    names = (film.imdb_id, film.tmdb_id, *(k for title in film.titles for k in keys(title)))
    return any(name in heard for name in names if name)


def _worth_a_look(choice: decision.Choice, item: Item) -> Release | None:
    """A release of which only a search tells the quality; one wakes a film once."""
    for each in choice.decisions:
        held = {rejection.reason for rejection in each.rejections}
        unknown = decision.Reason.QUALITY_UNKNOWN in held and held <= ONLY_A_SEARCH_TELLS
        if unknown and item.data.get(WOKEN_BY) != release_id(each.release):
            return each.release
    return None


def _not_found_yet(parts: Parts) -> Iterator[Item]:
    for item in parts.queue.iter(State.FAILED):
        if item.kind == KIND and item.searches and item.retry_at:
            yield item


def _replaceable(parts: Parts) -> Iterator[Item]:
    """What we placed, and may replace by something better; the decision says what that is."""
    for item in parts.queue.iter(State.COMPLETED):
        there = item.kind == KIND and item.wanted_by and upgrades.release_there(item)
        if there and profile_of(parts, item).upgrade:
            yield item


def _offers(
    found: Iterable[Release], films: Mapping[str, Film], index: TitleIndex[str]
) -> dict[str, list[Release]]:
    """The releases by the item that they may be of, by its ids or else by title and year.

    Versions of one film share ids and titles, and so their offers.
    """
    by_id: dict[str | int, list[str]] = {}
    same: dict[str, list[str]] = {}
    for id_, film in films.items():
        same.setdefault(film.key, []).append(id_)
        for name in (film.imdb_id, film.tmdb_id):
            if name:
                by_id.setdefault(name, []).append(id_)
    offers: dict[str, list[Release]] = {}
    for release in found:
        ids = by_id.get(release.imdb_id or "") or by_id.get(release.tmdb_id or 0)
        if not ids:
            said = decision.read_name(release)
            key = index.find(said.titles, said.year)
            ids = same[key] if key else []
        for id_ in ids:
            offers.setdefault(id_, []).append(release)
    return offers
