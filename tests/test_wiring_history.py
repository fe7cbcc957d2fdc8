import subprocess
import sys
import threading
from contextlib import closing

import pytest

from movie_sync.credentials import Credentials
from movie_sync.db import FILE
from movie_sync.errors import ConfigError, QueueError, Unavailable
from movie_sync.history.importing import SYNCED_AT
from movie_sync.history.rows import Batch
from movie_sync.history_models import Wish, Work
from movie_sync.history_settings import History, Trakt, Viki
from movie_sync.library_models import Kind
from movie_sync.queues import QueueManager
from movie_sync.settings import Config
from movie_sync.wiring_history import PASSES, WATCHES, HistoryWork, alone, stored
from tests import make

ON = History(enabled=True)
TRAKT = Trakt(enabled=True, client_id="ours", base_url="http://127.0.0.1:1",
              login_url="http://127.0.0.1:1", push=True)  # fmt: skip


@pytest.fixture
def queue(tmp_path):
    with closing(QueueManager(tmp_path)) as opened:
        yield opened


@pytest.fixture
def work(tmp_path, queue):
    """The history with these settings."""
    made = []

    def start(**sections):
        config = Config(**sections)
        made.append(
            HistoryWork(config, tmp_path, Credentials(tmp_path, {}), threading.Event(), queue)
        )
        return made[-1]

    yield start
    for one in made:
        one.close()


def test_off_it_has_no_workers_and_answers_that_it_is_off(work):
    off = work()
    assert (off.names, off.problem, off.history, off.watchlists()) == ((), None, None, ())
    with pytest.raises(QueueError, match="the history is off"):
        off.perform({"wish": "status"})


def test_off_nothing_of_it_is_loaded(tmp_path):
    script = (
        "import sys, threading; from pathlib import Path\n"
        "from movie_sync.app import App; from movie_sync.credentials import Credentials\n"
        "from movie_sync.settings import Config\n"
        "home = Path(sys.argv[1]); stop = threading.Event()\n"
        "config = Config(download_directory=str(home / 'd'), library_directory=str(home / 'l'))\n"
        "app = App(home, config, Credentials(home, {}), stop); app.close()\n"
        "print([name for name in sys.modules if name == 'sqlalchemy' or 'movie_sync.history.' in"
        " name or name.startswith('movie_sync.services.trakt')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, timeout=60, check=True
    )
    assert done.stdout.decode().strip() == "[]"


def test_with_every_provider_off_it_works_and_asks_nobody(work):
    made = work(history=ON)
    assert made.names == (PASSES, WATCHES)
    assert made.history.passes.names == ["import"]
    assert made.perform({"wish": "sync"})["asked"] == []
    assert made.history.look_pass(make.NOON) > 0
    assert made.history.push_pass(make.NOON) > 0
    assert made.troubles() == []


def test_each_provider_that_is_on_has_its_pass(work):
    made = work(history=ON, trakt=TRAKT, viki=Viki(enabled=True))
    assert made.perform({"wish": "sync"})["asked"] == ["trakt", "viki", "matching"]


def test_a_database_that_cannot_be_opened_is_told_and_tried_again(work, tmp_path):
    (tmp_path / FILE).mkdir()
    made = work(history=ON)
    assert made.history is None
    worker = made.worker(PASSES)
    worker.run_once(make.NOON)
    assert str(made.problem) == worker.failure
    (tmp_path / FILE).rmdir()
    worker.run_once(make.NOON)
    assert worker.failure is None
    assert made.history is not None


def test_a_wrong_zone_is_told_and_stops_no_film(work):
    made = work(history=History(enabled=True, zone="Nowhere/Atall"))
    assert isinstance(made.problem, ConfigError)
    assert made.worker(WATCHES).run_once(make.NOON) > 0


def test_a_stored_viki_login_that_is_broken_stops_no_film(work, tmp_path):
    Credentials(tmp_path, {}).keep("viki.login", "nonsense")
    assert isinstance(work(history=ON, viki=Viki(enabled=True)).problem, ConfigError)


def test_wanted_films_of_trakts_watchlist_are_a_list_of_films(work):
    made = work(history=ON, trakt=TRAKT)
    (source,) = made.watchlists()
    with pytest.raises(Unavailable, match="not read yet"):
        source.read()
    film = Work(kind=Kind.FILM, title="Wanted", year=2001, ids={"imdb": "tt0000009"})
    show = Work(kind=Kind.SHOW, title="A Show", year=2001, ids={"tmdb": "5"})
    store = made.history.store
    wishes = [Wish(work=one, source="trakt") for one in (film, show)]
    store.save(Batch(wishes=wishes, marks=[("trakt", SYNCED_AT, "now")]), make.NOON)
    found = source.read()
    assert (found.source, found.complete) == ("trakt:watchlist", True)
    assert [(one.key, one.title) for one in found.films] == [("imdb:tt0000009", "Wanted")]


def test_a_list_that_cannot_be_read_is_no_empty_one(work, tmp_path):
    (tmp_path / FILE).mkdir()
    (source,) = work(history=ON, trakt=TRAKT).watchlists()
    with pytest.raises(Exception, match=FILE):
        source.read()


def test_alone_and_stored_say_what_is_off_or_not_there(tmp_path):
    vault = Credentials(tmp_path, {})
    with (
        pytest.raises(ConfigError, match="off"),
        alone(Config(), tmp_path, vault, threading.Event()),
    ):
        pass
    with (
        pytest.raises(QueueError, match="nothing is in the history"),
        stored(Config(history=ON), tmp_path, vault),
    ):
        pass


def test_an_import_that_takes_long_is_not_taken_for_a_pass_that_hangs(work, tmp_path):
    file = tmp_path / "seen.csv"
    file.write_text("title,year,watched_at,imdb\nParasite,2019,2024-01-02,tt6751668\n")
    made = work(history=ON)
    worker = made.worker(PASSES)
    worker.beat_at = 0.0
    made.perform({"wish": "import", "source": "file", "path": str(file)})
    made.history.look_pass(make.NOON)  # in this thread, so that nobody beats at its end
    assert worker.beat_at > 0
    assert made.history.store.counts().plays == 1
