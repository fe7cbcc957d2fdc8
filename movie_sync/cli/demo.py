"""`demo`: watch films travel from a watchlist into a library, or shows from a catalogue into
Sonarr, or files become a library, with no account and no internet.

A watchlist site, a tracker and somebody who has the films, or a TVmaze and a Sonarr, run on this
machine; the program between them is the real one, with other settings.
"""

import sys
import tempfile
from pathlib import Path

import click

from movie_sync.cli import output
from movie_sync.errors import ConfigError

SLOW_KIB_S = 700  # so that there is something to watch


@click.command("demo", help=__doc__)
@click.option(
    "--films",
    default=5,
    show_default=True,
    type=click.IntRange(1, 60),
    help="How many films are on the watchlist.",
)
@click.option("--shows", is_flag=True, help="Shows in place of films.")
@click.option("--library", is_flag=True, help="Films, and what is on a shelf, as one library.")
@click.option("--history", is_flag=True, help="What was watched, from Viki and Trakt to Trakt.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Put everything there, in place of a temporary folder.",
)
@click.option("--web", is_flag=True, help="Watch it on the page, until Ctrl+C.")
@click.option("--web-port", default=5000, show_default=True, help="Port the page is on.")
def command(  # noqa: PLR0917 - one argument for each option
    films: int, shows: bool, library: bool, history: bool, as_json: bool, keep: Path | None,
    web: bool, web_port: int,
) -> None:  # fmt: skip
    if shows:
        from movie_sync.cli.demo_shows import run

        sys.exit(run(_folder(keep), web_port if web else None, as_json=as_json))
    if library:
        from movie_sync.cli.demo_library import run as run_library

        sys.exit(run_library(_folder(keep), web_port if web else None, as_json=as_json))
    if history:
        from movie_sync.cli.demo_history import run as run_history

        sys.exit(run_history(_folder(keep), web_port if web else None, as_json=as_json))
    from movie_sync.cli import demo_screen as screen
    from movie_sync.demo.play import as_data, play
    from movie_sync.demo.world import World

    folder = _folder(keep)
    if web:
        sys.exit(_on_the_page(folder, films, web_port))
    if not as_json:
        click.echo(f"A watchlist of {films} films, a tracker and a seeder start in {folder}\n")
    with World(folder, films) as world:
        if as_json:
            outcome = play(world, lambda progress: None)
            click.echo(output.json(as_data(world, outcome)))
        else:
            with screen.opened(moving=sys.stdout.isatty()) as show:
                outcome = play(world, show)
            screen.tell(world, outcome)
    sys.exit(0 if outcome.ok else 1)


def _on_the_page(folder: Path, films: int, port: int) -> int:
    from movie_sync.demo.play import stay
    from movie_sync.demo.world import World

    with World(folder, films, upload_limit_kib_s=SLOW_KIB_S) as world:
        click.echo(f"Open http://127.0.0.1:{port} and watch {films} films arrive; Ctrl+C ends it")
        if stay(world, port):
            return 0
    click.echo(f"the program ended by itself; see {folder / 'program.log'}", err=True)
    return 1


def _folder(keep: Path | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="movie_sync-demo-"))
    folder = keep.expanduser().absolute()
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty; nothing was started; name a new folder")
    return folder
