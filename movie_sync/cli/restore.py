"""`restore`: bring a backup into this home, whole or in parts."""

from datetime import UTC, datetime
from pathlib import Path

import click

from movie_sync.cli.context import Context, pass_context


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--only",
    metavar="PARTS",
    help="settings, queues, watchlists, stories, library, downloads, services, secrets, access.",
)
@click.option("--check", is_flag=True, help="Read and check all of it; change nothing.")
@pass_context
def command(context: Context, file: Path, only: str | None, check: bool) -> None:
    """Bring the backup FILE into this home. The program must be stopped.

    Everything is checked before anything is changed, and what was there is kept in a dated folder.
    Who may open the web page ("access") stays as it is here, unless --only names it.
    """
    from movie_sync import restore

    parts = [part.strip() for part in only.split(",") if part.strip()] if only else None
    if check:
        done = restore.check(context.home, file, context.environ, only=parts)
    else:
        done = restore.restore(context.home, file, datetime.now(UTC), context.environ, only=parts)
    click.echo(done.sentence)
    for note in done.notes:
        click.echo(f"note: {note}", err=True)
