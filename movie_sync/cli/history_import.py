"""`history import`: a history of Trakt, or of a file, is taken over; first look, then begin."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from movie_sync.cli import history_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.history_wishes import JSON, alone, asked, stored, wish

if TYPE_CHECKING:
    from movie_sync.history.running import History

PROGRESS_S = 0.5
FILE = click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
RATE = click.Choice(["missing", "all", "none"])


@click.group("import")
def command() -> None:
    """Take over a whole history: Trakt's, or that of a FILE.

    Understood are the exports of Trakt, Letterboxd and SIMKL, and JSON or CSV; see docs/history.md.
    """


@command.command()
@FILE
@JSON
@pass_context
def preview(context: Context, file: Path | None, as_json: bool) -> None:
    """Say what there is to take over, and what is new of it; nothing is written."""
    from movie_sync.history.import_models import Options
    from movie_sync.history.preview import Preview

    options = Options(**_source(file))
    answer = asked(context, "preview", **_source(file))
    if answer is not None:
        import msgspec

        found = msgspec.convert(answer["preview"], Preview)
    else:
        with alone(context) as history:
            found = history.preview(options, datetime.now(UTC))
    if as_json:
        click.echo(output.json(found))
        return
    for line in screen.preview_lines(found):
        click.echo(line)


@command.command()
@FILE
@click.option("--history/--no-history", default=True, help="What was watched.")
@click.option("--watchlist/--no-watchlist", default=True, help="What is on the watchlist.")
@click.option("--ratings", type=RATE, default="missing", show_default=True,
              help="Those of works that have none here, all, or none.")  # fmt: skip
@click.option(
    "--binge",
    type=click.IntRange(0),
    metavar="EPISODES",
    help="So many of a show on one day are believed; 0 is any (history.binge_episodes).",
)
@JSON
@pass_context
def start(
    context: Context, /, file: Path | None, binge: int | None, as_json: bool, **chosen: Any
) -> None:
    """Begin. The running program goes on with it; where none runs it is done here, to its end.

    It may be broken off at any time: `history import start` goes on where it was.
    """
    request = {
        **_source(file), "history": chosen["history"], "watchlist": chosen["watchlist"],
        "rate": chosen["ratings"],
    } | ({"most_a_day": binge} if binge is not None else {})  # fmt: skip
    answer = asked(context, "import", **request)
    if answer is not None:
        click.echo(output.json(answer) if as_json else f"the running program: {answer['sentence']}")
        return
    from movie_sync.history.wishes import options_of

    with alone(context) as history, _progress(history):
        now = datetime.now(UTC)
        done = history.import_now(options_of(history, request), now)
    if as_json:
        click.echo(output.json(done))
    else:
        for line in screen.sync_lines(done):
            click.echo(line)
    sys.exit(0 if done.state == "done" else 1)


@command.command()
@JSON
@pass_context
def status(context: Context, as_json: bool) -> None:
    """How far the import is that goes on, or what became of the last one."""
    answer = asked(context, "import-status")
    if answer is None:
        from movie_sync.history.wishes import import_status

        with stored(context) as store:
            answer = import_status(store, None)
    click.echo(output.json(answer) if as_json else answer["sentence"])


@command.command()
@JSON
@pass_context
def cancel(context: Context, as_json: bool) -> None:
    """End the import that goes on, or stands still; what it stored stays, and can be undone."""
    answer = wish(context, "import-cancel", as_json=as_json)
    sys.exit(0 if answer["cancelled"] else 1)


def _source(file: Path | None) -> dict[str, Any]:
    return {"source": "trakt"} if file is None else {"source": "file", "path": str(file.absolute())}


@contextmanager
def _progress(history: "History") -> Iterator[None]:
    """A line that moves, on a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from movie_sync.history.wording import progress_sentence

    done = threading.Event()

    def tell() -> None:
        while not done.wait(PROGRESS_S):
            line = progress_sentence(history.importing.state)
            click.echo(f"\r{line} \x1b[K", nl=False, err=True)

    teller = threading.Thread(target=tell, name="progress", daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
        click.echo("\r\x1b[K", nl=False, err=True)
