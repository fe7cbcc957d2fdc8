"""`notify`: who is told what, and whether it works."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import click

from movie_sync import notice_texts, wiring_errands
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.errands import PAYLOAD, TOLD
from movie_sync.errors import MovieSyncError
from movie_sync.http import Pacer
from movie_sync.messages import Notice, is_errand
from movie_sync.models import Item, State
from movie_sync.queue_load import in_order, load
from movie_sync.queue_resting import plainly
from movie_sync.settings import Config
from movie_sync.views.words import ago

NOBODY = "nobody is told anything: see docs/notifications.md"
SHOWN = (State.PENDING, State.ACTIVE, State.FAILED, State.COMPLETED, State.REMOVED)


@click.group("notify", help=__doc__)
def command() -> None:
    pass


@command.command()
@click.argument("name", metavar="[NAME]", required=False)
@pass_context
def test(context: Context, name: str | None) -> None:
    """Send a notice now to everyone who is set up, or to NAME alone; media servers are asked
    whether they are well. Exit code 1 if one does not work."""
    config = context.loaded().config
    ways = wiring_errands.trials(config, context.credentials(), _test_notice(config))
    if not ways or (name and name not in ways):
        raise click.UsageError(f"{name} is not set up; {_known(ways)}" if name else NOBODY)
    well = True
    for target in [name] if name else ways:
        try:
            sentence = ways[target]()
        except MovieSyncError as error:
            well = False
            click.echo(context.redactor.clean(str(error)), err=True)
        else:
            click.echo(context.redactor.clean(f"{target}: {sentence}"))
    sys.exit(0 if well else 1)


def _known(ways: Iterable[str]) -> str:
    return f"these are: {', '.join(ways)}" if ways else NOBODY


def _test_notice(config: Config) -> Notice:
    now = datetime.now(UTC)
    return Notice(
        id=f"notice:test:{now.isoformat()}",
        event="test",
        title="Movie Sync can reach you",
        text="This is a test. What needs you will be told here.",
        at=now,
        link=config.notifications.page_url or None,
    )


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array of items.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """Show the events and whom they are told, what still waits, and what was told lately."""
    items, _ = load(context.home, reader=True)
    found = [
        (state, item)
        for state in SHOWN
        for item in in_order(state, items[state])
        if is_errand(item)
    ]
    if as_json:
        rows = [{"state": str(state), **plainly(item)} for state, item in found]
        click.echo(output.json(rows))
        return
    for line in (*_set_up(context), *_templates(context.loaded().config)):
        click.echo(line)
    for state, item in found:
        click.echo(f"{state:<9}  {item.title}: {_standing(item, datetime.now(UTC))}")


def _set_up(context: Context) -> Iterator[str]:
    config, pace = context.loaded().config, Pacer()
    told = [one.name for one, _ in wiring_errands.messengers(config, context.credentials(), pace)]
    servers = wiring_errands.media_servers(config, context.credentials(), pace)
    refreshed = [one.name for one, _ in servers]
    if not (told or refreshed):
        yield NOBODY
    if told:
        yield f"notices go to {', '.join(told)}"
    if refreshed:
        yield f"changes of the library are told to {', '.join(refreshed)}"


def _templates(config: Config) -> Iterator[str]:
    section = config.notifications
    for event, (title, text) in notice_texts.TEMPLATES.items():
        on = bool(section.digest_at) if event == "digest" else event in section.events
        own = section.templates
        said = f"{own.get(f'{event}.title', title)} | {own.get(event, text)}"
        yield f"  {event:<15} {'told' if on else 'off':<5} {said}"
    for name in notice_texts.unknown_templates(section):
        yield f"  there is no event for the template {name}; it is not used"


def _standing(item: Item, now: datetime) -> str:
    told = ", ".join(item.data.get(TOLD, ()))
    if item.completed_at:
        return f"told {told or 'nobody'} {ago(item.completed_at, now)}"
    if item.last_error:
        again = f"; again {ago(item.retry_at, now)}" if item.retry_at else ""
        return f"{item.last_error}{again}"
    text = item.data.get(PAYLOAD, {}).get("text")
    return str(text or "waits")
