"""Films that are there and could be better: when a better release is looked for, until the cutoff.

Such a film is pending or loading like any other, with what it has noted as `have`, and is done
again as before when nothing better comes of it.
"""

import logging
from datetime import datetime, timedelta

from movie_sync import queue_moves
from movie_sync.films import profiles
from movie_sync.films.items import KIND
from movie_sync.films.story import What
from movie_sync.films.sync import Parts, profile_of
from movie_sync.models import Item, State

log = logging.getLogger(__name__)

LADDER = (timedelta(days=7), timedelta(days=14), timedelta(days=30))
MOST_REOPENED = 5  # in one pass: a library that is to be bettered must not use up a day's calls
BY_ANY = "replace_by_any"  # in an item's data: a person does not want the release that is there
NEXT, TRIES = "upgrade_at", "upgrade_tries"  # in an item's data


def look_for_better(parts: Parts, now: datetime) -> int:
    """Queue films below the cutoff whose time has come; returns how many."""
    reopened = 0
    for item in parts.queue.iter(State.COMPLETED):
        if reopened >= MOST_REOPENED:
            break
        if is_below_cutoff(parts, item) and _due(item, now) and parts.queue.reopen(item.id):
            reopened += 1
    return reopened


def release_there(item: Item) -> str | None:
    """The name of the release that is in the library; None where we did not place one."""
    kept = item.data.get("have")
    name = kept.get("release") if kept else (item.data.get("release") or {}).get("name")
    return str(name) if name else None


def floor(item: Item) -> str | None:
    """The release that a new one must better; none where a person does not want what is there."""
    bettering = queue_moves.has(item) or item.completed_at
    return release_there(item) if bettering and not item.data.get(BY_ANY) else None


def is_below_cutoff(parts: Parts, item: Item) -> bool:
    """Whether a better release is wanted for what is in the library. Only what we placed is ever
    replaced: a person's own files stay."""
    profile, there = profile_of(parts, item), release_there(item)
    return (
        item.kind == KIND
        and bool(item.wanted_by)
        and profile.upgrade
        and there is not None
        and (BY_ANY in item.data or not profiles.meets_cutoff(there, profile))
    )


def settle(parts: Parts, item: Item, why: str, now: datetime) -> None:
    """Nothing better came of it: keep what there is, and look again later, later each time."""
    tries = int(item.data.get(TRIES, 0))
    again = now + LADDER[min(tries, len(LADDER) - 1)]
    data = {NEXT: again.isoformat(timespec="seconds"), TRIES: tries + 1}
    if parts.queue.settle(item.id, **data):
        parts.stories.tell(item.id, What.WAITS, f"keeps what it has: {why}", now)
        log.info("%s: keeps what it has: %s", item.title, why)


def _due(item: Item, now: datetime) -> bool:
    """A first look a week after it came: by then most of what will come is there."""
    at = item.data.get(NEXT)
    if at:
        try:
            return datetime.fromisoformat(str(at)) <= now
        except (ValueError, TypeError):
            return True
    return item.completed_at is None or item.completed_at + LADDER[0] <= now
