"""`doctor`: check settings, folders, hard links, torrent client, indexer and watchlists, and say
how to mend what is not well. Exit code 1 if something is not."""

import sys

import click
import msgspec

from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context


@click.command("doctor", help=__doc__)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array of checks.")
@pass_context
def command(context: Context, as_json: bool) -> None:
    from movie_sync import checks

    found = []
    for check in checks.everything(context.home, context.loaded(), context.credentials()):
        clean = msgspec.structs.replace(check, sentence=context.redactor.clean(check.sentence))
        found.append(clean)
        if not as_json:
            click.echo(f"{'well' if clean.ok else 'NOT WELL':<9} {clean.name}: {clean.sentence}")
            if not clean.ok and clean.fix:
                click.echo(f"{'':<9} -> {clean.fix}")
    if as_json:
        click.echo(output.json(found))
    sys.exit(0 if all(check.ok for check in found) else 1)
