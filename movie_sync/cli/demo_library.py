"""`demo --library`: a shelf of files and films that arrive become one library, as a person sees."""

from pathlib import Path

import click

from movie_sync.cli import output
from movie_sync.demo.library_play import LibraryOutcome, as_data, play_library
from movie_sync.demo.library_world import DOWNLOADED, LibraryWorld


def run(folder: Path, port: int | None, *, as_json: bool) -> int:
    """Returns the exit code.

    Args:
        port: of the page, to watch it there until Ctrl+C; None for the terminal.
    """
    with LibraryWorld(folder) as world:
        if port is not None:
            return _on_the_page(world, port)
        if as_json:
            outcome = play_library(world, lambda step: None)
            click.echo(output.json(as_data(world, outcome)))
        else:
            click.echo(f"A shelf of files, a watchlist of {DOWNLOADED} films and a TMDB start in "
                       f"{folder}\n")  # fmt: skip
            outcome = play_library(world, click.echo)
            _tell(world, outcome)
    return 0 if outcome.ok else 1


def _on_the_page(world: LibraryWorld, port: int) -> int:
    from movie_sync.demo.play import stay

    click.echo(f"Open http://127.0.0.1:{port}/library and answer its question; Ctrl+C ends it")
    if stay(world, port):
        return 0
    click.echo(f"the program ended by itself; see {world.folder / 'program.log'}", err=True)
    return 1


def _tell(world: LibraryWorld, outcome: LibraryOutcome) -> None:
    counts = outcome.counts
    click.echo(f"\n{counts['films']} films, {counts['shows']} show and {counts['episodes']} "
               f"episodes in {counts['files']} files are known after {outcome.seconds:.1f} s, "
               f"with {outcome.requests} requests to TMDB")  # fmt: skip
    for problem in outcome.problems:
        click.echo(f"NOT WELL: {problem}")
    click.echo(f"Look around, with list, review or sources in its place:\n"
               f"  movie-sync --home {world.home} library show Charade")  # fmt: skip
    click.echo(f"When you have seen it: rm -r {world.folder}")
