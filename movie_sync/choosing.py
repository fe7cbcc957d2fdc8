"""What a person may say of the releases of a film: take this one, never that one, and what the
film is called besides.
"""

from datetime import UTC, datetime
from typing import Any

from movie_sync.errors import QueueError
from movie_sync.films import giving_up
from movie_sync.films.story import Stories, What
from movie_sync.films.sync import with_blocked
from movie_sync.films.upgrades import BY_ANY
from movie_sync.models import Item, State
from movie_sync.queues import QueueManager

SEARCHABLE = (State.PENDING, State.FAILED, State.COMPLETED)


def grab(queue: QueueManager, stories: Stories, found: tuple[State, Item], name: str) -> None:
    """Have a release taken at the next search, whatever is held against it.

    Args:
        name: "indexer:id", or the whole name of a release that the last search found.

    Raises:
        QueueError: the film is not in a state to be searched, or no such release was found.
    """
    state, item = found
    if state not in SEARCHABLE:
        what = "is downloading; `block` ends that" if state is State.ACTIVE else "is removed"
        raise QueueError(f"{item.title} {what}; nothing was changed")
    release = _release(stories, item, name)
    queue.note(item.id, chosen=release)
    _search_now(queue, state, item)
    stories.tell(item.id, What.BY_HAND, f"a person chose {release['name']}", datetime.now(UTC))


def block(
    queue: QueueManager,
    stories: Stories,
    found: tuple[State, Item],
    name: str | None,
    why: str | None,
) -> dict[str, Any]:
    """Never take a release for this film, and look for another if it is the one it has.

    Args:
        name: as of `grab`; None is the release that is loading or in the library.
        why: a note of the person's, if there is one.

    Raises:
        QueueError: it has none, or no such release was found.
    """
    state, item = found
    release = _own(item) if name is None else _release(stories, item, name)
    said = f"a person blocked it: {why}" if why else "a person blocked it"
    data = with_blocked(item, release, said, datetime.now(UTC))
    own = item.data.get("release") or {}
    is_own = (own.get("indexer"), own.get("id")) == (release["indexer"], release["id"])
    if state is State.ACTIVE and is_own and item.handle:  # who follows downloads does the rest
        queue.note(item.id, **{giving_up.BY_HAND: said})
        return release
    queue.note(item.id, blocked=data["blocked"])
    text = f"{release['name']}: {said}; it is not taken again"
    stories.tell(item.id, What.BY_HAND, text, datetime.now(UTC))
    if state is State.COMPLETED and is_own and queue.reopen(item.id):
        queue.note(item.id, **{BY_ANY: True})
    elif state is State.FAILED and item.searches:
        queue.retry(item.id)
    return release


def unblock(
    queue: QueueManager, stories: Stories, found: tuple[State, Item], name: str | None
) -> int:
    """Let blocked releases be taken again, all of them without a name; returns how many."""
    _, item = found
    entries = item.data.get("blocked", ())
    kept = [e for e in entries if name and name not in (e["release"], e["name"], e.get("handle"))]
    count = len(entries) - len(kept)
    if name and not count:
        raise QueueError(f"{item.title} has no blocked release {name}; `why` lists them")
    queue.note(item.id, blocked=kept or None)
    if count:
        text = f"a person unblocked {name or 'all releases'}"
        stories.tell(item.id, What.BY_HAND, text, datetime.now(UTC))
    return count


def alias(
    queue: QueueManager, stories: Stories, found: tuple[State, Item], title: str, *, forget: bool
) -> list[str]:
    """Know a film by one more title, or one less; returns all that a person gave it."""
    state, item = found
    known = [each for each in item.data.get("also_called", ()) if each != title]
    known = known if forget else [*known, title]
    queue.note(item.id, also_called=known or None)
    what = "is no longer called" if forget else "is also called"
    stories.tell(item.id, What.BY_HAND, f'a person said that it {what} "{title}"',
                 datetime.now(UTC))  # fmt: skip
    if state is State.FAILED and item.searches:
        queue.retry(item.id)
    return known


def _own(item: Item) -> dict[str, Any]:
    release: dict[str, Any] = item.data.get("release") or {}
    if not release.get("indexer"):
        raise QueueError(
            f"{item.title} has no release of ours; say which one to block; nothing was changed"
        )
    return release | {"handle": item.handle or item.data.get("handle")}


def _release(stories: Stories, item: Item, name: str) -> dict[str, Any]:
    """A release by "indexer:id", or by its name if a search has found it."""
    for event in reversed(stories.read(item.id)):
        for each in event.releases:
            if name in (f"{each['indexer']}:{each['id']}", each["name"]):
                return {key: each[key] for key in ("indexer", "id", "name")}
    indexer, colon, id_ = name.partition(":")
    if not colon or not id_ or " " in indexer:
        raise QueueError(
            f"no search for {item.title} has found {name}; say it as INDEXER:ID, as `search` "
            "prints it; nothing was changed"
        )
    return {"indexer": indexer, "id": id_, "name": name}


def _search_now(queue: QueueManager, state: State, item: Item) -> None:
    if state is State.FAILED:
        queue.retry(item.id, afresh=True)
    elif state is State.COMPLETED:
        queue.reopen(item.id)
