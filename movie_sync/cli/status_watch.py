"""`status --watch` and `status --health`: what goes on, for as long as a person looks, and whether
the program lives, for whoever starts it again.

On a terminal the whole picture moves; elsewhere there is a line for each thing that changes, so
that a file or a log of it can be read. The queues are read again only when they were written.
"""

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from movie_sync import control
from movie_sync.cli import status
from movie_sync.cli.context import Context
from movie_sync.errors import MovieSyncError
from movie_sync.films.items import KIND
from movie_sync.models import State
from movie_sync.queue_files import path_of, stamp_of
from movie_sync.queue_load import Items, load

if TYPE_CHECKING:
    from rich.console import Group, RenderableType

EVERY_S = 1.0
FADING = {"stalled_s", "replaced_in_s", "eta_s"}  # they change while nothing happens

NEEDS_YOU = "needs you: "

Found = dict[str, Any]
Show = Callable[[Found, Items], object]


def watch(context: Context, *, as_json: bool, sleep: Callable[[float], object] = time.sleep) -> int:
    """Show it until Ctrl+C; returns the exit code."""
    looks = Looks(context)
    try:
        with _screen(as_json=as_json) as show:
            while True:
                show(*looks.look())
                sleep(EVERY_S)
    except KeyboardInterrupt:
        return 0


def health(home: Path) -> int:
    """Say in one line whether the program runs, its workers are alive and nothing that is switched
    on is unavailable; 1 where not."""
    try:
        answer = control.ask(home, do="status")
    except MovieSyncError as error:
        click.echo(str(error))
        return 1
    alive = answer is not None and answer.get("alive", True)
    words = "runs" if alive else "is not running" if answer is None else "runs, but hangs"
    lacking = answer.get("unavailable", []) if answer else []
    click.echo("; but ".join([f"Movie Sync {words}", *lacking]))
    return 0 if alive and not lacking else 1


class Looks:
    """Looks at a home, again and again."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._items: Items = {}
        self._stamps: list[object] | None = None

    def look(self) -> tuple[Found, Items]:
        home = self._context.home
        files = [path_of(home, state) for state in State] + [home / "queue.journal"]
        stamps = [stamp_of(path) for path in files]
        if stamps != self._stamps:  # taken before reading, so that no writing is missed
            self._items, _ = load(home, reader=True)
            self._stamps = [*stamps]
        return status.gather(self._context, self._items), self._items


def _screen(*, as_json: bool) -> AbstractContextManager[Show]:
    if as_json:
        return nullcontext(Objects().show)
    if sys.stdout.isatty():
        try:
            return _Picture()
        except ImportError:
            pass
    return nullcontext(Lines().show)


class _Picture(AbstractContextManager[Show]):
    """The whole, drawn anew at each look."""

    def __init__(self) -> None:
        from rich.live import Live

        self._live = Live(auto_refresh=False)

    def __enter__(self) -> Show:
        self._live.start()
        return lambda found, items: self._live.update(
            picture(found, items, datetime.now(UTC)), refresh=True
        )

    def __exit__(self, *_: object) -> None:
        self._live.stop()


def picture(found: Found, items: Items, now: datetime) -> "Group":
    """What a terminal shows: a bar for each film that is loading."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for move in found["moving"]:
        progress, trouble = move.get("progress"), move.get("trouble")
        bar: RenderableType = ProgressBar(total=1, completed=progress or 0.0, width=24)
        percent = "" if progress is None else f"{progress:.0%}"
        words = [f"{move['step']}", *status.pace(move), *([trouble] if trouble else [])]
        table.add_row(
            Text(f"  {move['title']}"),
            bar if progress is not None else "",
            Text(percent, justify="right"),
            Text(", ".join(words), style="yellow" if trouble else ""),
        )
    rest = [_line(line) for line in status.rest(found, items, now)]
    return Group(*map(Text, status.head(found)), table, *rest)


def _line(line: str) -> "RenderableType":
    from rich.text import Text

    return Text(line, style="bold yellow" if line.startswith(NEEDS_YOU) else "")


class Lines:
    """Everything at first; then a line, with its time, for each thing that changed."""

    def __init__(self) -> None:
        self._told: dict[str, str] | None = None

    def show(self, found: Found, items: Items) -> None:
        now = datetime.now(UTC)
        told, self._told = self._told, _subjects(found, items)
        if told is None:
            for line in status.lines(found, items, now):
                click.echo(line)
            return
        for subject, line in self._told.items():
            if told.get(subject) != line:
                click.echo(f"{now.astimezone():%H:%M:%S}  {line}")


def _subjects(found: Found, items: Items) -> dict[str, str]:
    """What there is to say of each thing, without anything that only passes."""
    said = dict(zip(("running", "counts"), status.head(found), strict=True))
    films = {state: [i for i in held.values() if i.kind == KIND] for state, held in items.items()}
    for item in films.get(State.FAILED, ()):
        said[item.id] = f"{item.title}: failed: {item.last_error}"
    for item in films.get(State.COMPLETED, ()):
        said[item.id] = f"{item.title}: in the library as {item.data.get('path')}"
    for move in found["moving"]:
        quarters = {"progress": int(move["progress"] * 4) / 4} if move.get("progress") else {}
        facts = {key: move.get(key) for key in ("title", "step", "trouble")}
        said[move["id"]] = status.move_line(facts | quarters).strip()
    for name, one in found["sources"].items():
        count = one.get("films", 0)
        said[f"source {name}"] = f"{name}: {one['problem'] or f'{count} films'}"
    for line in status.rest(found, items, datetime.now(UTC)):
        if line.startswith(NEEDS_YOU):
            said[line] = line
    return said


class Objects:
    """One JSON object a line, whenever something changed."""

    def __init__(self) -> None:
        self._told: object = None

    def show(self, found: Found, items: Items) -> None:
        moving = [{k: v for k, v in move.items() if k not in FADING} for move in found["moving"]]
        news = found | {"moving": moving}
        if news != self._told:
            self._told = news
            click.echo(msgspec.json.encode(found).decode())
