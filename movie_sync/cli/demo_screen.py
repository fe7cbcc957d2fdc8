"""How the demo looks: lines that move on a terminal, one line a change elsewhere."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from movie_sync.demo.play import Outcome, Progress
from movie_sync.demo.world import World
from movie_sync.models import State

if TYPE_CHECKING:
    from rich.progress_bar import ProgressBar
    from rich.table import Table

Show = Callable[[list[Progress]], object]

COLOURS = {
    State.PENDING: "dim",
    State.ACTIVE: "cyan",
    State.FAILED: "yellow",
    State.COMPLETED: "green",
}


@contextmanager
def opened(*, moving: bool) -> Iterator[Show]:
    """Something to show progress with, for as long as the block lasts."""
    if not moving:
        yield _Lines().show
        return
    from rich.live import Live

    with Live(refresh_per_second=10) as live:
        yield lambda films: live.update(table(films))


def table(films: Sequence[Progress]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for film in films:
        colour = COLOURS.get(film.state, "dim") if film.state else "dim"
        table.add_row(Text(film.title), _bar(film), Text(film.text, style=colour))
    return table


def _bar(film: Progress) -> "ProgressBar":
    from rich.progress_bar import ProgressBar

    share = (film.item.progress or 0.0) if film.item else 0.0
    return ProgressBar(total=1, completed=1.0 if film.state is State.COMPLETED else share, width=24)


class _Lines:
    """Prints what is new in each look; progress only every quarter."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}

    def show(self, films: list[Progress]) -> None:
        for film in films:
            text = _by_quarters(film)
            if self._last.get(film.title) != text:
                self._last[film.title] = text
                click.echo(f"{film.title}: {text}")


def _by_quarters(film: Progress) -> str:
    if film.item and film.item.handle and film.state is State.ACTIVE:
        return f"downloading {int((film.item.progress or 0) * 4) * 25}%"
    return "failed, tried again soon" if film.state is State.FAILED else film.text


def tell(world: World, outcome: Outcome, out: TextIO | None = None) -> None:
    """What came of it, and where to look."""

    def say(line: str) -> None:
        click.echo(line, file=out)

    for film in outcome.films:
        for refusal in film.refusals:
            say(f"not accepted: {refusal}")
        for failure in film.failures:
            say(f"retried: {film.title}, after: {failure}")
    for problem in outcome.problems:
        say(f"went wrong: {problem}")
    say(f"\n{world.library}")
    for line in _tree(world.library, ""):
        say(line)
    arrived = sum(film.state is State.COMPLETED for film in outcome.films)
    say(
        f"\n{arrived} of {len(outcome.films)} films are in the library after "
        f"{outcome.seconds:.0f} s, each a second name (hard link) of its download."
    )
    say(f"What the program kept: jq . {world.home}/queue_completed.json")
    say(f"Its own words:         {world.folder}/program.log")
    say(f"When you have seen it: rm -r {world.folder}")


def _tree(folder: Path, indent: str) -> Iterator[str]:
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    for number, entry in enumerate(entries, 1):
        last = number == len(entries)
        yield f"{indent}{'└── ' if last else '├── '}{entry.name}"
        if entry.is_dir():
            yield from _tree(Path(entry.path), f"{indent}{'    ' if last else '│   '}")
