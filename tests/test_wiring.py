import dataclasses
import threading

import pytest

from movie_sync import config, settings, wiring
from movie_sync.credentials import Credentials
from movie_sync.errors import ConfigError, Stopping
from movie_sync.films.asking import Rested
from movie_sync.films.search import search_next
from movie_sync.models import State
from movie_sync.queues import QueueManager
from tests import make
from tests.fakes import FakeIndexer

NO_ARCHIVE = settings.ArchiveOrg(enabled=False)
PASSKEY = "5ec2e7f00dcafe115ec2e7f00dcafe11"


@pytest.fixture
def home(tmp_path):
    return config.home_folder(str(tmp_path / "home"), {})


@pytest.fixture
def pace():
    return wiring.pacer(threading.Event())


def logins(home, **environ):
    return Credentials(home, {f"MOVIE_SYNC_{name}": value for name, value in environ.items()})


def folders(tmp_path, **changes):
    facts = {
        "library_directory": str(tmp_path / "films"),
        "download_directory": str(tmp_path / "loads"),
    }
    return settings.Config(**(facts | changes))


def test_every_list_that_is_named_is_a_source_once(home, pace):
    named = settings.Config(
        username="alice",
        letterboxd=settings.Letterboxd(
            users=("bob", "alice"), lists=("https://letterboxd.com/alice/list/heist-films/",)
        ),
        lists=("/films.csv", "http://lists.example/films.json?key=hunter22"),
        watchlist_folder="/exports",
    )
    sources, _ = wiring.watchlists(named, home, pace)
    names = [source.name for source in sources]
    assert names[:4] == [
        "letterboxd:alice",
        "letterboxd:bob",
        "letterboxd:alice/list/heist-films",
        "list:/films.csv",
    ]
    assert names[5] == "folder:exports"
    assert "hunter22" not in names[4]


def test_a_name_that_is_none_is_a_matter_of_settings(home, pace):
    with pytest.raises(ConfigError, match="is no Letterboxd name"):
        wiring.watchlists(settings.Config(username="a/b"), home, pace)


@pytest.mark.parametrize(
    ("section", "environ", "missing"),
    [
        (settings.FileList(username="ann"), {"FILELIST__PASSKEY": PASSKEY}, ""),
        (settings.FileList(username="ann"), {}, wiring.NO_PASSKEY),
        (settings.FileList(), {"FILELIST__PASSKEY": PASSKEY}, wiring.NO_INDEXER),
        (
            settings.FileList(username="ann", enabled=False),
            {"FILELIST__PASSKEY": PASSKEY},
            wiring.NO_INDEXER,
        ),
    ],
)
def test_an_indexer_is_used_when_it_is_on_and_has_its_login(home, pace, section, environ, missing):
    asked = settings.Config(filelist=section, archive_org=NO_ARCHIVE)
    found = wiring.indexers(asked, home, logins(home, **environ), pace)
    assert [indexer.name for indexer in found] == ([] if missing else ["filelist"])
    assert not missing or wiring.no_indexer(asked) == missing


def test_without_any_login_the_internet_archive_is_searched(home, pace):
    (found,) = wiring.indexers(settings.Config(), home, logins(home), pace)
    assert found.name == "archive_org"


def test_all_indexers_that_are_set_up_are_searched_and_rest_apart(home, pace):
    asked = settings.Config(
        filelist=settings.FileList(username="ann"),
        torznab={"mine": settings.Torznab(url="http://127.0.0.1:9/api"),
                 "off": settings.Torznab(url="http://127.0.0.1:9/api", enabled=False)},
    )  # fmt: skip
    found = wiring.indexers(asked, home, logins(home, FILELIST__PASSKEY=PASSKEY), pace)
    assert [indexer.name for indexer in found] == ["filelist", "mine", "archive_org"]
    assert all(isinstance(indexer, Rested) for indexer in found)


def test_tmdb_is_asked_when_it_has_a_key(home, pace):
    asked = settings.Config()
    assert wiring.film_facts(asked, logins(home), pace) == []
    (source,) = wiring.film_facts(asked, logins(home, TMDB__API_KEY="0" * 32), pace)
    assert "home_release_on" in source.adds


def test_films_wait_for_a_missing_password_and_say_which_command_gives_it(home, pace):
    asked = folders(home, torrent_client="qbittorrent")
    queue = QueueManager(home)
    item = make.item(data={"year": 1999, "imdb_id": "tt0000001"})
    queue.put_many([item])
    parts, _ = wiring.parts(asked, home, logins(home), queue, pace)
    parts = dataclasses.replace(parts, indexers=[FakeIndexer([make.release()])])
    with pytest.raises(ConfigError, match=r"run `credentials set qbittorrent.password`"):
        search_next(parts, make.NOON)
    state, waiting = queue.get(item.id)
    queue.close()
    assert (state, waiting.attempts) == (State.PENDING, 0)
    assert "run `credentials set qbittorrent.password`" in waiting.last_error


def test_the_built_in_client_starts_nothing_by_being_chosen(home):
    client = wiring.torrent_client(settings.Config(), home, logins(home))
    assert (client.name, list(home.iterdir())) == ("libtorrent", [])
    client.close()


def test_films_that_were_placed_before_are_known_to_the_library(queue, home, pace, tmp_path):
    there = tmp_path / "films" / "odd name.mkv"
    there.parent.mkdir()
    there.write_bytes(bytes(10))
    queue.put_many([make.item(1)])
    queue.complete("film:letterboxd:1", data={"year": 1999, "path": str(there)})
    parts, _ = wiring.parts(folders(tmp_path), home, logins(home), queue, pace)
    assert parts.library.find(make.film(1)) == there
    assert parts.library.find(make.film(2)) is None


def test_one_folder_cannot_be_library_and_downloads(queue, home, pace, tmp_path):
    same = folders(tmp_path, download_directory=str(tmp_path / "films"))
    with pytest.raises(ConfigError, match="are both"):
        wiring.parts(same, home, logins(home), queue, pace)


def test_settings_reach_the_parts(queue, home, pace, tmp_path):
    asked = folders(tmp_path, max_active_downloads=3, retry_interval=60, max_retries=2)
    parts, _ = wiring.parts(asked, home, logins(home), queue, pace)
    assert (parts.most_loading, parts.retries.interval_s, parts.retries.max_retries) == (3, 60, 2)
    assert queue.counts()[State.PENDING] == 0


def test_who_waits_for_a_turn_is_let_go_when_the_program_ends():
    stop = threading.Event()
    pace = wiring.pacer(stop)
    pace.wait("host", 60)
    stop.set()
    with pytest.raises(Stopping):
        pace.wait("host", 60)
