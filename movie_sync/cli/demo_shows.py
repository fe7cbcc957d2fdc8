"""`demo --shows`: from a catalogue of made-up shows into a Sonarr, as a person sees it."""

from pathlib import Path

import click

from movie_sync.cli import output
from movie_sync.demo.shows_play import ShowOutcome, as_data, play_shows
from movie_sync.demo.shows_world import SELECTIONS, ShowsWorld

SLOW_S = 0.4  # so that there is something to watch


def run(folder: Path, port: int | None, *, as_json: bool) -> int:
    """Returns the exit code.

    Args:
        port: of the page, to watch it there until Ctrl+C; None for the terminal.
    """
    with ShowsWorld(folder) as world:
        if port is not None:
            return _on_the_page(world, port)
        if as_json:
            outcome = play_shows(world, lambda step: None)
            click.echo(output.json(as_data(world, outcome)))
        else:
            rules = ", ".join(one["name"] for one in SELECTIONS)
            click.echo(f"A TVmaze with {len(world.tvmaze.ids)} made-up shows and a Sonarr start in "
                       f"{folder}; the rules are {rules}\n")  # fmt: skip
            outcome = play_shows(world, click.echo)
            _tell(world, outcome)
    return 0 if outcome.ok else 1


def _on_the_page(world: ShowsWorld, port: int) -> int:
    from movie_sync.demo.play import stay

    world.tvmaze.slow_s = SLOW_S
    click.echo(f"Open http://127.0.0.1:{port} and watch shows arrive; Ctrl+C ends it")
    if stay(world, port):
        return 0
    click.echo(f"the program ended by itself; see {world.folder / 'program.log'}", err=True)
    return 1


def _tell(world: ShowsWorld, outcome: ShowOutcome) -> None:
    click.echo("\nWhat became of the newest shows, and why:")
    for show in outcome.shows:
        click.echo(f"  {show['state']:<12}  {show['title']}: {show['why']}")
    read, added = sum(outcome.counts.values()), len(world.added)
    took = f"with {outcome.requests} requests, in {outcome.seconds:.1f} s"
    click.echo(f"\n{read} shows were read and {added} added, {took}")
    for problem in outcome.problems:
        click.echo(f"NOT WELL: {problem}")
    click.echo(f"Look around, with status, list, preview or why in its place:\n"
               f"  movie-sync --home {world.home} shows why Drift")  # fmt: skip
    click.echo(f"When you have seen it: rm -r {world.folder}")
