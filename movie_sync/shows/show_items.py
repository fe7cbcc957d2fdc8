"""A show that is to be added to Sonarr as an item of the queues, and back."""

from datetime import datetime

from movie_sync.models import SHOW, Item, Show, State
from movie_sync.queue_moves import BY_HAND
from movie_sync.queues import QueueManager

KIND = SHOW
_BEHIND_ID = "@"
# In an item's data.
RULE = "rule"
INSTANCE = "instance"
SENT = "sent_at"  # when Sonarr was given it and had not answered yet
OUTCOME = "outcome"


def id_of(tvmaze_id: int, instance: str = "") -> str:
    """Of the default instance, which is not named; else with its name."""
    return f"{KIND}:tvmaze:{tvmaze_id}" + (f"{_BEHIND_ID}{instance}" if instance else "")


def tvmaze_id(item: Item) -> int:
    return int(item.id.partition(_BEHIND_ID)[0].rpartition(":")[2])


def of(show: Show, rule: str, instance: str, now: datetime, *, default: bool) -> Item:
    return Item(
        id=id_of(show.tvmaze_id, "" if default else instance),
        kind=KIND,
        title=str(show),
        wanted_by=(f"shows:{rule}",),
        added_at=now,
        data={
            "tvmaze_id": show.tvmaze_id,
            "tvdb_id": show.tvdb_id,
            "url": show.url,
            RULE: rule,
            INSTANCE: instance,
        },
    )


def find(queue: QueueManager, tvmaze_id: int, instance: str | None) -> tuple[State, Item] | None:
    """The item of a show, whether or not its instance was the default one."""
    return queue.get(id_of(tvmaze_id, instance or "")) or queue.get(id_of(tvmaze_id))


def waiting(queue: QueueManager) -> list[Item]:
    """Every show that is queued and not added yet."""
    states = (State.PENDING, State.ACTIVE, State.FAILED)
    every = (item for state in states for item in queue.iter(state))
    return [item for item in every if item.kind == KIND and not item.permanent]


def was_added(item: Item) -> bool:
    return item.kind == KIND and item.data.get(OUTCOME) == "added"


def is_refused_by_hand(state: State, item: Item) -> bool:
    removed = state is State.REMOVED and item.data.get("removed_by") == BY_HAND
    skipped = state is State.FAILED and item.last_error == "skipped by hand"
    return removed or skipped
