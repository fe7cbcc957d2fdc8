"""`why`: everything that happened to a film, in order, and what it waits for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from movie_sync.actions import find_in
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.films.story import Event, Stories
from movie_sync.models import Item, State
from movie_sync.queue_load import load
from movie_sync.queue_resting import plainly
from movie_sync.views.standing import release_line, standing

MOST_RELEASES = 10  # of one search, where not all are asked for


@click.command("why", help=__doc__)
@click.argument("name", metavar="TITLE|ID")
@click.option("--all", "everything", is_flag=True, help="Every release of every search.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def command(context: Context, name: str, everything: bool, as_json: bool) -> None:
    items, _ = load(context.home, reader=True)
    state, item = find_in([(s, i) for s in State for i in items[s].values()], name)
    events = Stories(context.home / "stories").read(item.id)
    now = datetime.now(UTC)
    if as_json:
        click.echo(output.json(_data(state, item, events, now)))
        return
    for line in _lines(state, item, events, now, everything=everything):
        click.echo(line)


def _data(state: State, item: Item, events: list[Event], now: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "state": str(state),
        "now": standing(state, item, now),
        "item": plainly(item),
        "events": msgspec.to_builtins(events),
    }


def _lines(
    state: State, item: Item, events: list[Event], now: datetime, *, everything: bool
) -> Iterator[str]:
    yield f"{item.title}: {standing(state, item, now)}"
    yield f"{item.id}"
    yield ""
    wanted_by = ", ".join(item.wanted_by) or "nobody any more"
    yield f"{_time(item.added_at)}  wanted     by {wanted_by}"
    last_search = max((n for n, event in enumerate(events) if event.releases), default=-1)
    for number, event in enumerate(events):
        yield f"{_time(event.at)}  {event.what:<9}  {event.text}{_repeated(event)}"
        if everything or number == last_search:
            yield from _releases(event, len(event.releases) if everything else MOST_RELEASES)
    for each in item.data.get("blocked", ()):
        yield f"not taken again: {each['name']} ({each['release']}): {each['why']}"


def _releases(event: Event, most: int) -> Iterator[str]:
    indent = " " * 18
    for each in event.releases[:most]:
        yield f"{indent}{release_line(each)}"
    if len(event.releases) > most:
        yield f"{indent}and {len(event.releases) - most} more; --all shows them"


def _repeated(event: Event) -> str:
    if event.times == 1 or event.last_at is None:
        return ""
    return f" ({event.times} times, last {_time(event.last_at)})"


def _time(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
