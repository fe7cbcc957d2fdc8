"""`search`: what the indexers offer for a film, with scores and reasons; nothing is taken."""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from movie_sync.actions import find_in
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.cli.why import release_line
from movie_sync.errors import ConfigError, QueueError
from movie_sync.models import Film, Item, State
from movie_sync.queue_load import load
from movie_sync.settings import Profile

if TYPE_CHECKING:
    from movie_sync.films.asking import Answer


@click.command("search", help=__doc__)
@click.argument("title", metavar="TITLE|ID")
@click.option("--year", type=int, help="Its year, where no queue knows the film.")
@click.option("--imdb", "imdb_id", metavar="tt...", help="Its IMDb id.")
@click.option("--version", "version", metavar="NAME", help="By the profile of this version.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_context
def command(  # noqa: PLR0917 - one argument for each option
    context: Context,
    title: str,
    year: int | None,
    imdb_id: str | None,
    version: str | None,
    as_json: bool,
) -> None:
    item = None if year or imdb_id else _queued(context, title)
    found = _search(context, item, _film(item, title, year, imdb_id), version)
    if as_json:
        click.echo(output.json(found))
        return
    click.echo(f"{found['film']['title']}: {found['summary']}")
    for each in found["releases"]:
        click.echo(f"{release_line(each)}  [{each['indexer']}:{each['id']}]")
    for why in found["silent"]:
        click.echo(f"incomplete: {why}", err=True)
    if item and found["releases"]:
        click.echo(f'take one with `grab "{item.title}" INDEXER:ID`')


def _queued(context: Context, name: str) -> Item | None:
    items, _ = load(context.home, reader=True)
    try:
        return find_in([(s, i) for s in State for i in items[s].values()], name)[1]
    except QueueError:
        return None


def _film(item: Item | None, title: str, year: int | None, imdb_id: str | None) -> Film:
    from movie_sync.films.items import film_of

    if item:
        return film_of(item)
    return Film(key="title:asked", title=title, year=year, imdb_id=imdb_id)


def offered(context: Context, film: Film) -> tuple[Film, "Answer"]:
    """The film as all sources know it, and what every indexer offers for it.

    Raises:
        ConfigError: no indexer is set up.
        ServiceError: none of them answers.
    """
    from movie_sync import wiring
    from movie_sync.films.asking import ask_all
    from movie_sync.films.identity import look_up

    config, credentials = context.loaded().config, context.credentials()
    pace = wiring.pacer(threading.Event())
    indexers = wiring.indexers(config, context.home, credentials, pace)
    if not indexers:
        raise ConfigError(wiring.no_indexer(config))
    _, facts = wiring.watchlists(config, context.home, pace)
    facts += wiring.film_facts(config, credentials, pace)
    film = look_up(facts, film, datetime.now(UTC).date())
    return film, ask_all(indexers, film)


def _search(context: Context, item: Item | None, film: Film, version: str | None) -> dict[str, Any]:
    from movie_sync.films import decision
    from movie_sync.films.sync import blocked

    profile = _profile(context, item, version)
    film, answer = offered(context, film)
    kept_away = blocked(item) if item else {}
    now = datetime.now(UTC)
    choice = decision.choose(film, answer.releases, profile, blocked=kept_away, now=now)
    return {
        "film": msgspec.to_builtins(film),
        "summary": f"{choice.why_not()}; {choice.why_best()}" if choice.best else choice.why_not(),
        "releases": decision.explain(choice, most=None),
        "silent": list(answer.silent),
    }


def _profile(context: Context, item: Item | None, version: str | None) -> Profile:
    from movie_sync.films.items import version_of

    config = context.loaded().config
    name = version if version is not None else version_of(item) if item else ""
    if name and name not in config.versions:
        known = ", ".join(config.versions) or "none is set up"
        raise ConfigError(f'there is no version "{name}"; known are {known}')
    return config.versions.get(name, config.profile)
