"""What every service owes: a failure is an error named for what to do, and never an empty answer.

To add a service, add a row to SERVICES for each of its calls that reads something.
"""

import logging
import re
import shutil
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from movie_sync import services, settings
from movie_sync.budgets import Budget
from movie_sync.errors import (
    BadAnswer,
    Blocked,
    ConfigError,
    LoggedOut,
    MovieSyncError,
    NotAuthorised,
    NotFound,
    Refused,
    Unavailable,
    Unsure,
)
from movie_sync.giving import SeriesWish
from movie_sync.history_models import Play, Work
from movie_sync.http import Http, Pacer
from movie_sync.http_answers import LONGEST_RETRY_AFTER_S
from movie_sync.library_models import Kind
from movie_sync.login_models import Tokens
from movie_sync.messages import Change
from movie_sync.rates import Rate
from movie_sync.services import tmdb_questions
from movie_sync.services.archive_org import ArchiveOrg
from movie_sync.services.filelist import FileList
from movie_sync.services.jellyfin import Jellyfin
from movie_sync.services.jellyfin_library import JellyfinLibrary
from movie_sync.services.kodi import Kodi
from movie_sync.services.kuryana import Kuryana
from movie_sync.services.letterboxd import Letterboxd
from movie_sync.services.lists import PlainList
from movie_sync.services.ntfy import Ntfy
from movie_sync.services.plex import Plex
from movie_sync.services.plex_library import PlexLibrary
from movie_sync.services.posters import Posters
from movie_sync.services.qbittorrent import QBittorrent
from movie_sync.services.radarr import Radarr
from movie_sync.services.radarr_adding import RadarrAdding
from movie_sync.services.sonarr import Sonarr
from movie_sync.services.tmdb import Tmdb
from movie_sync.services.tmdb_api import TmdbApi
from movie_sync.services.torznab import Torznab
from movie_sync.services.trakt import Trakt
from movie_sync.services.trakt_api import connect
from movie_sync.services.trakt_login import TraktLogin
from movie_sync.services.tvdb import Tvdb
from movie_sync.services.tvmaze import TvMaze
from movie_sync.services.viki import Viki
from movie_sync.services.viki_shapes import VikiLogin
from movie_sync.services.webhook import Webhook
from tests import make
from tests.services.trakt_account import Clock, HeldTokens
from tests.wire import (
    BROKEN_OFF,
    HASTY,
    HUNG_UP,
    Script,
    Server,
    answer,
    bomb,
    drip,
    huge,
    reset,
    silence,
)

pytestmark = pytest.mark.slow

HTML = "text/html; charset=utf-8"
PAGE = b"<!DOCTYPE html><html><title>Hello</title><body><p>We are moving house.</p></body></html>"
CHALLENGE = (
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    b'<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body></html>'
)
SECRET = "5ec4e75e" * 4  # as passkeys and API keys are made
IN_AN_HOUR = {
    "Date": "Mon, 05 Jan 2026 12:00:00 GMT",
    "Retry_After": "Mon, 05 Jan 2026 13:00:00 GMT",
}
MOST_S = 30.0  # however busy the machine is; what drips would be whole after 100 s
MOST_BYTES = 100 << 20  # three times the largest answer that is read
WAYS: dict[str, bytes | Script] = {
    "503": answer(503, PAGE, HTML),
    "401": answer(401, b"{}"),
    "challenge, 403": answer(403, CHALLENGE, HTML, cf_mitigated="challenge"),
    "challenge, 200": answer(200, CHALLENGE, HTML, cf_mitigated="challenge"),
    "429": answer(429, b"{}", Retry_After="60"),
    "429 until a date": answer(429, b"{}", **IN_AN_HOUR),
    "429 for ever": answer(429, b"{}", Retry_After="99999999999"),
    "429 for nonsense": answer(429, b"{}", Retry_After="-soon"),
    "a page": answer(200, PAGE, HTML),
    "broken off": BROKEN_OFF,
    "drip": drip,
    "silence": silence,
    "hung up": HUNG_UP,
    "reset": reset,
    "redirects without end": answer(302, b"", Location="/again"),
    "100 MB": huge,
    "gzip bomb": bomb(),
    "not gzip": answer(200, b"[]", Content_Encoding="gzip"),
    "wrong charset": answer(200, b'[{"id": "caf\xe9"}]', "application/json; charset=utf-8"),
    "nothing": answer(200, b""),
    "an empty object": answer(200, b"{}"),
    "another shape": answer(200, b'{"count": "many", "results": [[1], null, {"id": {}}]}'),
}
# An answer is waited for; these are none, and never will be.
LIMITS: dict[str, dict[str, Any]] = {"silence": {"timeout_s": HASTY}, "drip": {"longest_s": 0.5}}
ERRORS: dict[str, type[MovieSyncError]] = {
    "503": Unavailable,
    "401": NotAuthorised,
    "challenge, 403": Blocked,
    "challenge, 200": Blocked,
    "429": Unavailable,
    "429 until a date": Unavailable,
    "429 for ever": Unavailable,
    "429 for nonsense": Unavailable,
    "a page": BadAnswer,
    "broken off": Unavailable,
    "drip": Unavailable,
    "silence": Unavailable,
    "hung up": Unavailable,
    "reset": Unavailable,
    "redirects without end": BadAnswer,
    "100 MB": BadAnswer,
    "gzip bomb": BadAnswer,
    "not gzip": Unavailable,
    "wrong charset": BadAnswer,
    "nothing": BadAnswer,
    "an empty object": BadAnswer,
    "another shape": BadAnswer,
}
UNHEARD = (
    "503", "a page", "broken off", "drip", "silence", "hung up", "reset", "100 MB", "gzip bomb",
    "not gzip", "wrong charset", "nothing", "an empty object", "another shape",
)  # fmt: skip
# By service or by call. Where no login is needed a 401 comes from something in front of it.
OF_ITS_OWN: dict[tuple[str, str], type[MovieSyncError]] = {
    ("letterboxd", "401"): Blocked,
    ("archive_org", "401"): Blocked,
    ("tvmaze", "401"): Blocked,
    ("kuryana", "401"): Blocked,
    ("viki.container", "401"): Blocked,
    ("viki.videos", "401"): Blocked,
    ("qbittorrent", "challenge, 403"): Unavailable,  # so it tells of its own ban
    ("qbittorrent", "challenge, 200"): BadAnswer,
    ("qbittorrent", "redirects without end"): Unavailable,
    ("archive_org.fetch", "an empty object"): NotFound,  # its way to say so
    # What was posted may have been heard, so it goes nowhere else.
    ("webhook", "redirects without end"): Refused,
    ("tvdb", "redirects without end"): Refused,
    ("ntfy.send", "redirects without end"): Refused,
    ("jellyfin.refresh", "redirects without end"): Refused,
    ("kodi", "redirects without end"): Refused,
    ("sonarr.exclude", "redirects without end"): ConfigError,
    ("trakt_login", "redirects without end"): Refused,
    ("trakt_login.renew", "401"): LoggedOut,
    ("trakt_api.add", "redirects without end"): Refused,
    ("trakt_api.remove", "redirects without end"): Refused,
    # A change that may have been heard is neither done nor failed.
    **{(f"trakt_api.{call}", way): Unsure for call in ("add", "remove") for way in UNHEARD},
}
# What is kept out here: it knows no rate limit.
NOT_TRIED = [("qbittorrent", way) for way in WAYS if way.startswith("429")]
# Whatever a webhook answers with 200 means heard, and Jellyfin has nothing to say.
NOT_TRIED += [
    ("webhook", way)
    for way in ("a page", "wrong charset", "nothing", "an empty object", "another shape")
]
NOT_TRIED += [("jellyfin.refresh", "nothing")]
# Who watched nothing is told so by an empty object.
NOT_TRIED += [("trakt_api.watched_times", "an empty object")]
# Whatever is answered to a new exclusion with 200 means that it is there.
NOT_TRIED += [
    ("sonarr.exclude", way)
    for way in ("a page", "wrong charset", "nothing", "an empty object", "another shape")
]

Call = Callable[[], object]


class Opened:
    """Makes services for one test, and closes them after it."""

    def __init__(self, folder: Path, limit: dict[str, Any]) -> None:
        self._folder, self._limit = folder, limit
        self._closers: list[Call] = []

    def http(self, name: str, url: str) -> Http:
        budget = Budget(self._folder, name, 150, 3600)
        pacer = Pacer(lambda seconds: None)
        http = Http(name, url, pacer=pacer, budget=budget, tries=1, **self._limit)
        self._closers.append(http.close)
        return http

    def filelist(self, url: str) -> FileList:
        return FileList(self.http("filelist", url), settings.FileList(username="ann"), SECRET)

    def letterboxd(self, url: str) -> Letterboxd:
        return Letterboxd(self.http("letterboxd", url))

    def qbittorrent(self, url: str) -> QBittorrent:
        where, seeding = settings.QBittorrent(url=url), settings.Seeding()
        client = QBittorrent(where, SECRET, seeding, **self._limit)
        self._closers.append(client.close)
        return client

    def archive_org(self, url: str) -> ArchiveOrg:
        return ArchiveOrg(self.http("archive_org", url))

    def radarr(self, url: str) -> Radarr:
        return Radarr(self.http("radarr", url))

    def radarr_adding(self, url: str) -> RadarrAdding:
        return RadarrAdding(self.http("radarr", url), settings.Config().radarr)

    def sonarr(self, url: str) -> Sonarr:
        return Sonarr(self.http("sonarr.main", url), "main")

    def tmdb(self, url: str) -> Tmdb:
        return Tmdb(self.http("tmdb", url), SECRET)

    def tmdb_api(self, url: str) -> TmdbApi:
        return TmdbApi(self.http("tmdb", url), SECRET)

    def tvmaze(self, url: str) -> TvMaze:
        return TvMaze(self.http("tvmaze", url), Rate(20, 10.0))

    def viki(self, url: str) -> Viki:
        login = VikiLogin(session_id=SECRET, viki_session=SECRET, token=SECRET, user_id="7u")
        return Viki(self.http("viki", url), self.http("viki", url), login)

    def tvdb(self, url: str) -> Tvdb:
        return Tvdb(self.http("tvdb", url), SECRET, SECRET)

    def kuryana(self, url: str) -> Kuryana:
        return Kuryana(self.http("kuryana", url))

    def trakt(self, url: str) -> Trakt:
        clock = Clock()
        paced = {"sleep": clock.sleep, "monotonic": clock, "tries": 1} | self._limit
        trakt = Trakt(connect(url, "ours", HeldTokens(SECRET), **paced))
        self._closers.append(trakt.close)
        return trakt

    def trakt_login(self, url: str) -> TraktLogin:
        return TraktLogin(self.http("trakt", url), "ours", SECRET, "urn:ietf:wg:oauth:2.0:oob")

    def torznab(self, url: str) -> Torznab:
        return Torznab("nas", self.http("nas", url), settings.Torznab(url=url), SECRET)

    def webhook(self, url: str) -> Webhook:
        return Webhook(self.http("webhook", url), f"/hook/{SECRET}", SECRET)

    def ntfy(self, url: str) -> Ntfy:
        return Ntfy(self.http("ntfy", url), SECRET)

    def plex(self, url: str) -> Plex:
        return Plex(self.http("plex", url), settings.Plex(url=url))

    def jellyfin(self, url: str) -> Jellyfin:
        return Jellyfin(self.http("jellyfin", url), settings.Jellyfin(url=url))

    def plex_library(self, url: str) -> PlexLibrary:
        return PlexLibrary("plex", self.http("plex", url), path_map={})

    def jellyfin_library(self, url: str) -> JellyfinLibrary:
        return JellyfinLibrary("jellyfin", self.http("jellyfin", url), path_map={})

    def kodi(self, url: str) -> Kodi:
        return Kodi(self.http("kodi", url), settings.Kodi(url=url))

    def close(self) -> None:
        for close in self._closers:
            close()


CHANGE = Change(folder="/films/Film 1 (1999)", what="created")
FILM = make.film(slug="film-1", imdb_id="tt0000001")
SHOW = SeriesWish(title="Show 7", tvdb_id=7)
FILM_SEEN = Work(kind=Kind.FILM, title="Film 7", ids={"trakt": "7"})
PLAY = Play(key="hand:7", source="hand", work=FILM_SEEN, watched_at=make.NOON)
TOKENS = Tokens(access=SECRET, refresh=SECRET, got_at=0.0, ends_at=1.0)
ALL_NAMED_SO = tmdb_questions.search_all("Film 1")
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
    "radarr.movies": lambda at, url: at.radarr(url).movies(),
    "radarr.folders": lambda at, url: at.radarr(url).folders(),
    "posters.fetch": lambda at, url: Posters(at.http("posters", url)).fetch("/a.jpg"),
    "radarr_adding.lookup": lambda at, url: at.radarr_adding(url).lookup(FILM),
    "radarr_adding.add": lambda at, url: at.radarr_adding(url).add(make.film(tmdb_id=7)),
    "radarr_adding.check": lambda at, url: at.radarr_adding(url).check(),
    "sonarr.check": lambda at, url: at.sonarr(url).check(),
    "sonarr.library": lambda at, url: at.sonarr(url).library(),
    "sonarr.find": lambda at, url: at.sonarr(url).find(7),
    "sonarr.exclusions": lambda at, url: at.sonarr(url).exclusions(),
    "sonarr.exclude": lambda at, url: at.sonarr(url).exclude(7, "Show 7"),
    "sonarr.add": lambda at, url: at.sonarr(url).add(SHOW),
    "tmdb.facts": lambda at, url: at.tmdb(url).facts(FILM),
    "tmdb.facts by number": lambda at, url: at.tmdb(url).facts(make.film(tmdb_id=7)),
    "tmdb_api.ask": lambda at, url: at.tmdb_api(url).ask(tmdb_questions.movie(7)),
    "tmdb_api.ask for a search": lambda at, url: at.tmdb_api(url).ask(ALL_NAMED_SO),
    "tmdb_api.seasons": lambda at, url: at.tmdb_api(url).seasons(7, [1, 2]),
    "tmdb_api.check": lambda at, url: at.tmdb_api(url).check(),
    "torznab.search": lambda at, url: at.torznab(url).search(FILM),
    "torznab.latest": lambda at, url: at.torznab(url).latest(),
    "torznab.check": lambda at, url: at.torznab(url).check(),
    "viki.markers": lambda at, url: list(at.viki(url).markers()),
    "viki.user": lambda at, url: at.viki(url).user(),
    "viki.billboard": lambda at, url: at.viki(url).billboard(),
    "viki.kept_for_later": lambda at, url: at.viki(url).kept_for_later(),
    "viki.container": lambda at, url: at.viki(url).container("1c"),
    "viki.videos": lambda at, url: at.viki(url).videos("1c"),
    "tvdb.search": lambda at, url: at.tvdb(url).search("Show 7"),
    "tvdb.check": lambda at, url: at.tvdb(url).check(),
    "kuryana.search": lambda at, url: at.kuryana(url).search("Show 7"),
    "kuryana.drama": lambda at, url: at.kuryana(url).drama("7-show"),
    "trakt_api.settings": lambda at, url: at.trakt(url).settings(),
    "trakt_api.last_activities": lambda at, url: at.trakt(url).last_activities(),
    "trakt_api.history": lambda at, url: list(at.trakt(url).history()),
    "trakt_api.watched_times": lambda at, url: at.trakt(url).watched_times(Kind.SHOW),
    "trakt_api.watchlist": lambda at, url: at.trakt(url).watchlist(),
    "trakt_api.show": lambda at, url: at.trakt(url).show("7"),
    "trakt_api.search": lambda at, url: at.trakt(url).search(Kind.SHOW, "Show 7"),
    "trakt_api.add": lambda at, url: at.trakt(url).add([PLAY]),
    "trakt_api.remove": lambda at, url: at.trakt(url).remove([7]),
    "trakt_login.begin": lambda at, url: at.trakt_login(url).begin(),
    "trakt_login.renew": lambda at, url: at.trakt_login(url).renew(TOKENS),
    "tvmaze.page": lambda at, url: at.tvmaze(url).page(0),
    "tvmaze.show": lambda at, url: at.tvmaze(url).show(1),
    "tvmaze.updates": lambda at, url: at.tvmaze(url).updates(),
    "webhook.send": lambda at, url: at.webhook(url).send(make.notice()),
    "ntfy.send": lambda at, url: at.ntfy(url).send(make.notice()),
    "ntfy.check": lambda at, url: at.ntfy(url).check(),
    "plex.refresh": lambda at, url: at.plex(url).refresh(CHANGE),
    "plex.check": lambda at, url: at.plex(url).check(),
    "jellyfin.refresh": lambda at, url: at.jellyfin(url).refresh(CHANGE),
    "jellyfin.check": lambda at, url: at.jellyfin(url).check(),
    "plex_library.discover": lambda at, url: list(at.plex_library(url).discover({}, Event())),
    "jellyfin_library.discover": lambda at, url: list(
        at.jellyfin_library(url).discover({}, Event())
    ),
    "jellyfin_library.markers": lambda at, url: at.jellyfin_library(url).markers("jellyfin:1:2:3"),
    "kodi.refresh": lambda at, url: at.kodi(url).refresh(CHANGE),
    "kodi.check": lambda at, url: at.kodi(url).check(),
    "qbittorrent.transfers": lambda at, url: at.qbittorrent(url).transfers(["0" * 40]),
}


@pytest.fixture
def opened(tmp_path: Path, way: str):
    opened = Opened(tmp_path, LIMITS.get(way, {}))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("call", "way"),
    [
        (call, way)
        for call in SERVICES
        for way in WAYS
        if not {(call.split(".")[0], way), (call, way)} & set(NOT_TRIED)
    ],
)
def test_a_failure_is_an_error_and_never_an_empty_answer(opened, call, way, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    forget_peak()
    before, began = peak_bytes(), time.monotonic()
    with Server(WAYS[way]) as server, pytest.raises(MovieSyncError) as caught:
        SERVICES[call](opened, server.url)
    assert time.monotonic() - began < MOST_S
    assert peak_bytes() - before < MOST_BYTES
    usual = OF_ITS_OWN.get((call.split(".")[0], way), ERRORS[way])
    assert type(caught.value) is OF_ITS_OWN.get((call, way), usual)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert SECRET not in told
    assert {path.name.split("_")[0] for path in tmp_path.iterdir()} <= {"budget"}
    assert 0 <= (getattr(caught.value, "retry_after_s", None) or 0) <= LONGEST_RETRY_AFTER_S


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    return int(peak) * 1024


def asking(folder: Path) -> set[str]:
    """The services in a folder that ask something outside; helpers that only shape a question
    hold no connection."""
    asks = re.compile(r"^from movie_sync\.(http import .*\bHttp\b|\w+_connection )", re.MULTILINE)
    modules = folder.glob("*.py")
    return {module.stem for module in modules if asks.search(module.read_text())}


def test_every_service_that_asks_the_web_is_held_to_it():
    held = {call.split(".")[0] for call in SERVICES}
    assert asking(Path(services.__file__).parent) == held


def test_a_service_that_is_added_without_a_row_is_noticed(tmp_path):
    folder = tmp_path / "services"
    shutil.copytree(Path(services.__file__).parent, folder)
    (folder / "newcomer.py").write_text("from movie_sync.http import Http\n")
    assert asking(folder) - {call.split(".")[0] for call in SERVICES} == {"newcomer"}
