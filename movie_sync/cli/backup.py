"""`backup`: everything of this home that counts, as one file, also while the program runs."""

from datetime import UTC, datetime
from pathlib import Path

import click

from movie_sync.cli.context import Context, pass_context


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--without-secrets", is_flag=True, help="No passwords, passkeys and torrents.")
@pass_context
def command(context: Context, file: Path, without_secrets: bool) -> None:
    """Write settings, queues, watchlists, stories and secrets into FILE, a zip.

    FILE may be a folder: the backup then gets a name with its date. The program may run.
    """
    from movie_sync.backup import backup

    made = backup(context.home, file, datetime.now(UTC), with_secrets=not without_secrets)
    click.echo(made.sentence)
    if not without_secrets:
        click.echo("whoever has this file can read your passkeys; keep it to yourself", err=True)
