"""`queue`: look into the queues, and change them. A change goes through the running program, and
is made right here when none runs."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from movie_sync.actions import ask
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.instance import owned
from movie_sync.models import FILM, Item, State
from movie_sync.queue_files import path_of
from movie_sync.queue_generations import Generation, generations, restore
from movie_sync.queue_load import in_order, load
from movie_sync.queue_resting import plainly
from movie_sync.views import queue_files

_IMDB_ID = re.compile(r"tt\d{7,}")
_TITLE_AND_YEAR = re.compile(r"(.+) \(((?:18|19|20)\d\d)\)")

STATES = [str(state) for state in State]


@click.group("queue", help=__doc__)
def command() -> None:
    pass


@command.command("list")
@click.argument("state", type=click.Choice(STATES), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array of items.")
@pass_context
def list_(context: Context, state: str | None, as_json: bool) -> None:
    """List the films in the queues, or in one of them.

    `notify list` lists what is to be told, and `shows list` the shows.
    """
    items, _ = load(context.home, reader=True)
    items = {one: {id_: i for id_, i in items[one].items() if i.kind == FILM} for one in items}
    states = [State(state)] if state else list(State)
    if as_json:
        found = [
            {"state": str(one), **plainly(item)}
            for one in states
            for item in in_order(one, items[one])
        ]
        click.echo(output.json(found))
        return
    for one in states:
        for item in in_order(one, items[one]):
            click.echo(f"{one:<9}  {item.id:<28}  {item.title}{_detail(one, item)}")


def _detail(state: State, item: Item) -> str:
    match state:
        case State.ACTIVE:
            percent = f" {item.progress:.0%}" if item.progress is not None else ""
            return f": {item.step}{percent}" + (f"; {item.last_error}" if item.last_error else "")
        case State.COMPLETED:
            return f": {path}" if (path := item.data.get("path")) else ""
        case State.REMOVED:
            return f": removed by {item.data.get('removed_by')}"
        case _:
            return f": {item.last_error}" if item.last_error else ""


@command.command()
@click.argument("title")
@click.option("--year", type=int, help="Its year; without one, only an id finds it surely.")
@click.option("--imdb", "imdb_id", metavar="tt...", help="Its IMDb id.")
@pass_context
def add(context: Context, title: str, year: int | None, imdb_id: str | None) -> None:
    """Want a film."""
    if imdb_id and not _IMDB_ID.fullmatch(imdb_id):
        raise click.BadParameter('an IMDb id looks like "tt6751668"', param_hint="--imdb")
    if year is None and (both := _TITLE_AND_YEAR.fullmatch(title)):  # as it is printed everywhere
        title, year = both[1], int(both[2])
    if not title.strip():
        raise click.BadParameter("a film has a title", param_hint="TITLE")
    answer = ask(context.home, do="add", title=title, year=year, imdb_id=imdb_id)
    known = "" if answer["new"] else " already"
    click.echo(f"{answer['title']} is {answer['state']}{known}, as {answer['id']}")


@command.command()
@click.argument("name", metavar="ID", required=False)
@click.option("--all", "everything", is_flag=True, help="Everything that failed.")
@pass_context
def retry(context: Context, name: str | None, everything: bool) -> None:
    """Try again what failed, with its failures forgotten. ID may be a title."""
    if everything == bool(name):
        raise click.UsageError("say an ID or --all")
    if everything:
        titles = ask(context.home, do="retry", all=True)["titles"]
        click.echo(f"{len(titles)} are pending again")
    else:
        _tell(context, "retry", name or "")


@command.command()
@click.argument("name", metavar="ID")
@pass_context
def skip(context: Context, name: str) -> None:
    """Never look for it; `retry` takes that back."""
    _tell(context, "skip", name)


@command.command()
@click.argument("name", metavar="ID")
@pass_context
def remove(context: Context, name: str) -> None:
    """Set it aside, whatever a list says; no file and no download is touched."""
    _tell(context, "remove", name)


@command.command("restore")
@click.argument("name", metavar="ID")
@pass_context
def restore_(context: Context, name: str) -> None:
    """Bring back what was removed."""
    _tell(context, "restore", name)


@command.command()
@pass_context
def check(context: Context) -> None:
    """Read every queue file and the journal; say what is wrong with them, if anything is."""
    for sentence in queue_files.check(context.home):
        click.echo(sentence)


@command.command("restore-file")
@click.argument("state", type=click.Choice(STATES))
@click.argument("name", metavar="FILE", required=False)
@pass_context
def restore_file(context: Context, state: str, name: str | None) -> None:
    """Go back to an earlier FILE of a queue; without FILE, show which there are.

    What stood in its place is kept beside it. The program must not be running."""
    path = path_of(context.home, State(state))
    if name is None:
        _show_generations(state, path, generations(context.home, State(state)))
        return
    with owned(context.home):
        count, kept = restore(context.home, State(state), Path(name).name)
    was = f"; what stood there is kept as {kept.name}" if kept else ""
    click.echo(f"{path.name} is {Path(name).name} again, with {_items(count)}{was}")


def _show_generations(state: str, path: Path, found: Sequence[Generation]) -> None:
    if not found:
        click.echo(f"there is nothing to go back to beside {path}")
        return
    width = max(len(one.path.name) for one in found)
    for one in found:
        what = one.fault if one.items is None else _items(one.items)
        click.echo(f"{one.path.name:<{width}}  {one.saved_at.astimezone():%Y-%m-%d %H:%M}  {what}")
    click.echo(f'nothing was changed; go back to one with "queue restore-file {state} FILE"')


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _tell(context: Context, wish: str, name: str) -> None:
    answer = ask(context.home, do=wish, id=name)
    click.echo(f"{answer['title']} is {answer['state']}")
