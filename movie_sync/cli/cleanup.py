"""`cleanup`: films in the library that nobody wants any more; what would go, and the way back."""

from collections.abc import Iterator
from datetime import datetime

import click

from movie_sync import cleanup
from movie_sync.cleanup import Outlook
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.films import unwanted
from movie_sync.films.space import GB, sized
from movie_sync.films.unwanted import Standing


@click.group("cleanup", help=__doc__)
def command() -> None:
    pass


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def list_(context: Context, as_json: bool) -> None:
    """Show every film that nobody wants, its files, and what it waits for. Changes nothing."""
    seen = cleanup.look(context.home, context.loaded().config)
    if as_json:
        click.echo(output.json(seen))
        return
    for line in _lines(seen):
        click.echo(line)


@command.command()
@click.option("--gb", type=click.FloatRange(0), default=0.0, help="How much room is needed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def plan(context: Context, gb: float, as_json: bool) -> None:
    """Show which films would be dropped first to make room. Drops nothing.

    Only films that nobody wants: unwanted longest first, then of least priority, then largest.
    """
    seen = cleanup.look(context.home, context.loaded().config)
    ranked = [each for each in seen.films if not each.stays]
    taken = unwanted.enough(ranked, round(gb * GB))
    if as_json:
        click.echo(output.json(taken))
        return
    freed = 0
    for number, each in enumerate(taken, 1):
        freed += each.size_bytes
        click.echo(f"{number}. {unwanted.told(each)}; {sized(freed)} in all")
    if freed < gb * GB:
        click.echo(f"{sized(round(gb * GB) - freed)} more would be needed; all else is wanted")
    elif not taken:
        click.echo("every film in the library is wanted, or yours")


@command.command()
@click.argument("name", metavar="TITLE|ID")
@pass_context
def undo(context: Context, name: str) -> None:
    """Bring a film back that was removed, with its files; it is wanted by hand from then on."""
    done = cleanup.undo(context.home, context.loaded().config, name)
    click.echo(f"{done['title']} is back in the library as {done['path']}")


def _lines(seen: Outlook) -> Iterator[str]:
    if not seen.films:
        yield "every film in the library is wanted, or yours"
    elif not seen.enabled:
        yield "enable_removal_cleanup is off: none of these films is touched"
    if seen.problem:
        yield f"needs you: {seen.problem}"
    for each in seen.films:
        yield unwanted.told(each)
        yield from _files(each)
    for recovery in seen.recycled:
        yield f"{recovery.title} was removed; `cleanup undo` works until {_day(recovery.until)}"


def _files(each: Standing) -> Iterator[str]:
    if not each.stays:
        yield from (f"  {path}" for path in each.files)


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
