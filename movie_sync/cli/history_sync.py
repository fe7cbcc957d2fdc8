"""`history refresh` and `history sync`: who is asked, what that came to, and what Trakt is told."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from movie_sync.cli import history_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.history_wishes import JSON, alone, asked, perform
from movie_sync.errors import MovieSyncError

if TYPE_CHECKING:
    from movie_sync.history.running import History


@click.command()
@click.option("--force", is_flag=True, help="Everything, whether it changed or not.")
@JSON
@pass_context
def refresh(context: Context, force: bool, as_json: bool) -> None:
    """Read what is new at Trakt and Viki; match nothing, and tell nobody of anything."""
    from movie_sync.history.looks import READ

    _look(context, "refresh", READ, force=force, push=False, as_json=as_json)


@click.command()
@click.option("--force-refresh", is_flag=True, help="Everything, whether it changed or not.")
@click.option("--dry-run", is_flag=True, help="Say what Trakt would be told now; change nothing.")
@click.option("--go-on", is_flag=True, help="What stopped the telling is right, or mended.")
@JSON
@pass_context
def sync(context: Context, force_refresh: bool, dry_run: bool, go_on: bool, as_json: bool) -> None:
    """Read what is new, match it, and tell Trakt what was watched elsewhere.

    Where no program runs it is done here, to its end. Exits with 1 where something failed; what
    was read before is kept, and nothing is told twice.
    """
    from movie_sync.history.looks import SYNCED

    if dry_run:
        _dry_run(context, as_json=as_json)
        return
    if go_on:
        perform(context, "go-on")
    _look(context, "sync", SYNCED, force=force_refresh, push=True, as_json=as_json)


def _look(
    context: Context, wish: str, names: tuple[str, ...], *, force: bool, push: bool, as_json: bool
) -> None:
    answer = asked(context, wish, force=force)
    if answer is not None:
        click.echo(output.json(answer) if as_json else f"the running program: {answer['sentence']}")
        return
    from movie_sync.history.wishes import NOBODY

    with alone(context) as history:
        done = history.look(datetime.now(UTC), force=force, names=names)
        told = _push(history) if push and history.pushes else None
        counts = history.store.counts()
    failed = (told and told["problem"]) or any(one.ran.problem for one in done)
    if as_json:
        click.echo(output.json({"done": done, "told": told, "counts": counts}))
    else:
        lines = [*screen.done_lines(done), *([told["sentence"]] if told else [])]
        for line in (*(lines or [NOBODY]), *screen.counts_lines(counts)):
            click.echo(line)
    sys.exit(1 if failed else 0)


def _push(history: "History") -> dict[str, Any]:
    """What became of telling Trakt, as data with a sentence."""
    from movie_sync.history.push_models import PUSH
    from movie_sync.history.wording import sync_sentence

    before = next(iter(history.store.syncs(kind=PUSH, limit=1)), None)
    problem = None
    try:
        history.push(datetime.now(UTC))
    except MovieSyncError as error:
        problem = str(error)
    assert history.pushing
    problem = problem or history.pushing.problem()
    last = next(iter(history.store.syncs(kind=PUSH, limit=1)), None)
    new = last if last and (before is None or last.id != before.id) else None
    said = sync_sentence(new) if new else "Trakt: nothing to tell"
    sentence = f"needs you: {problem}" if problem else said
    return {"sync": new, "problem": problem, "sentence": sentence}


def _dry_run(context: Context, *, as_json: bool) -> None:
    import msgspec

    from movie_sync.history.push_models import Proposal

    answer = asked(context, "dry-run")
    if answer is not None:
        found = msgspec.convert(answer["proposal"], Proposal)
    else:
        with alone(context) as history:
            found = history.require_pushing().dry_run(datetime.now(UTC))
    if as_json:
        click.echo(output.json(found))
        return
    for line in screen.proposal_lines(found):
        click.echo(line)
