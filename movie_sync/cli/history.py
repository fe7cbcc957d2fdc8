"""`history`: what was watched, wherever: kept at home, taken over from Trakt, Viki and files, and
told to Trakt. Looks into the database; what it changes goes through the running program, or is done
here when none runs.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from movie_sync import wiring_history
from movie_sync.cli import history_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.history_import import command as import_
from movie_sync.cli.history_login import trakt, viki
from movie_sync.cli.history_match import command as match
from movie_sync.cli.history_sync import refresh, sync
from movie_sync.cli.history_wishes import JSON, alone, asked, stored
from movie_sync.errors import ConfigError

LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True,
                     help="How many are listed.")  # fmt: skip


@click.group("history", help=__doc__)
def command() -> None:
    pass


for part in (import_, match, refresh, sync, trakt, viki):
    command.add_command(part)


@command.command()
@click.argument("show", required=False)
@click.option("--in-progress", is_flag=True, help="What is begun, and not watched to its end.")
@click.option("--pending", is_flag=True, help="What Trakt is still to be told of.")
@LIMIT
@JSON
@pass_context
def watch(
    context: Context, /, show: str | None, *, limit: int, as_json: bool, **which: bool
) -> None:
    """List what was watched, the latest first; or all of one SHOW or film, by its name, its number
    in the library, or Viki's id."""
    from movie_sync.views import history as views

    lines: Any
    with stored(context) as store:
        if show is not None:
            found: Any = views.title(store, _title_id(store, show), limit=limit)
            lines = screen.title_lines(found)
        elif which["in_progress"]:
            found = views.in_progress(store, limit=limit).rows
            lines = screen.progress_lines(found)
        elif which["pending"]:
            found = _pending(store, limit)
            lines = screen.pending_lines(found)
        else:
            found = views.shelf(store, limit=limit).rows
            lines = screen.shelf_lines(found)
    if as_json:
        click.echo(output.json(found))
        return
    for line in list(lines) or ["there is none"]:
        click.echo(line)


def _pending(store: Any, limit: int) -> list[Any]:
    from movie_sync.history.rows import Sending

    account = store.mark("trakt", "push_account")
    states = (Sending.WAITING, Sending.SENDING, Sending.UNKNOWN)
    return store.outbox("trakt", account, states, limit=limit) if account else []


def _title_id(store: Any, name: str) -> int:
    """Raises NotQueued: nothing is called so."""
    from movie_sync.library.naming import title_of
    from movie_sync.views.history import library_of

    row = store.container(name)
    if row is not None and row.title_id is not None:
        return int(row.title_id)
    return title_of(library_of(store), name).id


@command.command()
@JSON
@pass_context
def status(context: Context, as_json: bool) -> None:
    """Say how much there is, who was asked when, and what needs you."""
    with stored(context) as store:
        counts = store.counts()
        last = {kind: row for kind in _kinds() if (row := _last(store, kind))}
    answer = asked(context, "status") or {}
    trouble = answer.get("trouble", [])
    if as_json:
        click.echo(output.json({"counts": counts, "last": last, "trouble": trouble}))
        return
    for line in (*screen.counts_lines(counts), *screen.log_lines(last.values())):
        click.echo(line)
    for sentence in trouble:
        click.echo(f"needs you: {sentence}")


def _kinds() -> tuple[str, ...]:
    from movie_sync.history.wording import KINDS

    return tuple(KINDS)


def _last(store: Any, kind: str) -> Any:
    return next(iter(store.syncs(kind=kind, limit=1)), None)


@command.command()
@click.argument("sync", type=click.IntRange(1))
@JSON
@pass_context
def undo(context: Context, sync: int, as_json: bool) -> None:
    """Take a SYNC back, by its number in the log: what it told Trakt is removed there, what it
    brought goes here. What others tell of too stays."""
    answer = asked(context, "undo", sync=sync)
    if answer is not None:
        click.echo(output.json(answer) if as_json else f"the running program: {answer['sentence']}")
        return
    with alone(context) as history:
        number = history.undo(sync, datetime.now(UTC))
        while history.undo_step(datetime.now(UTC)):
            pass
        done = history.store.sync(number)
    assert done
    if as_json:
        click.echo(output.json(done))
    else:
        for line in screen.sync_lines(done):
            click.echo(line)
    sys.exit(0 if done.state == "done" else 1)


@command.command()
@click.argument("sync", type=click.IntRange(1), required=False)
@click.option("--before", type=click.IntRange(1), help="Older than this one.")
@LIMIT
@JSON
@pass_context
def log(
    context: Context, /, sync: int | None, before: int | None, limit: int, as_json: bool
) -> None:
    """List what was read and told, the latest first; or all that is known of one SYNC."""
    from movie_sync.views import history as views

    with stored(context) as store:
        if sync is not None:
            found: Any = views.sync(store, sync)
        else:
            found = views.syncs(store, before=before, limit=limit).rows
    if as_json:
        click.echo(output.json(found))
        return
    lines = screen.sync_lines(found) if sync is not None else screen.log_lines(found)
    for line in list(lines) or ["nothing was done yet"]:
        click.echo(line)


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "csv", "letterboxd"]),
              help="Else as FILE is called; letterboxd is what its import takes.")  # fmt: skip
@pass_context
def export(context: Context, file: Path, form: str | None) -> None:
    """Write the whole history to a FILE; plays, ratings and the watchlist. It can be imported."""
    from movie_sync.cli.history_export import write

    with stored(context) as store:
        click.echo(write(store, file, form or ("csv" if file.suffix == ".csv" else "json")))


@command.command()
@JSON
@pass_context
def doctor(context: Context, as_json: bool) -> None:
    """Ask everybody whom the history needs whether they answer, and say how to mend it."""
    import msgspec

    from movie_sync import checks, checks_history

    config, vault = context.loaded().config, context.credentials()
    if not config.history.enabled:
        raise ConfigError(wiring_history.OFF)
    found = []
    for name, test, fix in checks_history.questions(context.home, config, vault):
        one = checks.run(name, test, fix)
        clean = context.redactor.clean(one.sentence)
        found.append(msgspec.structs.replace(one, sentence=clean))
    if as_json:
        click.echo(output.json(found))
    else:
        for one in found:
            click.echo(f"{'well' if one.ok else 'NOT WELL':<9} {one.name}: {one.sentence}")
            if not one.ok and one.fix:
                click.echo(f"{'':<9} -> {one.fix}")
    sys.exit(0 if all(one.ok for one in found) else 1)
