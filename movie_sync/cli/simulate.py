"""`simulate`: what each preset would take for the films that are wanted now; nothing is taken.

Looks at what the last search for each film found; `--ask` asks the indexers anew.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import click
import msgspec
from msgspec.structs import replace

from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.films.items import KIND, film_of
from movie_sync.films.space import sized
from movie_sync.models import Item, Release, State
from movie_sync.queue_load import in_order, load
from movie_sync.views.standing import facts as facts_of

PRESETS = ("small", "balanced", "best")
WANTED = (State.PENDING, State.ACTIVE, State.FAILED)


@click.command("simulate", help=__doc__)
@click.argument("profiles", metavar="[PROFILE]...", nargs=-1)
@click.option("--ask", is_flag=True, help="Ask the indexers, which spends from their budgets.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def command(context: Context, profiles: Sequence[str], ask: bool, as_json: bool) -> None:
    items, _ = load(context.home, reader=True)
    waiting = (item for state in WANTED for item in in_order(state, items[state]))
    wanted = [item for item in waiting if item.kind == KIND]
    rows = list(_rows(context, wanted, profiles or PRESETS, ask=ask))
    if as_json:
        click.echo(output.json(rows))
        return
    for row in rows:
        click.echo(row["title"] + (f": {row['problem']}" if row.get("problem") else ""))
        for name, pick in row["picks"].items():
            click.echo(f"    {name:<9} {_said(pick)}")
    if not rows:
        click.echo("no film is waiting to be found")
        return
    for name in profiles or PRESETS:
        sizes = [row["picks"][name].get("size_bytes", 0) for row in rows if row["picks"]]
        found = sum(1 for size in sizes if size)
        click.echo(f"{name}: {found} of {len(rows)} films, {sized(sum(sizes))}")


def _rows(
    context: Context, wanted: Sequence[Item], names: Sequence[str], *, ask: bool
) -> Iterator[dict[str, Any]]:
    from movie_sync.films import decision
    from movie_sync.films.sync import blocked

    chosen = {name: _profile(context, name) for name in names}
    for item in wanted:
        row: dict[str, Any] = {"id": item.id, "title": item.title, "picks": {}}
        releases, problem = _releases(context, item, ask=ask)
        if problem:
            row["problem"] = problem
        for name, profile in chosen.items() if not problem else ():
            choice = decision.choose(
                film_of(item), releases, profile, blocked=blocked(item), now=datetime.now(UTC)
            )
            best = choice.best
            row["picks"][name] = msgspec.to_builtins(best) if best else {"why": choice.why_not()}
        yield row


def _profile(context: Context, name: str) -> Any:
    """A preset with the rest of the person's own settings, or the profile of a version."""
    config = context.loaded().config
    if name in PRESETS:
        own = config.profile
        return replace(
            own, preset=name, qualities=(), cutoff="", hdr=None,
            min_mib_per_minute=None, max_mib_per_minute=None, aim_mib_per_minute=None,
        )  # fmt: skip
    if name in config.versions:
        return config.versions[name]
    known = ", ".join((*PRESETS, *config.versions))
    raise click.BadParameter(f'there is no profile "{name}"; known are {known}')


def _releases(context: Context, item: Item, *, ask: bool) -> tuple[list[Release], str | None]:
    """What was offered for it, or why that is not known."""
    if ask:
        from movie_sync.cli.search import askable
        from movie_sync.films.offers import asked

        facts, indexers = askable(context)
        film, now = film_of(item), datetime.now(UTC)
        return list(asked(film, now, facts=facts, indexers=indexers)[1].releases), None
    from movie_sync.films.story import Stories

    for event in reversed(Stories(context.home / "stories").read(item.id)):
        if event.releases:
            return [msgspec.convert(each, Release) for each in event.releases], None
    return [], "not searched yet, or nothing was offered; --ask asks now"


def _said(pick: dict[str, Any]) -> str:
    if "name" not in pick:
        return f"nothing: {pick['why']}"
    return f"{pick['name']} ({', '.join(facts_of(pick))})"
