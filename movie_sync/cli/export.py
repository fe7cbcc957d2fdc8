"""`export`: the films of the queues as a table."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from movie_sync.cli.context import Context, pass_context
from movie_sync.models import State

if TYPE_CHECKING:
    from movie_sync.export_queues import Format


@click.command("export")
@click.argument("file", metavar="FILE|-")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), help="Else by FILE's end.")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([str(s) for s in State]),
    help="Only films in this state; may be said several times.",
)  # fmt: skip
@pass_context
def command(context: Context, file: str, form: "Format | None", states: tuple[str, ...]) -> None:
    """Write the films of all queues to FILE as CSV or JSON; - is standard output (CSV).

    `import` reads them back. Cells that a spreadsheet would take for a formula have a ' in front.
    """
    from movie_sync import export_queues

    chosen = form or export_queues.format_of(file) or ("csv" if file == "-" else None)
    if chosen is None:
        raise click.UsageError("name a FILE that ends with .csv or .json, or say --format")
    wanted = [State(each) for each in states] or list(State)
    films = list(export_queues.rows(context.home, wanted))
    text = export_queues.text(films, chosen)
    if file == "-":
        click.echo(text, nl=False)
        return
    export_queues.write(Path(file).expanduser(), text)
    click.echo(f"{len(films)} films in {file}")
