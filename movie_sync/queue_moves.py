"""What an item looks like after each move between the queues. Pure."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from movie_sync.journal import Change
from movie_sync.models import Item, State
from movie_sync.retries import Retries

MOST_CLAIMS = 5  # taken so often without an outcome, an item is what stops the program
BY_HAND = "hand"
NO_LIST = "every list"  # which left it while it was worked on
CLEANUP = "cleanup"  # that took its files out of the library

_IDLE: dict[str, Any] = {"step": None, "progress": None, "handle": None}
AT_REST: dict[str, Any] = {**_IDLE, "claims": 0}
_AFRESH: dict[str, Any] = {"attempts": 0, "searches": 0, "permanent": False, "retry_at": None}


def wanted_again(state: State, item: Item, wants: tuple[str, ...]) -> Change | None:
    """A known item, listed by more sources than before; None if nothing is new.

    What left every list comes back, unless a person removed it.
    """
    wanted_by = tuple(dict.fromkeys((*item.wanted_by, *wants)))
    if wants and state is State.REMOVED and item.data.get("removed_by") != BY_HAND:
        state, item = restored(item)
    elif wanted_by == item.wanted_by:
        return None
    return item.id, state, replace(item, wanted_by=wanted_by)


def unwanted(state: State, item: Item, source: str, now: datetime) -> tuple[State, Item]:
    """An item that one source no longer lists. With no want left, what only waits is removed."""
    left = tuple(want for want in item.wanted_by if want != source)
    item = replace(item, wanted_by=left)
    if left or state not in (State.PENDING, State.FAILED):
        return state, item
    return settled(item) if has(item) else removed(state, item, source, now)


def noted(item: Item, data: dict[str, Any]) -> Item:
    """The item with these in its data; None takes a key out."""
    merged = {**item.data, **data}
    return replace(item, data={key: value for key, value in merged.items() if value is not None})


def has(item: Item) -> bool:
    """Whether it was done before, and only something better is looked for."""
    return "have" in item.data


def reopened(item: Item) -> tuple[State, Item]:
    """Done, and to be bettered: what there is stays noted until something better is there. Where
    no list wants it any more, a person does."""
    release = item.data.get("release") or {}
    have = {
        "path": item.data.get("path"),
        "release": release.get("name"),
        "handle": item.data.get("handle"),
        "taken": release,
    }
    wanted_by, data = item.wanted_by or (BY_HAND,), {**item.data, "have": have}
    return State.PENDING, replace(item, **_AFRESH, pos=0, wanted_by=wanted_by, data=data)


def settled(item: Item) -> tuple[State, Item]:
    """Done as it was before it was to be bettered."""
    have = item.data.get("have") or {}
    data = {key: value for key, value in item.data.items() if key not in ("have", "release")}
    if have.get("taken"):
        data["release"] = have["taken"]
    data |= {key: have[key] for key in ("path", "handle") if have.get(key)}
    return State.COMPLETED, replace(item, **AT_REST, **_AFRESH, last_error=None, data=data)


def removed(state: State, item: Item, by: str, now: datetime) -> tuple[State, Item]:
    if has(item):
        state, item = settled(item)
    data = {**item.data, "removed_by": by}
    if state is State.COMPLETED and by != CLEANUP:
        data["was"] = str(state)
    return State.REMOVED, replace(item, **AT_REST, removed_at=now, data=data)


def restored(item: Item) -> tuple[State, Item]:
    """Done if it was done before, else pending, with its failures forgotten."""
    back = State.COMPLETED if item.data.get("was") == State.COMPLETED else State.PENDING
    wanted_by = item.wanted_by or (BY_HAND,)
    changes = {"removed_at": None, "data": _without_removal(item.data)}
    if back is State.PENDING:
        changes["completed_at"] = None
    return back, replace(item, wanted_by=wanted_by, **changes, **_AFRESH)


def merged(gone: Item, state: State, kept: Item) -> Change:
    """One item for two; it answers to the other's id from now on."""
    aliases = [*kept.data.get("aliases", ()), gone.id, *gone.data.get("aliases", ())]
    kept = replace(kept, data={**kept.data, "aliases": aliases})
    return wanted_again(state, kept, gone.wanted_by) or (kept.id, state, kept)


def released(item: Item, why: str | None, now: datetime) -> tuple[State, Item]:
    return _back(State.PENDING, replace(item, **AT_REST, last_error=why), now)


def failed(
    item: Item,
    error: str,
    retry_at: datetime | None,
    max_retries: int,
    now: datetime,
    *,
    counted: bool = True,
    permanent: bool = False,
) -> tuple[State, Item]:
    """An item that came to nothing; given up after `max_retries` failures that counted, or where
    no time is named to try it again."""
    attempts = item.attempts + counted
    given_up = permanent or retry_at is None or (counted and attempts >= max_retries)
    item = replace(
        item,
        **AT_REST,
        attempts=attempts,
        searches=0 if counted else item.searches + 1,
        last_error=error,
        permanent=given_up,
        retry_at=None if given_up else retry_at,
    )
    return _back(State.FAILED, item, now)


def _back(state: State, item: Item, now: datetime) -> tuple[State, Item]:
    """What a worker gives back is removed if nobody wants it any more, save what there is."""
    if item.wanted_by:
        return state, item
    return settled(item) if has(item) else removed(state, item, NO_LIST, now)


def queued_again(item: Item, *, afresh: bool) -> Item:
    """A failed item at the end of the queue; `afresh` forgets its failures."""
    changes = {**_AFRESH, "last_error": None} if afresh else {"retry_at": None, "permanent": False}
    return replace(item, **changes, pos=0)


def unclaimed(item: Item, retries: Retries, now: datetime) -> Change:
    """A claim that the program did not live to end: pending again, or failed if that is a habit."""
    if item.claims < MOST_CLAIMS:
        return item.id, *_back(State.PENDING, replace(item, step=None, progress=None), now)
    why = f"taken {item.claims} times without an outcome, as if it stopped the program"
    retry_at = now + retries.after_failure(item.attempts)
    return item.id, *failed(item, why, retry_at, retries.max_retries, now)


def fitted(state: State, item: Item) -> Item:
    """A line that a person wrote or moved, with what its state needs; what fits stays as it is."""
    if state is State.ACTIVE:
        return item
    needed: dict[str, Any] = dict(_IDLE)
    if state is State.REMOVED:
        needed["data"] = {"removed_by": BY_HAND, **item.data}
    else:
        needed["removed_at"] = None
        needed["data"] = _without_removal(item.data)
    if state in (State.PENDING, State.COMPLETED):
        needed |= {"permanent": False, "retry_at": None}
    elif state is State.FAILED and (item.permanent or item.retry_at is None):
        needed |= {"permanent": True, "retry_at": None}
    if state in (State.PENDING, State.FAILED) and not item.wanted_by:
        needed["wanted_by"] = (BY_HAND,)
    changes = {name: value for name, value in needed.items() if getattr(item, name) != value}
    return replace(item, **changes) if changes else item


def _without_removal(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in ("removed_by", "was")}
