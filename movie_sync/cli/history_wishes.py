"""What the commands of the history share: what they look into, and how a wish is fulfilled."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from movie_sync import control, wiring_history
from movie_sync.cli import output
from movie_sync.cli.context import Context

if TYPE_CHECKING:
    from movie_sync.history.running import History
    from movie_sync.history.store import HistoryStore

ANSWER_S = 300.0  # a wish may ask Trakt before it answers
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def wish(context: Context, wish_: str, *, as_json: bool, **request: Any) -> dict[str, Any]:
    """Have it done by the running program, or here, and say what came of it."""
    answer = perform(context, wish_, **request)
    click.echo(output.json(answer) if as_json else answer["sentence"])
    return answer


def perform(context: Context, wish: str, **request: Any) -> dict[str, Any]:
    """Raises MovieSyncError: it could not be done."""
    answer = asked(context, wish, **request)
    if answer is not None:
        return answer
    from movie_sync.history.wishes import perform as fulfil

    with alone(context) as history:
        return fulfil(history, {"wish": wish, **request})


def asked(context: Context, wish: str, **request: Any) -> dict[str, Any] | None:
    """The running program's answer; None where none runs."""
    answer = control.ask(context.home, answer_s=ANSWER_S, do="history", wish=wish, **request)
    return None if answer is None else {k: v for k, v in answer.items() if k != "ok"}


@contextmanager
def alone(context: Context) -> "Iterator[History]":
    """The history, while no program runs."""
    config, stop = context.loaded().config, threading.Event()
    with wiring_history.alone(config, context.home, context.credentials(), stop) as history:
        yield history


@contextmanager
def stored(context: Context) -> "Iterator[HistoryStore]":
    """What is stored, to look at, whether or not a program runs."""
    config = context.loaded().config
    with wiring_history.stored(config, context.home, context.credentials()) as store:
        yield store
