"""`import`: films from a file or from a running Radarr into the queues."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from movie_sync.cli.context import Context, pass_context

if TYPE_CHECKING:
    from movie_sync.export_queues import Format

SHOWN = 20


@click.command("import")
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--from-radarr", "url", metavar="URL", help="Ask a running Radarr instead.")
@click.option("--format", "form", type=click.Choice(["csv", "json"]), help="Else by FILE's end.")
@click.option("--dry-run", is_flag=True, help="Say what would be added; change nothing.")
@pass_context
def command(
    context: Context, file: Path | None, url: str | None, form: "Format | None", dry_run: bool
) -> None:
    """Want the films of FILE: an export of ours, Letterboxd, IMDb, Radarr, or any CSV or JSON.

    Films are only added, none twice, and none is taken away. What Radarr has, or does not look
    for, is left out. Its key: `credentials set radarr.api_key`.
    """
    from movie_sync import import_files, import_queues

    if (file is None) == (url is None):
        raise click.UsageError("say a FILE or --from-radarr URL")
    if url:
        library = context.loaded().config.library_directory
        reading = import_queues.from_radarr(url, context.credentials(), library)
    else:
        reading = import_files.read_file(file or Path(), form)
    done = (import_queues.rehearse if dry_run else import_queues.take)(context.home, reading)
    for title in done.titles[:SHOWN]:
        click.echo(f"  {title}")
    if len(done.titles) > SHOWN:
        click.echo(f"  ... and {len(done.titles) - SHOWN} more")
    click.echo(context.redactor.clean(done.sentence))
    for note in done.notes:
        click.echo(f"note: {note}", err=True)
