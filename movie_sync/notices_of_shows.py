"""Shows that were added to Sonarr, or that it did not take, gathered until they are one notice.

A pass adds twenty shows in as many seconds, and nobody wants twenty messages of it. So what happens
is gathered, and told once no more are on their way. What is told is closed, and takes no more:
after a crash it is told again under its own id, which the queues know.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from movie_sync.models import Item, Moment, State
from movie_sync.queues import QueueManager
from movie_sync.shows import show_items

ADDED, FAILED = "show_added", "show_failed"
LULL = timedelta(minutes=1)  # after which no more of the same pass is expected, in an outage too
LONGEST = timedelta(minutes=30)
NAMED = 20  # in its text


class Told(Struct, frozen=True, omit_defaults=True):
    """One show, as far as a notice tells of it."""

    title: str
    rule: str
    facts: dict[str, Any]
    why: str = ""


class Group(Struct, omit_defaults=True):
    """Shows of one event, in the order of their coming."""

    event: str
    since: Moment
    last_at: Moment
    shows: dict[str, Told] = {}  # by what tells this time from others
    closed: bool = False


def gather(
    groups: list[Group],
    changed: Iterable[tuple[State, Item]],
    events: Collection[str],
    now: datetime,
) -> None:
    """Put what happened to these into the groups that are open."""
    for state, item in changed:
        event, which = _happened(state, item)
        if event not in events or any(which in group.shows for group in groups):
            continue
        group = next((one for one in groups if one.event == event and not one.closed), None)
        if group is None:
            group = Group(event=event, since=now, last_at=now)
            groups.append(group)
        group.last_at = now
        group.shows[which] = _told(item, event)


def close(groups: Iterable[Group], queue: QueueManager, now: datetime) -> None:
    """Close those to which no more is expected."""
    open_ones = [group for group in groups if not group.closed]
    if not open_ones:
        return
    moving = bool(show_items.waiting(queue))
    for group in open_ones:
        over = now - group.last_at >= LULL or now - group.since >= LONGEST
        group.closed = over or not moving or now < group.since  # the clock may have been set back


def words(group: Group) -> dict[str, str]:
    """What a text about them may name."""
    shows = list(group.shows.values())
    one = len(shows) == 1
    lines = [f"{each.title}: {each.why}" for each in shows[:NAMED]]
    if group.event == ADDED:
        lines = list(_by_rule(shows))
    elif len(shows) > NAMED:
        lines.append(f"and {len(shows) - NAMED} more")
    return {
        "shows": shows[0].title if one else f"{len(shows)} shows",
        "count": str(len(shows)),
        "list": "\n".join(lines),
    }


def facts(group: Group) -> list[dict[str, Any]]:
    """What is known of them, for a program that reads the notice."""
    return [show.facts | ({"why": show.why} if show.why else {}) for show in group.shows.values()]


def id_of(group: Group) -> str:
    return f"{group.event}:{next(iter(group.shows))}"


def _happened(state: State, item: Item) -> tuple[str, str]:
    """The event, and what tells this time from others; empty where nothing is to be told."""
    if item.kind != show_items.KIND:
        return "", ""
    if state is State.COMPLETED and show_items.was_added(item) and item.completed_at:
        return ADDED, f"{item.id}:{item.completed_at.isoformat(timespec='seconds')}"
    if state is State.FAILED and item.permanent and not show_items.is_refused_by_hand(state, item):
        return FAILED, f"{item.id}:{item.seq}"
    return "", ""


def _told(item: Item, event: str) -> Told:
    known = ("tvmaze_id", "tvdb_id", "url", show_items.INSTANCE, show_items.RULE, "series_id")
    data: Mapping[str, Any] = {"title": item.title, **item.data}
    return Told(
        title=item.title,
        rule=item.data.get(show_items.RULE, ""),
        facts={name: data[name] for name in ("title", *known) if data.get(name) is not None},
        why=item.last_error or "the reason was not kept" if event == FAILED else "",
    )


def _by_rule(shows: Iterable[Told]) -> Iterable[str]:
    """A line for each rule: "korean drama: A (2024), B (2024)"."""
    titles: dict[str, list[str]] = {}
    for show in shows:
        titles.setdefault(show.rule, []).append(show.title)
    for rule, some in titles.items():
        more = f" and {len(some) - NAMED} more" if len(some) > NAMED else ""
        yield f"{rule or 'approved by hand'}: {', '.join(some[:NAMED])}{more}"
