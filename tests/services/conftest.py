from pathlib import Path

import pytest

from movie_sync import settings
from movie_sync.budgets import Budget
from movie_sync.demo.tracker_site import TrackerSite
from movie_sync.http import TIMEOUT_S, Http, Pacer
from movie_sync.services.filelist import FileList
from movie_sync.services.torznab import Torznab
from tests import make
from tests.services.torznab_site import API, KEY, TorznabSite

PARASITE = "Parasite.2019.1080p.BluRay.x264-GRP"
PASSKEY = "5ec2e7f00dcafe115ec2e7f00dcafe11"


@pytest.fixture
def tracker():
    with TrackerSite("ann", PASSKEY) as running:
        yield running


@pytest.fixture
def connect(tracker: TrackerSite, tmp_path: Path):
    """A FileList as after a restart, with this passkey."""
    opened = []

    def start(passkey: str = PASSKEY, username: str = "ann", *, timeout_s=TIMEOUT_S, **changes):
        http = Http(
            "filelist",
            tracker.url,
            pacer=Pacer(lambda seconds: None),
            budget=Budget(tmp_path, "filelist", 150, 3600),
            timeout_s=timeout_s,
            tries=1,
        )
        opened.append(http)
        return FileList(http, settings.FileList(username=username, **changes), passkey)

    yield start
    for http in opened:
        http.close()


@pytest.fixture
def nas():
    with TorznabSite() as running:
        yield running


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def reach(nas: TorznabSite, clock: list[float], tmp_path: Path):
    """The indexer `nas` as after a restart, with this key; calls are counted where they have a
    limit."""
    opened = []

    def start(key: str = KEY, *, timeout_s=TIMEOUT_S, **changes):
        section = settings.Torznab(url=f"{nas.url}{API}", **changes)
        most = section.calls_per_hour
        http = Http(
            "nas",
            section.url,
            pacer=Pacer(lambda seconds: None),
            budget=Budget(tmp_path, "nas", most, 3600) if most else None,
            timeout_s=timeout_s,
            tries=1,
        )
        opened.append(http)
        return Torznab("nas", http, section, key, clock=lambda: clock[0])

    yield start
    for http in opened:
        http.close()


@pytest.fixture
def indexer(reach) -> Torznab:
    return reach()


@pytest.fixture
def filelist(connect) -> FileList:
    return connect()


def add(tracker: TrackerSite, name: str = PARASITE, **changes) -> str:
    facts = {"size_bytes": 8 * make.GIB, "seeders": 20, "imdb_id": "tt6751668"}
    return tracker.add(make.torrent(), name=name, **(facts | changes))


def parasite(**changes):
    return make.film(title="Parasite", year=2019, imdb_id="tt6751668", **changes)
