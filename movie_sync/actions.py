"""What a person may ask of the queues, by the same words from a command and over the socket."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from movie_sync import choosing, control
from movie_sync.errors import NotQueued, QueueError
from movie_sync.films.items import KIND, version_of
from movie_sync.films.story import Stories
from movie_sync.films.wanted import items_of, want_films
from movie_sync.films.watchlists import Memory
from movie_sync.instance import owned
from movie_sync.models import SHOW, Film, Item, State
from movie_sync.queue_moves import BY_HAND
from movie_sync.queues import QueueManager
from movie_sync.titles import key

Answer = dict[str, Any]

_YEAR = re.compile(r" \(\d{4}\)$")


def ask(home: Path, **request: Any) -> Answer:
    """Have a wish fulfilled: by the running program, or right here when none runs.

    Raises:
        QueueError: it could not be; the message says why, and nothing was changed.
    """
    answer = control.ask(home, **request)
    if answer is not None:
        return answer
    with owned(home):
        queue = QueueManager(home)
        try:
            wish = msgspec.json.decode(msgspec.json.encode(request))  # as it would arrive there
            return perform(queue, Memory(home / "watchlist.json"), Stories(home / "stories"), wish)
        finally:
            queue.close()


def perform(
    queue: QueueManager, memory: Memory, stories: Stories, request: dict[str, Any]
) -> Answer:
    """Do one thing to the queues."""
    match request:
        case {"do": "add", "title": str()} | {"do": "add", "films": list()}:
            answers = _add(queue, request.get("films", [request]))
            return {"films": answers} if "films" in request else answers[0]
        case {"do": "want", "films": list(films), "source": str(source)}:
            return _want(queue, films, source)
        case {"do": "confirm", "source": str(source)}:
            return _confirm(memory, source)
        case {"do": "retry", "all": True}:
            failed = [item for item in queue.iter(State.FAILED) if item.kind != SHOW]
            retried = [item for item in failed if queue.retry(item.id, afresh=True)]
            return {"titles": [item.title for item in retried if item.kind == KIND]}
        case {"do": str(wish), "id": str(name)} if wish in _WISHES:
            return _one(queue, wish, name)
        case {"do": "grab" | "block" | "unblock" | "alias", "id": str(name)}:
            return _of_releases(queue, stories, request, find(queue, name))
    raise QueueError(f"there is no such wish: {request.get('do')}; nothing was changed")


def _of_releases(
    queue: QueueManager, stories: Stories, request: Answer, found: tuple[State, Item]
) -> Answer:
    answer: Answer = {}
    release = request.get("release")
    match request["do"]:
        case "grab":
            choosing.grab(queue, stories, found, str(release))
        case "block":
            answer["release"] = choosing.block(queue, stories, found, release, request.get("why"))
        case "unblock":
            answer["count"] = choosing.unblock(queue, stories, found, release)
        case _:
            title, forget = str(request.get("title")), bool(request.get("forget"))
            answer["called"] = choosing.alias(queue, stories, found, title, forget=forget)
    item = found[1]
    state, _ = queue.get(item.id) or found
    return {**answer, "id": item.id, "title": item.title, "state": str(state)}


_WISHES: dict[str, Callable[[QueueManager, str], Item | None]] = {
    "retry": lambda queue, id_: queue.retry(id_, afresh=True),
    "skip": lambda queue, id_: queue.skip(id_),
    "remove": lambda queue, id_: queue.remove(id_),
    "restore": lambda queue, id_: queue.restore(id_),
}

_FITS = {
    "retry": "only what failed can be retried",
    "skip": "only what is pending or failed can be skipped",
    "remove": "it is removed already",
    "restore": "only what was removed can be restored",
}


def find(queue: QueueManager, name: str) -> tuple[State, Item]:
    """As `find_in`, among all items of the queues; one named by its id is found at once."""
    if found := queue.get(name) or queue.get(f"{KIND}:{name}"):
        return found
    return find_in([(state, item) for state in State for item in queue.iter(state)], name)


def find_in(everything: Sequence[tuple[State, Item]], name: str) -> tuple[State, Item]:
    """The item with this id, now or before it was merged; or with this title, if just one has it.

    Raises:
        NotQueued: there is none, or more than one.
    """
    ids = {name, f"{KIND}:{name}"}
    for state, item in everything:
        if item.id in ids or not ids.isdisjoint(item.data.get("aliases", ())):
            return state, item
    films = [(s, i) for s, i in everything if i.kind == KIND]
    titled = _titled(films, name, str.casefold) or _titled(films, name, key)  # the quick way first
    firsts = [(state, item) for state, item in titled if not version_of(item)]
    titled = firsts or titled
    if len(titled) == 1:
        return titled[0]
    if not titled:
        raise NotQueued(f"nothing in the queues is called {name}; see `queue list`")
    called = ", ".join(item.id for _, item in titled)
    raise NotQueued(f"{len(titled)} are called {name}; say which: {called}")


def _titled(
    films: Sequence[tuple[State, Item]], name: str, alike: Callable[[str], str]
) -> list[tuple[State, Item]]:
    wanted = alike(name)
    return [(s, i) for s, i in films if wanted in map(alike, _called(i))]


def _called(item: Item) -> list[str]:
    return [item.title, _YEAR.sub("", item.title), *item.data.get("also_called", ())]


def _one(queue: QueueManager, wish: str, name: str) -> Answer:
    state, item = find(queue, name)
    if item.kind == SHOW and wish in {"retry", "restore"}:
        number = item.data.get("tvmaze_id")
        raise QueueError(f"{item.title} is a show: `shows approve {number}` has it tried again")
    done = _WISHES[wish](queue, item.id)
    if done is None:
        raise QueueError(f"{item.title} is {state}; {_FITS[wish]}; nothing was changed")
    now_in, _ = queue.get(item.id) or (state, item)
    return {"id": item.id, "title": item.title, "state": str(now_in)}


def _add(queue: QueueManager, wishes: Sequence[Mapping[str, Any]]) -> list[Answer]:
    """Want films by hand, which also brings back what was removed; says of each how it is now.

    Args:
        wishes: with a "title", and "year", "imdb_id" and "tmdb_id" where they are known.
    """
    items = items_of(queue, [_wished(one) for one in wishes], BY_HAND, datetime.now(UTC))
    known = {item.id for item in items if queue.get(item.id)}
    queue.put_many(items)
    answers = []
    for item in items:
        queue.restore(item.id)
        state, there = queue.get(item.id) or (State.PENDING, item)
        new = item.id not in known
        known.add(item.id)
        answers.append({"id": there.id, "title": there.title, "state": str(state), "new": new})
    return answers


def _wished(facts: Mapping[str, Any]) -> Film:
    title, year, imdb_id, tmdb_id = map(facts.get, ("title", "year", "imdb_id", "tmdb_id"))
    name = f"title:{key(str(title))}:{year or ''}"
    if imdb_id or tmdb_id:
        name = f"imdb:{imdb_id}" if imdb_id else f"tmdb:{tmdb_id}"
    found = {"key": name, "title": title, "year": year, "imdb_id": imdb_id, "tmdb_id": tmdb_id}
    return msgspec.convert(found, Film)


def _want(queue: QueueManager, films: list[Any], source: str) -> Answer:
    """Films of an import; those that are queued already only get one more want."""
    now = datetime.now(UTC)
    new = want_films(queue, msgspec.convert(films, list[Film]), source, now)
    return {"new": new, "films": len(films)}


def _confirm(memory: Memory, source: str) -> Answer:
    if source not in memory.sources:
        known = ", ".join(memory.sources) or "none yet"
        raise QueueError(f"there is no watchlist {source}; known are {known}")
    count = memory.confirm(source)
    memory.save()
    return {"source": source, "films": count}
