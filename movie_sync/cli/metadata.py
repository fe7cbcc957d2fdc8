"""What TMDB says of films and shows, and what is kept of it."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from movie_sync import wiring_metadata
from movie_sync.cli import metadata_screen as screen
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.library_models import TMDB_ATTRIBUTION, Kind

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from movie_sync.library.metadata import Metadata
    from movie_sync.library.metadata_cache import MetadataCache

KIND = click.Choice([str(kind) for kind in Kind])
SEASONS = click.IntRange(0, 10_000)


@click.group("metadata", help=__doc__)
def command() -> None:
    pass


@command.command()
@click.argument("kind", type=KIND)
@click.argument("tmdb_id", metavar="ID", type=click.IntRange(1))
@click.option("--season", "seasons", multiple=True, type=SEASONS, help="With its episodes.")
@click.option("--all-seasons", is_flag=True, help="With the episodes of all seasons.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def show(  # noqa: PLR0917 - one argument for each option
    context: Context, kind: str, tmdb_id: int, seasons: tuple[int, ...], all_seasons: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Tell all that TMDB says of a film or show, by its number there."""
    with _asking(context) as metadata:
        if Kind(kind) is Kind.FILM:
            facts = metadata.film(tmdb_id)
        else:
            facts = metadata.show(tmdb_id, "all" if all_seasons else seasons)
    if as_json:
        click.echo(output.json(facts))
        return
    for line in screen.facts_lines(facts):
        click.echo(line)
    click.echo(TMDB_ATTRIBUTION)


@command.command()
@click.argument("text")
@click.option("--kind", type=KIND, help="Only films, or only shows.")
@click.option("--year", type=click.IntRange(1850, 2200), help="When it came out first.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: an array.")
@pass_context
def search(context: Context, text: str, kind: str | None, year: int | None, as_json: bool) -> None:
    """List the films and shows that TMDB has for a title."""
    with _asking(context) as metadata:
        of_kind = Kind(kind) if kind else None
        found = metadata.search(of_kind, text, year, other_titles=False)
    if as_json:
        click.echo(output.json(found))
        return
    for one in found:
        click.echo(screen.suggestion_line(one))
    click.echo(TMDB_ATTRIBUTION if found else f'TMDB has nothing for "{text}"')


@command.group()
def cache() -> None:
    """What TMDB told is kept for an hour to a week, so that it is asked but once."""


@cache.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def stats(context: Context, as_json: bool) -> None:
    """Say how much is kept, of what kind, and how old it is."""
    now = datetime.now(UTC)
    with _cache(context) as kept:
        found = kept.stats(now)
    if as_json:
        click.echo(output.json(msgspec.to_builtins(found)))
        return
    for line in screen.stats_lines(found, now):
        click.echo(line)


@cache.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def clear(context: Context, as_json: bool) -> None:
    """Forget everything that TMDB told; it is asked again when something is needed.

    Facts of titles in the library stay.
    """
    with _cache(context) as kept:
        removed = kept.clear()
    _say_removed(removed, "kept", as_json=as_json)


@cache.command("clear-expired")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def clear_expired(context: Context, as_json: bool) -> None:
    """Forget what is due to be asked again. While TMDB is away it would still have served."""
    with _cache(context) as kept:
        removed = kept.clear_expired(datetime.now(UTC))
    _say_removed(removed, "expired", as_json=as_json)


def _say_removed(removed: int, what: str, *, as_json: bool) -> None:
    some = f"{removed:,} {what} {'answer' if removed == 1 else 'answers'} of TMDB removed"
    told: dict[str, Any] = {"removed": removed}
    click.echo(output.json(told) if as_json else some if removed else f"nothing was {what}")


def _asking(context: Context) -> "AbstractContextManager[Metadata]":
    return wiring_metadata.asking(context.loaded().config, context.home, context.credentials())


def _cache(context: Context) -> "AbstractContextManager[MetadataCache]":
    return wiring_metadata.cache(context.loaded().config, context.home, context.credentials())
