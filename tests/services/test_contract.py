"""What every service owes: a failure is an error named for what to do, and never an empty answer.

To add a service, add a row to SERVICES for each of its calls that reads something.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from movie_sync import services, settings
from movie_sync.budgets import Budget
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    MovieSyncError,
    NotAuthorised,
    NotFound,
    Unavailable,
)
from movie_sync.http import Http, Pacer
from movie_sync.services.archive_org import ArchiveOrg
from movie_sync.services.filelist import FileList
from movie_sync.services.letterboxd import Letterboxd
from movie_sync.services.lists import PlainList
from movie_sync.services.qbittorrent import QBittorrent
from movie_sync.services.tmdb import Tmdb
from movie_sync.services.torznab import Torznab
from tests import make
from tests.wire import BROKEN_OFF, HUNG_UP, Server, answer, silence

pytestmark = pytest.mark.slow

HTML = "text/html; charset=utf-8"
PAGE = b"<!DOCTYPE html><html><title>Hello</title><body><p>We are moving house.</p></body></html>"
WAYS = {
    "503": answer(503, PAGE, HTML),
    "401": answer(401, b"{}"),
    "429": answer(429, b"{}", Retry_After="60"),
    "a page": answer(200, PAGE, HTML),
    "broken off": BROKEN_OFF,
    "silence": silence,
    "hung up": HUNG_UP,
    "nothing": answer(200, b""),
    "an empty object": answer(200, b"{}"),
}
ERRORS: dict[str, type[MovieSyncError]] = {
    "503": Unavailable,
    "401": NotAuthorised,
    "429": Unavailable,
    "a page": BadAnswer,
    "broken off": Unavailable,
    "silence": Unavailable,
    "hung up": Unavailable,
    "nothing": BadAnswer,
    "an empty object": BadAnswer,
}
# By service or by call. Where no login is needed a 401 comes from something in front of it.
OF_ITS_OWN: dict[tuple[str, str], type[MovieSyncError]] = {
    ("letterboxd", "401"): Blocked,
    ("archive_org", "401"): Blocked,
    ("archive_org.fetch", "an empty object"): NotFound,  # its way to say so
}
# It waits 15 s, and knows no rate limit.
NOT_TRIED = [("qbittorrent", "silence"), ("qbittorrent", "429")]

Call = Callable[[], object]


class Opened:
    """Makes services for one test, and closes them after it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._closers: list[Call] = []

    def http(self, name: str, url: str) -> Http:
        budget = Budget(self._folder, name, 150, 3600)
        pacer = Pacer(lambda seconds: None)
        http = Http(name, url, pacer=pacer, budget=budget, timeout_s=(1.0, 0.1), tries=1)
        self._closers.append(http.close)
        return http

    def filelist(self, url: str) -> FileList:
        return FileList(self.http("filelist", url), settings.FileList(username="ann"), "0" * 32)

    def letterboxd(self, url: str) -> Letterboxd:
        return Letterboxd(self.http("letterboxd", url))

    def qbittorrent(self, url: str) -> QBittorrent:
        client = QBittorrent(settings.QBittorrent(url=url), "secret", settings.Seeding())
        self._closers.append(client.close)
        return client

    def archive_org(self, url: str) -> ArchiveOrg:
        return ArchiveOrg(self.http("archive_org", url))

    def tmdb(self, url: str) -> Tmdb:
        return Tmdb(self.http("tmdb", url), "0" * 32)

    def torznab(self, url: str) -> Torznab:
        return Torznab("nas", self.http("nas", url), settings.Torznab(url=url), "0" * 32)

    def close(self) -> None:
        for close in self._closers:
            close()


FILM = make.film(slug="film-1", imdb_id="tt0000001")
SERVICES: dict[str, Callable[[Opened, str], object]] = {
    "archive_org.search": lambda at, url: at.archive_org(url).search(FILM),
    "archive_org.latest": lambda at, url: at.archive_org(url).latest(),
    "archive_org.fetch": lambda at, url: at.archive_org(url).fetch(make.release()),
    "archive_org.check": lambda at, url: at.archive_org(url).check(),
    "filelist.search": lambda at, url: at.filelist(url).search(FILM),
    "filelist.latest": lambda at, url: at.filelist(url).latest(),
    "filelist.fetch": lambda at, url: at.filelist(url).fetch(make.release()),
    "filelist.check": lambda at, url: at.filelist(url).check(),
    "letterboxd.watchlist": lambda at, url: at.letterboxd(url).watchlist("alice").read(),
    "letterboxd.list": lambda at, url: at.letterboxd(url).list(f"{url}/alice/list/best/").read(),
    "letterboxd.facts": lambda at, url: at.letterboxd(url).facts(FILM),
    "lists": lambda at, url: PlainList(f"{url}/films.csv", at.http("list", url)).read(),
    "tmdb.facts": lambda at, url: at.tmdb(url).facts(FILM),
    "tmdb.facts by number": lambda at, url: at.tmdb(url).facts(make.film(tmdb_id=7)),
    "torznab.search": lambda at, url: at.torznab(url).search(FILM),
    "torznab.latest": lambda at, url: at.torznab(url).latest(),
    "torznab.check": lambda at, url: at.torznab(url).check(),
    "qbittorrent.transfers": lambda at, url: at.qbittorrent(url).transfers(["0" * 40]),
}


@pytest.fixture
def opened(tmp_path: Path):
    opened = Opened(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("call", "way"),
    [
        (call, way)
        for call in SERVICES
        for way in WAYS
        if (call.split(".")[0], way) not in NOT_TRIED
    ],
)
def test_a_failure_is_an_error_and_never_an_empty_answer(opened, call, way):
    with Server(WAYS[way]) as server, pytest.raises(MovieSyncError) as caught:
        SERVICES[call](opened, server.url)
    usual = OF_ITS_OWN.get((call.split(".")[0], way), ERRORS[way])
    assert type(caught.value) is OF_ITS_OWN.get((call, way), usual)


def test_every_service_that_asks_the_web_is_held_to_it():
    asks = re.compile(r"^from movie_sync.http import .*\bHttp\b", re.MULTILINE)
    modules = Path(services.__file__).parent.glob("*.py")
    asking = {module.stem for module in modules if asks.search(module.read_text())}
    assert asking <= {call.split(".")[0] for call in SERVICES}
