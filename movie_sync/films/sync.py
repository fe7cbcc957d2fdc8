"""A film's way from watchlist to library, as passes that workers repeat.

    wanted.read_watchlists   sources  -> queue     a film becomes pending
    wanted.watch_latest      indexers -> queue     a film nobody offered is pending again
    search.search_next       indexers -> client    pending becomes active, or failed
    follow.follow_downloads  client   -> library   active becomes completed, or failed

Each pass moves every film at most one state and returns. Nothing calls back: a pass that dies half
way leaves the film in a state that the next pass takes up. This module holds what they share.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from movie_sync.films.items import KIND
from movie_sync.films.owned import Library
from movie_sync.films.space import DownloadSpace
from movie_sync.films.story import Stories
from movie_sync.films.torrent_store import TorrentStore
from movie_sync.models import Film, Item, MediaFacts, Release, State
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from movie_sync.services import DownloadClient, FilmFacts, FilmTarget, Indexer
from movie_sync.settings import Profile

# The steps of a download.
ADDING = "adding"  # its client may not have it yet
QUEUED = "queued by the torrent client"
DOWNLOADING = "downloading"
STALLED = "stalled: nobody gives at the moment"
PAUSED = "paused in the torrent client"
BROKEN = "stopped by the torrent client"
PLACING = "waiting for its place in the library"
MOST_BLOCKED = 200  # of one film; an item is one line of JSON
_MOVING = frozenset({ADDING, QUEUED, DOWNLOADING})


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything a film meets on its way. Shared by the passes; each part is safe for threads."""

    queue: QueueManager
    library: Library
    library_folder: Path
    download_folder: Path
    facts: Sequence[FilmFacts]
    indexers: Sequence[Indexer]
    client: DownloadClient
    torrents: TorrentStore
    space: DownloadSpace
    profile: Profile  # of the first version
    retries: Retries
    stories: Stories
    versions: Mapping[str, Profile] = field(default_factory=dict)  # those beside the first
    recycled: Path | None = None  # where replaced films go; None: a folder in the library
    stalled_after: timedelta | None = timedelta(hours=24)  # None: never replaced
    probe: Callable[[Path], MediaFacts] | None = None  # looks into a film file; None: not installed
    most_loading: int = 5
    target: FilmTarget | None = None  # takes care of films in place of the indexers
    no_indexer: str = "no indexer is set up"  # what to do about it, where there is none


def release_id(release: Release) -> str:
    """What a release is remembered by in an item's data, and named by in commands."""
    return f"{release.indexer}:{release.id}"


def profile_of(parts: Parts, item: Item) -> Profile:
    """The profile of the item's version; a version that settings no longer name has the first."""
    return parts.versions.get(item.data.get("version", ""), parts.profile)


def blocked(item: Item) -> dict[str, str]:
    """Releases that are not taken for this film: "indexer:id" or info-hash -> why."""
    names: dict[str, str] = {}
    for each in item.data.get("blocked", ()):
        names |= {name: each["why"] for name in (each.get("release"), each.get("handle")) if name}
    return names


def with_blocked(item: Item, release: Mapping[str, Any], why: str, now: datetime) -> dict[str, Any]:
    """The item's data with one more release that is not taken again.

    Args:
        release: "indexer", "id" and "name", and "handle" where its torrent is known.
    """
    entry = {
        "release": f"{release['indexer']}:{release['id']}",
        "handle": release.get("handle"),
        "name": release["name"],
        "why": why,
        "at": now.isoformat(timespec="seconds"),
    }
    return {**item.data, "blocked": [*item.data.get("blocked", ()), entry][-MOST_BLOCKED:]}


def downloads(queue: QueueManager) -> list[Item]:
    """Every film that its client has, or is about to be given."""
    return [item for item in queue.iter(State.ACTIVE) if item.kind == KIND and item.handle]


def is_moving(item: Item) -> bool:
    """Whether a download takes a place among those that load at once. One that waits for other
    people, or for its owner, does not: a few of them would hold up all other films for ever."""
    return item.step in _MOVING


def size_left_bytes(item: Item) -> int:
    """What a running download will still write."""
    release: Mapping[str, Any] = item.data.get("release", {})
    size_bytes = int(release.get("size_bytes", 0))
    return round(size_bytes * (1 - (item.progress or 0.0)))


def same_ids(a: Film, b: Film) -> bool | None:
    """Whether two films share an id; None where they have none of one kind in common."""
    pairs = [(a.imdb_id, b.imdb_id), (a.tmdb_id, b.tmdb_id)]
    known = [x == y for x, y in pairs if x and y]
    return any(known) if known else None
