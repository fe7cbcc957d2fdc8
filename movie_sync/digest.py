"""The daily summary: what came and went since the last one, what waits, and what needs a person."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from movie_sync.films.bringing import How
from movie_sync.films.items import KIND
from movie_sync.films.placing import INSTEAD_OF
from movie_sync.models import Item, State
from movie_sync.needs import Need
from movie_sync.queue_moves import CLEANUP
from movie_sync.queues import QueueManager
from movie_sync.shows import show_items

NAMED = 10  # of each


def summary(queue: QueueManager, needs: Sequence[Need], since: datetime) -> str:
    """Some lines; empty where there is nothing to tell."""
    placed = [
        item
        for item in _films(queue, State.COMPLETED)
        if item.data.get("how") in (How.LINKED, How.COPIED)
        and item.completed_at
        and item.completed_at >= since
    ]
    gone = [
        item
        for item in _films(queue, State.REMOVED)
        if item.data.get("removed_by") == CLEANUP and item.removed_at and item.removed_at >= since
    ]
    better = [item for item in placed if item.data.get(INSTEAD_OF)]
    added = [
        item
        for item in queue.iter(State.COMPLETED)
        if show_items.was_added(item) and item.completed_at and item.completed_at >= since
    ]
    lines = [
        *_line("in the library", [item for item in placed if item not in better]),
        *_line("in a better release", better),
        *_line("left the library", gone),
        *_line("added to Sonarr", added),
        *[f"needs you: {need.sentence}" for need in needs[:NAMED]],
    ]
    if len(needs) > NAMED:
        lines.append(f"and {len(needs) - NAMED} more need you")
    if not lines:
        return ""
    loading = len(_films(queue, State.ACTIVE))
    waiting = len(_films(queue, State.PENDING)) + sum(
        not item.permanent for item in _films(queue, State.FAILED)
    )
    return "\n".join([*lines, f"{loading} downloading, {waiting} looked for"])


def _films(queue: QueueManager, state: State) -> list[Item]:
    return [item for item in queue.iter(state) if item.kind == KIND]


def _line(what: str, items: Iterable[Item]) -> list[str]:
    titles = list(dict.fromkeys(item.title for item in items))
    if not titles:
        return []
    more = f" and {len(titles) - NAMED} more" if len(titles) > NAMED else ""
    return [f"{what}: {', '.join(titles[:NAMED])}{more}"]
