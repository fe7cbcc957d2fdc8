"""`watchlist`: what the watchlists said when they were last read, and films from an export."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from movie_sync.actions import ask
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.films import watchlists
from movie_sync.views.words import ago, lasting

AT_ONCE = 500  # films of an import; a request has its limit


@click.group("watchlist", help=__doc__)
def command() -> None:
    pass


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def show(context: Context, as_json: bool) -> None:
    """Show each watchlist, its films, and what is wrong with it."""
    listed = watchlists.read(context.home / "watchlist.json")
    if as_json:
        click.echo(output.json(listed))
        return
    now = datetime.now(UTC)
    if not listed:
        click.echo("no watchlist was read yet")
    for name, one in listed.items():
        read = f"read {ago(one.read_at, now)}" if one.read_at else "never read as a whole"
        click.echo(f"{name}: {len(one.films)} films, {read}")
        if one.problem:
            click.echo(f"  {lasting(one.problem, one.problem_since, now)}")
        for id_ in one.films.values():
            click.echo(f"  {id_}")


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_context
def import_(context: Context, file: Path) -> None:
    """Want the films of an export: watchlist.csv, or the zip that Letterboxd gives you."""
    from movie_sync.services.letterboxd_export import read_export

    seen = read_export(file)
    films, new = msgspec.to_builtins(seen.films), 0
    for first in range(0, len(films), AT_ONCE):
        some = films[first : first + AT_ONCE]
        new += ask(context.home, do="want", films=some, source=seen.source)["new"]
    click.echo(f"{len(films)} films in {file.name}, {new} of them new")
    if seen.problem:
        click.echo(f"note: {seen.problem}", err=True)


@command.command()
@click.argument("source")
@pass_context
def confirm(context: Context, source: str) -> None:
    """Say that films which are missing from SOURCE may go, where so many were doubted."""
    answer = ask(context.home, do="confirm", source=source)
    click.echo(f"{answer['films']} films may leave {source} at its next complete readings")
