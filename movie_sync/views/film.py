"""One film with all that is known of it: where it is, its story, the releases a search found."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from movie_sync.actions import find
from movie_sync.films.items import film_of, first_id, version_of
from movie_sync.films.story import Event, Stories
from movie_sync.models import Film, Item, State
from movie_sync.queues import QueueManager
from movie_sync.views.standing import standing

SEARCHABLE = (State.PENDING, State.FAILED, State.COMPLETED)


class Version(Struct, frozen=True, kw_only=True):
    """One of several versions of a film side by side; the first has no name."""

    id: str
    name: str
    state: State
    standing: str


class Whole(Struct, frozen=True, kw_only=True):
    """A film's own page."""

    id: str
    title: str
    state: State
    standing: str
    film: Film
    item: Item
    events: list[Event]  # in order
    candidates: list[dict[str, Any]]  # of the last search: each release with rank or refusals
    searched_at: datetime | None
    blocked: list[dict[str, Any]]
    versions: list[Version]  # the others
    wishes: list[str]  # what may be asked of it now


def whole(queue: QueueManager, stories: Stories, name: str, now: datetime) -> Whole:
    """Everything about the film with this id or title.

    Raises:
        NotQueued: there is none, or more than one.
        FilesError: its story cannot be read.
    """
    state, item = find(queue, name)
    events = stories.read(item.id)
    last = next((event for event in reversed(events) if event.releases), None)
    return Whole(
        id=item.id,
        title=item.title,
        state=state,
        standing=standing(state, item, now),
        film=film_of(item),
        item=item,
        events=events,
        candidates=last.releases if last else [],
        searched_at=(last.last_at or last.at) if last else None,
        blocked=list(item.data.get("blocked", ())),
        versions=_versions(queue, item, now),
        wishes=wishes(state, item),
    )


def wishes(state: State, item: Item) -> list[str]:
    """What may be asked of it, by the words of `actions.perform`."""
    found = []
    if state is State.FAILED:
        found.append("retry")
    if state in (State.PENDING, State.FAILED) and not item.permanent:
        found.append("skip")
    if state in SEARCHABLE:
        found += ["grab", "alias"]
    if (item.data.get("release") or {}).get("indexer"):
        found.append("block")
    found.append("restore" if state is State.REMOVED else "remove")
    return found


def _versions(queue: QueueManager, item: Item, now: datetime) -> list[Version]:
    first = first_id(item)
    names = {version_of(item)}
    found = []
    for state in State:
        for other in queue.iter(state):
            if other.id.startswith(first) and other.id != item.id and first_id(other) == first:
                name = version_of(other)
                if name not in names:
                    found.append(Version(id=other.id, name=name, state=state,
                                         standing=standing(state, other, now)))  # fmt: skip
    return found
