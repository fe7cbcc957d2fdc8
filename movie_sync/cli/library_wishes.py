"""What the commands of the library share: what they look into, and how a wish is fulfilled."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from movie_sync import control, wiring_library
from movie_sync.cli import output
from movie_sync.cli.context import Context
from movie_sync.library_models import Kind
from movie_sync.running import cautious

if TYPE_CHECKING:
    from movie_sync.library.store import LibraryStore

KIND = click.Choice([str(kind) for kind in Kind])
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_MEANT = (
    click.option("--tmdb", "tmdb_id", type=click.IntRange(1), help="It is this one of TMDB."),
    click.option("--title-id", type=click.IntRange(1), help="It is this one of the library."),
    click.option("--name", "title", help="It is called so; with --year."),
    click.option("--year", type=click.IntRange(1850, 2200), help="When it came out first."),
    click.option("--kind", type=KIND, help="Whether it is a film or a show."),
    click.option("--season", type=click.IntRange(0), help="Of the episode; 0 for specials."),
    click.option(
        "--episode", "episodes", multiple=True, type=click.IntRange(0), help="Its number."
    ),
)


def meant(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which a person says which title is meant."""
    for option in reversed(_MEANT):
        command = option(command)
    return command


def wish(context: Context, wish_: str, *, as_json: bool, **request: Any) -> None:
    """Have it done by the running program, or here; exits with 1 where there was nothing to do."""
    answer = perform(context, wish_, **request)
    click.echo(output.json(answer) if as_json else answer["sentence"])
    if answer.get("choice") is not None and wish_ != "undo" and not as_json:
        click.echo(f"to take it back: library review undo {answer['choice']}")
    sys.exit(0 if answer.get("choice") is not None else 1)


def perform(context: Context, wish: str, **request: Any) -> dict[str, Any]:
    """Raises MovieSyncError: it could not be done."""
    answer = control.ask(context.home, do="library", wish=wish, **request)
    if answer is not None:
        return answer
    from movie_sync.library.wishes import perform as fulfil

    config, stop = cautious(context.loaded()), threading.Event()
    with wiring_library.alone(config, context.home, context.credentials(), stop) as library:
        answer = fulfil(library, {"wish": wish, **request})
        library.recognise(datetime.now(UTC))
    return answer


def chosen_of(chosen: Mapping[str, Any], kind: str | None) -> dict[str, Any]:
    """The title that is meant, as a wish names it."""
    if not any(chosen[name] for name in ("tmdb_id", "title_id", "title")):
        raise click.UsageError("say what it is, by --tmdb, --title-id or --name")
    told = {name: value for name, value in chosen.items() if value not in (None, ())}
    return told | ({"kind": kind} if kind else {})


@contextmanager
def stored(context: Context) -> "Iterator[LibraryStore]":
    config = cautious(context.loaded())
    with wiring_library.stored(config, context.home, context.credentials()) as store:
        yield store
