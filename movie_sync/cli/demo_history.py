"""`demo --history`: what was watched at Viki and Trakt becomes one history, as a person sees it."""

from pathlib import Path

import click

from movie_sync.cli import output
from movie_sync.demo.history_play import HistoryOutcome, as_data, play_history
from movie_sync.demo.history_world import HistoryWorld


def run(folder: Path, port: int | None, *, as_json: bool) -> int:
    """Returns the exit code.

    Args:
        port: of the page, to watch it there until Ctrl+C; None for the terminal.
    """
    with HistoryWorld(folder) as world:
        if port is not None:
            return _on_the_page(world, port)
        if as_json:
            outcome = play_history(world, lambda step: None)
            click.echo(output.json(as_data(world, outcome)))
        else:
            click.echo(f"A Viki and a Trakt start in {folder}\n")
            outcome = play_history(world, click.echo)
            _tell(world, outcome)
    return 0 if outcome.ok else 1


def _on_the_page(world: HistoryWorld, port: int) -> int:
    from movie_sync.demo.play import stay

    click.echo(f"Open http://127.0.0.1:{port}/watched, and import {world.markers} there by "
               f"`movie-sync --home {world.home} history viki import {world.markers}`; "
               "Ctrl+C ends it")  # fmt: skip
    if stay(world, port):
        return 0
    click.echo(f"the program ended by itself; see {world.folder / 'program.log'}", err=True)
    return 1


def _tell(world: HistoryWorld, outcome: HistoryOutcome) -> None:
    counts = outcome.counts
    click.echo(f"\n{counts['plays']} plays are in the history after {outcome.seconds:.1f} s; Trakt "
               f"was told of {outcome.told}, each once")  # fmt: skip
    for problem in outcome.problems:
        click.echo(f"NOT WELL: {problem}")
    click.echo(f"Look around, with watch, log or match list in its place:\n"
               f"  movie-sync --home {world.home} history status")  # fmt: skip
    click.echo(f"When you have seen it: rm -r {world.folder}")
