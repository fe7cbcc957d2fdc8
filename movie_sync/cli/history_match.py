"""`history match`: which film or show something of Viki's is, by itself or by your word."""

from typing import Any

import click
import msgspec

from movie_sync.cli import history_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.history_wishes import JSON, stored, wish
from movie_sync.library_models import Kind

STATES = ("review", "none", "new", "matched")
KIND = click.Choice([str(kind) for kind in Kind])


@click.group("match")
def command() -> None:
    """Say which film or show something of Viki's is; see what is said of it."""


@command.command("list")
@click.option(
    "--state",
    type=click.Choice(STATES),
    help="Waiting for your word (review), without any match (none), not asked yet (new), or "
    "matched; else all that are not matched.",
)
@click.option("--matched", is_flag=True, help="The same as --state matched.")
@click.option("--after", default="", metavar="VIKI", help="Go on behind this one.")
@click.option("--limit", default=20, type=click.IntRange(1, 1000), show_default=True,
              help="How many are listed.")  # fmt: skip
@JSON
@pass_context
def list_(
    context: Context, /, state: str | None, *, matched: bool, after: str, limit: int, as_json: bool
) -> None:
    """List what Viki shows, with what it may be; and other questions."""
    from movie_sync.views import history_inbox as views

    with stored(context) as store:
        state = "matched" if matched else state
        found = views.inbox(store, state, after, limit) if state else _open(store, after, limit)
    if as_json:
        click.echo(output.json(found))
        return
    lines = [*screen.unmatched_lines(found.unmatched), *screen.question_lines(found.questions)]
    for line in lines or ["there is none"]:
        click.echo(line)
    if found.next:
        click.echo(f"there is more: --after {found.next}")


def _open(store: Any, after: str, limit: int) -> Any:
    """All that is not matched, by number."""
    from movie_sync.views import history_inbox as views

    rows = store.unmatched(after_id=after, limit=limit + 1)
    found = [views.container(store, row.container.id).container for row in rows[:limit]]
    inbox = views.inbox(store, "review", limit=1)
    return msgspec.structs.replace(
        inbox,
        unmatched=tuple(found),
        questions=() if after else inbox.questions,
        next=rows[limit - 1].container.id if len(rows) > limit else None,
    )


@command.command()
@click.argument("viki")
@JSON
@pass_context
def show(context: Context, viki: str, as_json: bool) -> None:
    """Tell what VIKI, by its id, is taken for, and everything that was ever said of it."""
    from movie_sync.views import history_inbox as views

    with stored(context) as store:
        found = views.container(store, viki)
    if as_json:
        click.echo(output.json(found))
        return
    for line in screen.match_lines(found):
        click.echo(line)


@command.command("set")
@click.argument("viki")
@click.argument("trakt", required=False, metavar="[TRAKT]")
@click.option("--tmdb", help="Its number at TMDB, in place of Trakt's.")
@click.option("--imdb", help="Its id at IMDb, with the tt.")
@click.option("--tvdb", help="Its number at TheTVDB.")
@click.option("--kind", type=KIND, help="Else as Viki has it.")
@click.option("--season", type=click.IntRange(0), help="The season that it is there.")
@click.option("--offset", type=int, help="To add to its numbers of episodes.")
@JSON
@pass_context
def set_(context: Context, /, viki: str, trakt: str | None, as_json: bool, **said: Any) -> None:
    """Say that VIKI is TRAKT, by its number there or as one of the proposed ("trakt:245986").

    It counts for ever, and is never changed by itself; `match clear` takes it back.
    """
    given = {name: value for name, value in said.items() if value is not None}
    if trakt and ":" in trakt:
        wish(context, "match-choose", as_json=as_json, viki=viki, key=trakt)
        return
    if trakt:
        given["trakt"] = trakt
    if not any(given.get(one) for one in ("trakt", "tmdb", "imdb", "tvdb")):
        raise click.UsageError("say what it is: by TRAKT, --tmdb, --imdb or --tvdb")
    wish(context, "match-set", as_json=as_json, viki=viki, **given)


@command.command()
@click.argument("viki")
@JSON
@pass_context
def clear(context: Context, viki: str, as_json: bool) -> None:
    """Take the match of VIKI away; you are then asked, and nothing is taken by itself."""
    wish(context, "match-clear", as_json=as_json, viki=viki)


@command.command()
@click.argument("question", type=click.IntRange(1))
@click.argument("title", type=click.IntRange(1))
@JSON
@pass_context
def settle(context: Context, question: int, title: int, as_json: bool) -> None:
    """Say which TITLE of the library is meant, by the number of the QUESTION."""
    wish(context, "settle", as_json=as_json, question=question, title=title)
