"""`search`: what the indexers offer for a film, with scores and reasons; nothing is taken."""

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from movie_sync.actions import find_in
from movie_sync.cli import output
from movie_sync.cli.context import Context, pass_context
from movie_sync.errors import ConfigError, QueueError
from movie_sync.models import Film, Item, State
from movie_sync.queue_load import load
from movie_sync.settings import Profile
from movie_sync.views.standing import release_line

if TYPE_CHECKING:
    from movie_sync.services import FilmFacts, Indexer


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


def askable(context: Context) -> tuple[list["FilmFacts"], list["Indexer"]]:
    """Who knows more of films, and who offers them. Raises ConfigError: no indexer is set up."""
    from movie_sync import wiring

    config, credentials = context.loaded().config, context.credentials()
    pace = wiring.pacer(threading.Event())
    indexers = wiring.indexers(config, context.home, credentials, pace)
    if not indexers:
        raise ConfigError(wiring.no_indexer(config))
    _, facts = wiring.watchlists(config, context.home, pace)
    return facts + wiring.film_facts(config, credentials, pace), indexers


def _search(context: Context, item: Item | None, film: Film, version: str | None) -> dict[str, Any]:
    from movie_sync.films.offers import offers

    profile = _profile(context, item, version)
    facts, indexers = askable(context)
    return offers(film, item, profile, datetime.now(UTC), facts=facts, indexers=indexers)


def _profile(context: Context, item: Item | None, version: str | None) -> Profile:
    from movie_sync.films.items import version_of

    config = context.loaded().config
    name = version if version is not None else version_of(item) if item else ""
    if name and name not in config.versions:
        known = ", ".join(config.versions) or "none is set up"
        raise ConfigError(f'there is no version "{name}"; known are {known}')
    return config.versions.get(name, config.profile)
