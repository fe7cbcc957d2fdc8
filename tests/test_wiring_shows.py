import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import msgspec
import pytest

from movie_sync import config as config_module
from movie_sync import settings, wiring_shows
from movie_sync.credentials import Credentials
from movie_sync.demo.shows_made_up import made_up
from movie_sync.demo.sonarr_site import STARTING, SonarrSite
from movie_sync.demo.tvmaze_site import OUT_OF_SERVICE, TvMazeSite
from movie_sync.errors import ConfigError, NotQueued, QueueError, Stopping, Unavailable
from movie_sync.http import Pacer
from movie_sync.queues import QueueManager
from movie_sync.running import cautious
from movie_sync.shows.verdict import ShowState
from movie_sync.shows.wishes import find, perform
from movie_sync.wiring_shows import ShowWork
from movie_sync.worker import Worker
from tests import make

KEY = "k" * 32
HOUR = timedelta(hours=1)


class Outside:
    """A TVmaze with two dramas and a quiz, and a Sonarr."""

    def __init__(self):
        facts = {"genres": ["Drama"], "type": "Scripted", "rating": {"average": 8.0}}
        ids = {n: {"tvrage": None, "thetvdb": 1000 + n, "imdb": None} for n in (1, 2, 3)}
        names = {1: "Paper Planets", 2: "The Tide Office", 3: "Quiz Night"}
        shows = [made_up(n) | facts | {"name": names[n], "externals": ids[n]} for n in ids]
        shows[2] |= {"genres": [], "type": "Game Show"}
        self.tvmaze = TvMazeSite(shows)
        self.sonarr = SonarrSite({1000 + n: name for n, name in names.items()}, key=KEY)
        self.sonarr.qualities = {"Any": 1}

    def config(self, *, sonarr=None, **shows):
        section = {
            "enabled": True, "dry_run": False, "base_url": self.tvmaze.url,
            "selections": [{"name": "drama", "genres": ["Drama"]}],
        }  # fmt: skip
        there = {"main": {"url": self.sonarr.url, **(sonarr or {})}}
        return msgspec.convert({"shows": section | shows, "sonarr": there}, settings.Config)


@pytest.fixture
def outside():
    made = Outside()
    with made.tvmaze, made.sonarr:
        yield made


@pytest.fixture
def opened(outside, tmp_path):
    """Makes the shows of a home, with these settings."""

    @contextmanager
    def open_(**changes):
        queue = QueueManager(tmp_path, idle_s=60)
        keys = Credentials(tmp_path, {"MOVIE_SYNC_SONARR__MAIN__API_KEY": KEY})
        stop = threading.Event()
        shows = wiring_shows.shows(
            outside.config(**changes), tmp_path, keys, Pacer(lambda s: None), stop, queue
        )
        try:
            yield shows
        finally:
            shows.close()
            queue.close()

    return open_


def add_all(shows, now=make.NOON):
    while shows.add_pass(now) == 0.0:
        pass


@pytest.mark.slow
def test_nothing_large_is_loaded_while_shows_are_off():
    code = (
        "import sys, movie_sync.app, movie_sync.cli.status\n"
        "assert not {'sqlalchemy', 'alembic', 'movie_sync.services.tvmaze'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_shows_that_are_off_have_no_workers(tmp_path):
    queue = QueueManager(tmp_path, idle_s=60)
    work = ShowWork(
        settings.Config(), tmp_path, Credentials(tmp_path, {}), threading.Event(), queue
    )
    assert (work.names, work.shows, work.troubles()) == ((), None, [])
    with pytest.raises(QueueError, match="shows are off"):
        work.perform({"do": "shows", "wish": "sync"})
    work.close()
    queue.close()
    assert not (tmp_path / "library.db").exists()


def test_the_passes_carry_what_passes_into_sonarr(opened, outside):
    with opened() as shows:
        assert shows.cycle_pass(make.NOON) == 0.0  # changes since then are read next
        assert shows.cycle_pass(make.NOON) > 0.0
        add_all(shows)
        assert shows.store.counts() == {"added": 2, "filtered": 1}
        assert [body["tvdbId"] for body in outside.sonarr.added] == [1002, 1001]


def test_a_dry_run_says_what_it_would_add_and_adds_nothing(opened, outside):
    with opened(dry_run=True) as shows:
        shows.run_once()
        assert shows.proposal.lines()[0] == (
            "dry run: 2 shows would be added; none is, until shows.dry_run is false"
        )
        assert shows.proposal.by_rule == {"drama": 2}
        assert not outside.sonarr.added


def test_a_wrong_profile_is_told_of_and_tried_again_later(opened, outside):
    with opened(sonarr={"quality_profile": "HD"}) as shows:
        shows.cycle_pass(make.NOON)
        with pytest.raises(ConfigError, match="its quality profiles are Any"):
            shows.add_pass(make.NOON)
        outside.sonarr.qualities["HD"] = 2
        add_all(shows, make.NOON + HOUR)
        assert len(outside.sonarr.added) == 2


def test_what_waits_for_a_sonarr_is_queued_once_it_is_back(opened, outside):
    outside.sonarr.trouble[""] = STARTING
    with opened() as shows:
        with pytest.raises(Unavailable) as caught:
            shows.cycle_pass(make.NOON)
        assert caught.value.retry_after_s is None  # the worker can be woken
        asked = len(outside.sonarr.asked)
        with pytest.raises(Unavailable):
            shows.cycle_pass(make.NOON)
        assert len(outside.sonarr.asked) == asked
        outside.sonarr.trouble.clear()
        one = shows.sonarrs.instances["main"]
        one.breaker.call(one.service.check, at_once=True)  # as once its rest is over
        requests = len(outside.tvmaze.requests)
        shows.cycle_pass(make.NOON + HOUR)
        assert outside.tvmaze.requests[requests:] == ["/updates/shows"]
        add_all(shows)
        assert shows.store.counts()["added"] == 2


@pytest.mark.slow
def test_while_tvmaze_is_away_a_person_may_have_it_asked_at_once(opened, outside):
    outside.tvmaze.trouble = OUT_OF_SERVICE
    with opened() as shows:
        woken = threading.Event()
        shows.wake = woken.set
        with pytest.raises(Unavailable):
            shows.cycle_pass(make.NOON)
        outside.tvmaze.trouble = None
        with pytest.raises(Unavailable):
            shows.cycle_pass(make.NOON)
        assert shows.trigger()
        assert woken.is_set()
        shows.cycle_pass(make.NOON)
        assert sum(shows.store.counts().values()) == 3


def test_a_show_that_a_person_lets_pass_is_queued_with_the_next_pass(opened):
    with opened() as shows:
        shows.run_once()
        answer = perform(shows, {"wish": "approve", "show": "Quiz Night"})
        assert (answer["title"].split(" (")[0], answer["state"]) == ("Quiz Night", "pending")
        shows.run_once()
        assert shows.store.counts() == {"added": 3}


def test_wishes_name_shows_by_id_address_and_title(opened):
    with opened(dry_run=True) as shows:
        shows.run_once()
        for name in ("1", "tvmaze:1", "show:tvmaze:1", "https://www.tvmaze.com/shows/1/paper",
                     "paper planets"):  # fmt: skip
            assert find(shows.store, name)[0].tvmaze_id == 1
        with pytest.raises(NotQueued, match="no show is called Paper"):
            find(shows.store, "Paper")
        shows.store.save([make.show(9, title="Paper Planets")], {}, make.NOON)
        shows.refilter()
        shows.run_once()
        with pytest.raises(NotQueued, match="2 shows are called paper planets"):
            find(shows.store, "paper planets")
        answer = perform(shows, {"wish": "exclude", "show": "2"})
        assert (answer["state"], "dry run" in answer["problem"]) == ("skipped", True)
        assert perform(shows, {"wish": "status"})["proposal"]["dry_run"]
        with pytest.raises(QueueError, match="no such wish"):
            perform(shows, {"wish": "delete"})


def test_a_preview_of_other_rules_changes_nothing(opened, outside):
    with opened(dry_run=True) as shows:
        shows.run_once()
        before = shows.store.states()
        every = outside.config(selections=[{"name": "all"}]).shows
        assert shows.preview(every).selections == {"all": 3}
        assert shows.preview().selections == {"drama": 2}
        assert shows.store.states() == before


def test_rules_that_are_not_what_was_written_add_nothing(tmp_path):
    (tmp_path / "config.json").write_text('{"shows": {"enabled": true, "dry_run": false}}')
    assert not cautious(config_module.load(tmp_path, {}, {})).shows.dry_run
    (tmp_path / "config.json").write_text(
        '{"shows": {"enabled": true, "dry_run": false, "exclude": {"genre": ["Horror"]}}}'
    )
    assert cautious(config_module.load(tmp_path, {}, {})).shows.dry_run


def test_a_database_server_that_is_away_holds_up_shows_alone(outside, tmp_path):
    pytest.importorskip("psycopg")
    queue = QueueManager(tmp_path, idle_s=60)
    config = msgspec.structs.replace(
        outside.config(), database_url="postgresql://nobody@127.0.0.1:1/none"
    )
    work = ShowWork(config, tmp_path, Credentials(tmp_path, {}), threading.Event(), queue)
    assert work.shows is None
    cycles, adding = (work.worker(name) for name in work.names)
    for worker in (cycles, adding):
        worker.run_once(make.NOON)
        assert isinstance(worker, Worker)
    assert (cycles.cause, adding.cause) == ("Unavailable", None)  # it is told once
    assert str(work.problem).startswith("database: connection failed")
    work.close()
    with pytest.raises(Stopping):
        work.perform({"do": "shows", "wish": "status"})
    queue.close()


def test_a_show_that_was_decided_is_found_again(opened):
    with opened() as shows:
        shows.run_once()
        shows.reject(3)
        assert find(shows.store, "3")[1].state is ShowState.SKIPPED
