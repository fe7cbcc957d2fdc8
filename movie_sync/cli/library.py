"""`library`: the films and shows that are owned, where from, how good, and what is unsure. Looks
into the database; what it changes goes through the running program, or is done here when none runs.
"""

import sys
import threading
from datetime import UTC, date, datetime
from typing import Any

import click

from movie_sync import control, wiring_library
from movie_sync.cli import library_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.library_review import command as review
from movie_sync.cli.library_sources import command as sources
from movie_sync.cli.library_wishes import JSON, KIND, chosen_of, meant, stored, wish
from movie_sync.errors import MovieSyncError
from movie_sync.library_models import Kind
from movie_sync.running import cautious
from movie_sync.views.library import EPISODES, HAVINGS, SORTS
from movie_sync.views.library_files import WHICH


@click.group("library", help=__doc__)
def command() -> None:
    pass


command.add_command(review)
command.add_command(sources)


@command.command()
@click.argument("source", required=False)
@click.option("--accept", is_flag=True, help="What is not found is gone, however much it is.")
@click.option("--probe", is_flag=True,
              help="Then ask TMDB about titles, and look into each new file.")  # fmt: skip
@JSON
@pass_context
def scan(context: Context, /, source: str | None, accept: bool, probe: bool, as_json: bool) -> None:
    """Look at a SOURCE now, or at all, and say of each file what it is.

    Where no program runs it is done here, to its end. Exits with 1 where a source could not be
    read whole; nothing in what was not read is marked as gone.
    """
    answer = control.ask(context.home, do="library", wish="scan", source=source, accept=accept)
    if answer is not None:
        told = f"the running program: {answer['sentence']}; see `library sources`"
        click.echo(output.json(answer) if as_json else told)
        return
    from movie_sync.library.scanning import scan as scan_library

    config, stop = cautious(context.loaded()), threading.Event()
    with (
        wiring_library.alone(config, context.home, context.credentials(), stop) as library,
        screen.progress(library),
    ):
        done = scan_library(
            library, stop, source=source, accept=accept, tell_all=probe,
            at_once=config.library.at_once,
        )  # fmt: skip
    if as_json:
        click.echo(output.json(done))
    else:
        for line in screen.scan_lines(done, probed=probe):
            click.echo(line)
    sys.exit(1 if done.problems else 0)


@command.command("list")
@click.argument("text", required=False, default="")
@click.option("--kind", type=KIND, help="Only films, or only shows.")
@click.option(
    "--having",
    type=click.Choice(HAVINGS),
    default="files",
    help="With files that are there (files), that were (gone), or without any (none).",
)
@click.option("--episodes", type=click.Choice(EPISODES), help="Shows that lack some, or none.")
@click.option("--genre", help="As TMDB names it.")
@click.option("--decade", type=click.IntRange(1870, 2190), metavar="YEAR", help="Its first year.")
@click.option("--language", help="That is spoken in some file.")
@click.option("--lines", type=click.IntRange(1), help="Of the best picture, as 1080.")
@click.option("--hdr/--no-hdr", default=None, help="With or without a picture in HDR.")
@click.option("--source", help="That some source of this name shows.")
@click.option("--played/--unplayed", default=None, help="As media servers tell it.")
@click.option("--broken", is_flag=True, default=None, help="With files that cannot be used.")
@click.option("--doubled", is_flag=True, default=None, help="With several files of the same.")
@click.option("--sort", type=click.Choice(SORTS), default="name", show_default=True,
              help="What they are put in order by.")  # fmt: skip
@click.option("--turned", is_flag=True, help="The other way round.")
@click.option("--page", default=1, type=click.IntRange(1), show_default=True,
              help="Which page of them.")  # fmt: skip
@click.option("--limit", default=100, type=click.IntRange(1, 10_000), show_default=True,
              help="Titles on a page.")  # fmt: skip
@JSON
@pass_context
def list_(
    context: Context, /, text: str, page: int, limit: int, as_json: bool, **sought: Any
) -> None:
    """List titles, of all or of those with TEXT in some name of theirs."""
    from movie_sync.views.library import Sought, shelf

    sought["kind"] = Kind(sought["kind"]) if sought["kind"] else None
    with stored(context) as store:
        found = shelf(store, Sought(text=text, **sought), _today(), page, limit)
    if as_json:
        click.echo(output.json(found))
        return
    for line in screen.shelf_lines(found):
        click.echo(line)


@command.command()
@click.argument("title")
@JSON
@pass_context
def show(context: Context, title: str, as_json: bool) -> None:
    """Tell all that is known of a TITLE, by its name or its number in the library."""
    from movie_sync.library.naming import title_of
    from movie_sync.views.library_title import whole

    with stored(context) as store:
        found = whole(store, title_of(store, title).id, _today())
    if as_json:
        click.echo(output.json(found))
        return
    for line in screen.title_lines(found):
        click.echo(line)


@command.command()
@click.argument("which", type=click.Choice(WHICH), default="all")
@click.option("--source", help="That a source of this name shows.")
@click.option("--page", default=1, type=click.IntRange(1), show_default=True,
              help="Which page of them.")  # fmt: skip
@click.option("--limit", default=100, type=click.IntRange(1, 10_000), show_default=True,
              help="Files on a page.")  # fmt: skip
@JSON
@pass_context
def files(  # noqa: PLR0917 - one argument for each option
    context: Context, /, which: Any, source: str | None, page: int, limit: int, as_json: bool
) -> None:
    """List files, of all or of those that wait, are broken, gone or ignored, with the reason."""
    from movie_sync.views.library_files import listed

    with stored(context) as store:
        found = listed(store, which, source, page, limit)
    if as_json:
        click.echo(output.json(found))
        return
    for line in screen.file_lines(found):
        click.echo(line)


@command.command()
@click.argument("what", metavar="FILE|TITLE")
@meant
@JSON
@pass_context
def identify(
    context: Context, /, what: str, kind: str | None, as_json: bool, **chosen: Any
) -> None:
    """Say what a file is, or what all files of a title are. It counts for ever; `library review
    undo` takes it back."""
    from movie_sync.library.naming import files_of

    with stored(context) as store:
        assets, now = files_of(store, what)
    wished = chosen_of(chosen, kind or (str(now) if now else None))
    wish(context, "choose", as_json=as_json, assets=assets, **wished)


def brief(context: Context) -> dict[str, Any]:
    """The library in one sentence with the numbers in it, for `status`."""
    from movie_sync.views.library import stats

    try:
        with stored(context) as store:
            found = stats(store)
    except MovieSyncError as error:
        return {"sentence": str(error), "counts": None}
    return {"sentence": screen.summary(found.counts), "counts": found.counts}


def _today() -> date:
    return datetime.now(UTC).date()
