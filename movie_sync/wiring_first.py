"""Which services the first steps ask: the first page of a list, and what an export holds.

Beside `wiring.py` because nothing of it runs with the program.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from movie_sync import wiring
from movie_sync.errors import ServiceError
from movie_sync.http import Http, Pacer
from movie_sync.models import Film, Watchlist
from movie_sync.settings import Config


def is_of_letterboxd(config: Config, address: str) -> bool:
    """Whether an address is read as a list of Letterboxd's, and not as a file."""
    host = urlsplit(address).netloc
    return host in {
        "letterboxd.com",
        "www.letterboxd.com",
        urlsplit(config.letterboxd.base_url).netloc,
    }


def check_list(config: Config, address: str, pace: Pacer) -> str:
    """One sentence on a list, by its first page alone.

    Raises:
        ConfigError: it could be no address of a list.
        ServiceError: it cannot be read.
        FilesError: it is a file, and cannot be read.
    """
    if is_of_letterboxd(config, address):
        listing = wiring.letterboxd(config, pace).list(address)
        first = listing.page_of_films(1)
        count = len(first.films) if first.announced is None else first.announced
        return f"{count} films are on {listing.name}"
    return f"{len(_plain(address, pace).films)} films are on {address}"


def read_export(path: Path) -> Watchlist:
    """As `watchlist import` reads it; raises FilesError."""
    from movie_sync.services.letterboxd_export import read_export as read

    return read(path)


def first_films(config: Config, pace: Pacer, most: int) -> list[Film]:
    """A few films of the lists that are named; a list that does not answer is passed over."""
    return list(islice(_films(config, pace), most))


def _films(config: Config, pace: Pacer) -> Iterator[Film]:
    site = wiring.letterboxd(config, pace)
    users = [name.lower() for name in (config.username, *config.letterboxd.users) if name]
    for listing in (*map(site.watchlist, users), *map(site.list, config.letterboxd.lists)):
        try:
            yield from listing.page_of_films(1).films
        except ServiceError:
            continue
    for address in config.lists:
        try:
            yield from _plain(address, pace).films
        except ServiceError:
            continue


def _plain(address: str, pace: Pacer) -> Watchlist:
    from movie_sync.services.lists import PlainList

    http = Http("list", "", pacer=pace)
    try:
        return PlainList(address, http).read()
    finally:
        http.close()
