"""What the Tab key offers for each argument: films, releases, lists, versions and credentials.

Runs at each press of the key, so it reads files alone, asks nobody, loads the one command that is
typed, and is silent where something is amiss. Writes nothing.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, shell_complete
from click.types import StringParamType

from movie_sync.cli import COMMANDS, completing_library, completion
from movie_sync.errors import MovieSyncError
from movie_sync.models import FILM, Item, State

if TYPE_CHECKING:
    from movie_sync.settings import Config

LONGEST_HELP = 60  # characters; beyond, shells show it in one column
MOST_SHOWS = 50


def complete(command: click.Group) -> int:
    """Answer a shell, or print its script; returns the exit code."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a half typed line is no place for errors
    asked = os.environ[completion.VARIABLE]
    completion.register()
    for name in COMMANDS.keys() & set(os.environ.get("COMP_WORDS", "").split()):
        _furnish(command.get_command(click.Context(command), name), name)
    return shell_complete(command, {}, completion.PROGRAM, completion.VARIABLE, asked)


def _furnish(command: click.Command | None, path: str) -> None:
    """Have the arguments and options of a command offer what the table has for them."""
    for param in command.params if command else ():
        if offers := OFFERED.get((path, param.name or "")):
            param.type = offers if isinstance(offers, click.Path) else Offered(offers)
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            _furnish(below, f"{path} {name}")


class Place:
    """Where on the line a person is: what was said before, and the home that it is about."""

    def __init__(self, context: click.Context) -> None:
        self._root = context.find_root().params
        self.said = context.params

    @cached_property
    def home(self) -> Path:
        from movie_sync.config import DEFAULT_HOME, folder

        return folder(self._root.get("home") or os.environ.get("MOVIE_SYNC_HOME") or DEFAULT_HOME)

    @cached_property
    def config(self) -> "Config":
        from movie_sync import config

        return config.load(self.home, os.environ, {}, self._root.get("config_path")).config

    @cached_property
    def items(self) -> list[tuple[State, Item]]:
        from movie_sync.queue_load import load

        found, _ = load(self.home, reader=True)
        everything = [(state, item) for state in State for item in found[state].values()]
        return [(state, item) for state, item in everything if item.kind == FILM]

    def film(self) -> Item | None:
        """The one that the word before names."""
        from movie_sync.actions import find_in

        return find_in(self.items, self.said["name"])[1] if self.said.get("name") else None


Offer = tuple[str, str]  # a value, and what a person knows it by
Offers = Callable[[Place, str], Iterable[Offer]]  # told what is typed of it


class Offered(StringParamType):
    """Any text; these values are offered for it."""

    def __init__(self, offers: Offers) -> None:
        self._offers = offers

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        place = Place(ctx)
        try:
            offers = list(self._offers(place, incomplete)) if place.home.is_dir() else []
        except (MovieSyncError, OSError):
            return []
        return [CompletionItem(v, help=_short(what)) for v, what in _fitting(offers, incomplete)]


def _fitting(offers: list[Offer], begun: str) -> list[Offer]:
    """Those that begin so, or where none does, those that do but for capitals."""
    exact = [offer for offer in offers if offer[0].startswith(begun)]
    return exact or [each for each in offers if each[0].casefold().startswith(begun.casefold())]


def _short(text: str) -> str | None:
    text = " ".join(text.split())
    cut = text if len(text) <= LONGEST_HELP else f"{text[: LONGEST_HELP - 1]}…"
    return cut or None


def _films(*states: State) -> Callable[[Place, str], Iterator[Offer]]:
    """Titles, or ids where one is begun and where several films have one title."""

    def offers(place: Place, begun: str) -> Iterator[Offer]:
        titles = Counter(item.title for _, item in place.items)
        for state, item in place.items:
            if states and state not in states:
                continue
            once = titles[item.title] == 1
            if once:
                yield item.title, item.last_error or item.step or state
            if not once or (begun and item.id.startswith(begun)):
                yield item.id, item.title

    return offers


def _shows(state: str | None = None) -> Callable[[Place, str], Iterator[Offer]]:
    """Titles of shows, of those in one state first where there are any."""

    def offers(place: Place, begun: str) -> Iterator[Offer]:
        from movie_sync.credentials import Credentials
        from movie_sync.shows.verdict import ShowState
        from movie_sync.wiring_shows import catalogue

        with catalogue(place.config, place.home, Credentials(place.home, os.environ)) as store:
            found = store.list(ShowState(state), begun, MOST_SHOWS) if state else []
            found = found or store.list(None, begun, MOST_SHOWS)
        yield from ((show.title, str(row.state)) for show, row in found)

    return offers


def _selections(place: Place, _: str) -> Iterator[Offer]:
    from movie_sync.shows.selection import rules

    yield from ((rule.name, "") for rule in rules(place.config.shows).selections)


def _releases(place: Place, _: str) -> Iterator[Offer]:
    """Of the last search."""
    from movie_sync.films.story import Stories

    film = place.film()
    for event in reversed(Stories(place.home / "stories").read(film.id) if film else []):
        if event.releases:
            for each in event.releases:
                yield f"{each['indexer']}:{each['id']}", each["name"]
            return


def _blocked(place: Place, _: str) -> Iterator[Offer]:
    film = place.film()
    for each in film.data.get("blocked", ()) if film else ():
        yield each["release"], each["name"]


def _removed_from_library(place: Place, _: str) -> Iterator[Offer]:
    from movie_sync.films.undo import CLEANED

    for _state, item in place.items:
        if CLEANED in item.data:
            yield item.title, item.id


def _lists(place: Place, _: str) -> Iterator[Offer]:
    """Watchlists; first those with which something is wrong."""
    from movie_sync.films import watchlists

    listed = watchlists.read(place.home / "watchlist.json")
    for name, one in sorted(listed.items(), key=lambda each: not each[1].problem):
        yield name, one.problem or f"{len(one.films)} films"


def _earlier_files(place: Place, _: str) -> Iterator[Offer]:
    from movie_sync.queue_generations import generations

    for one in generations(place.home, State(place.said["state"])):
        yield one.path.name, one.fault or f"{one.items} items"


def _versions(place: Place, _: str) -> Iterator[Offer]:
    for name in place.config.versions:
        yield name, ""


def _profiles(place: Place, begun: str) -> Iterator[Offer]:
    from movie_sync.cli.simulate import PRESETS

    yield from ((name, "") for name in PRESETS)
    yield from _versions(place, begun)


def _credentials(place: Place, _: str) -> Iterator[Offer]:
    from movie_sync.credentials import asked, where

    for name in asked(place.config):
        yield name, where(name)


def _stored_credentials(place: Place, _: str) -> Iterator[Offer]:
    from movie_sync.credentials import Credentials

    yield from Credentials(place.home, {}).names(())


def _told(place: Place, _: str) -> Iterator[Offer]:
    """Who is told of what happens."""
    from movie_sync import wiring_errands
    from movie_sync.credentials import Credentials
    from movie_sync.http import Pacer

    credentials = Credentials(place.home, os.environ)
    for ways in (wiring_errands.messengers, wiring_errands.media_servers):
        for way, _login in ways(place.config, credentials, Pacer()):
            yield way.name, ""


def _keys(place: Place, _: str) -> Iterator[Offer]:
    from movie_sync.access import Access

    keys = Access(place.home).keys()
    yield from ((key.id, key.name) for key in keys)


def _parts(_: Place, begun: str) -> Iterator[Offer]:
    """Of a backup, parted by commas."""
    from movie_sync.backup_archive import PARTS

    before = begun[: begun.rfind(",") + 1]
    yield from ((f"{before}{part}", "") for part in PARTS if part not in before.split(","))


# (command, parameter) -> what is offered for it, where its type does not tell.
OFFERED: dict[tuple[str, str], Offers | click.Path] = {
    ("alias", "name"): _films(),
    ("block", "name"): _films(State.PENDING, State.ACTIVE, State.FAILED, State.COMPLETED),
    ("block", "release"): _releases,
    ("cleanup undo", "name"): _removed_from_library,
    ("credentials remove", "name"): _stored_credentials,
    ("credentials set", "name"): _credentials,
    ("export", "file"): click.Path(),
    ("grab", "name"): _films(State.PENDING, State.FAILED, State.COMPLETED),
    ("grab", "release"): _releases,
    **completing_library.OFFERED,
    ("notify test", "name"): _told,
    ("queue remove", "name"): _films(State.PENDING, State.ACTIVE, State.FAILED, State.COMPLETED),
    ("queue restore", "name"): _films(State.REMOVED),
    ("queue restore-file", "name"): _earlier_files,
    ("queue retry", "name"): _films(State.FAILED),
    ("queue skip", "name"): _films(State.PENDING, State.FAILED),
    ("report", "file"): click.Path(),
    ("restore", "only"): _parts,
    ("search", "title"): _films(),
    ("search", "version"): _versions,
    ("shows approve", "names"): _shows("review"),
    ("shows lists", "selection"): _selections,
    ("shows reject", "names"): _shows("review"),
    ("shows skip", "names"): _shows(),
    ("shows why", "name"): _shows(),
    ("simulate", "profiles"): _profiles,
    ("unblock", "name"): _films(),
    ("unblock", "release"): _blocked,
    ("watchlist confirm", "source"): _lists,
    ("web keys remove", "key_id"): _keys,
    ("why", "name"): _films(),
}
