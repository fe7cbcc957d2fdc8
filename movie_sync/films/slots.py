"""Several versions of a film side by side, each an item of its own beside that of the first.

A file in the library belongs to one of them at most: the item that placed it, or took it as its
own, names its path.
"""

from collections.abc import Collection
from pathlib import Path

from movie_sync import releases
from movie_sync.films import profiles
from movie_sync.films.items import (
    KIND,
    VERSION,
    facts_of,
    film_of,
    first_id,
    version_id,
    version_of,
)
from movie_sync.films.sync import Parts, profile_of
from movie_sync.models import Film, Item, State
from movie_sync.queues import QueueManager
from movie_sync.settings import Profile

WANTING = (State.PENDING, State.ACTIVE, State.FAILED, State.COMPLETED)


def want_versions(queue: QueueManager, versions: Collection[str]) -> int:
    """Queue the further versions of every film that is wanted; returns how many are new."""
    if not versions:
        return 0
    items = [item for state in WANTING for item in queue.iter(state) if item.kind == KIND]
    firsts = [item for item in items if item.wanted_by and not version_of(item)]
    return queue.put_many([_further(item, name) for item in firsts for name in versions])


def with_versions(queue: QueueManager, ids: Collection[str]) -> list[str]:
    """The ids of first versions, and of all others of these films that are queued."""
    if not ids:
        return []
    items = (item for state in State for item in queue.iter(state))
    return [*ids, *(item.id for item in items if version_of(item) and first_id(item) in ids)]


def paths_of_others(parts: Parts, item: Item) -> set[str]:
    """Files in the library that belong to other versions of the item's film."""
    found = set()
    for state in State:
        for other in parts.queue.iter(state):
            if other.id != item.id and first_id(other) == first_id(item) and "path" in other.data:
                found.add(str(other.data["path"]))
    return found


def copy_of(parts: Parts, item: Item, film: Film) -> Path | None:
    """The file in the library that this version of the film may call its own.

    The first version takes any that no other one wants; a further one only what is of its
    qualities. Raises FilesError as the library does.
    """
    if not parts.versions:
        return parts.library.find(film)
    others = paths_of_others(parts, item)
    for path in parts.library.copies(film):
        if str(path) not in others and _fits(parts, item, path):
            return path
    return None


def _fits(parts: Parts, item: Item, path: Path) -> bool:
    if _is_of(path, profile_of(parts, item)):
        return True
    wanted_elsewhere = any(_is_of(path, profile) for profile in parts.versions.values())
    return not version_of(item) and not wanted_elsewhere


def _is_of(path: Path, profile: Profile) -> bool:
    return profiles.effective(profile).place(releases.read(path.name)) is not None


def _further(first: Item, version: str) -> Item:
    return Item(
        id=version_id(first.id, version),
        kind=KIND,
        title=first.title,
        wanted_by=first.wanted_by,
        added_at=first.added_at,
        priority=first.priority,
        data={**facts_of(film_of(first)), VERSION: version},
    )
