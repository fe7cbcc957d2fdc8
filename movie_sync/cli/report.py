"""`report`: what to send to somebody who helps."""

from datetime import UTC, datetime
from pathlib import Path

import click

from movie_sync.cli.context import Context, pass_context


@click.command("report")
@click.argument("file", metavar="[FILE|-]", required=False)
@click.option("--live", is_flag=True, help="Ask torrent client, indexers and watchlists too.")
@click.option("--anonymous", is_flag=True, help="Hide names of films, people and folders.")
@pass_context
def command(context: Context, file: str | None, live: bool, anonymous: bool) -> None:
    """Write versions, settings, checks, queue counts and log lines into FILE, a zip, or - as text.

    Without passwords and passkeys. Read it before you give it away.
    """
    from movie_sync import report

    now = datetime.now(UTC)
    parts = report.sections(
        context.home, context.loaded(), context.credentials(), context.redactor, now,
        live=live, anonymous=anonymous,
    )  # fmt: skip
    if file == "-":
        click.echo(report.as_text(parts), nl=False)
        return
    path = Path(file).expanduser() if file else Path(report.default_name(now))
    report.write(path, parts)
    click.echo(f"{path}: {', '.join(parts)}; no secrets are in it, but read it before you send it")
