import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from movie_sync.budgets import Budget
from movie_sync.films import activity
from movie_sync.films.activity import Happened
from movie_sync.films.story import What
from movie_sync.models import State
from movie_sync.web.tally import Tally
from tests import make
from tests.web.library_site import library_site
from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page

ONE = "film:letterboxd:1"


def told(site):
    """Every sample by its name with labels."""
    lines = site.get("/metrics").text.splitlines()
    samples = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in samples}


def names_in(text):
    return set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))


def test_every_metric_is_in_the_docs_and_no_other(site):
    text = Path("docs/metrics.md").read_text(encoding="utf-8")
    found = set(re.findall(r"^\| `(\w+)`", text, re.M))
    of_areas = ("tvmaze_", "movie_sync_library_")  # which are off here
    assert names_in(site.get("/metrics").text) == {n for n in found if not n.startswith(of_areas)}


def test_every_metric_of_the_library_is_in_the_docs_and_no_other(tmp_path):
    text = Path("docs/metrics.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(movie_sync_library_\w+)`", text, re.M))
    with library_site(tmp_path) as site:
        named = names_in(site.get("/metrics").text)
        assert {name for name in named if name.startswith("movie_sync_library_")} == documented
        found = told(site)
    assert found['movie_sync_library_titles{kind="show"}'] == 1
    assert found['movie_sync_library_files{state="broken"}'] == 1
    assert found['movie_sync_library_reviews{reason="namesakes"}'] == 3
    assert found['movie_sync_library_source_files{source="tv"}'] == 6
    assert found['movie_sync_library_source_away{source="tv"}'] == 0


def test_films_are_counted_by_state(tmp_path):
    failed = make.item(1, last_error="no", permanent=True)
    with Site(tmp_path, {State.FAILED: [failed], State.COMPLETED: [make.item(2)]}) as site:
        found = told(site)
        assert found['movie_sync_films{state="failed"}'] == 1
        assert found['movie_sync_films{state="completed"}'] == 1
        assert found["movie_sync_films_given_up"] == 1
        assert found['movie_sync_needs{kind="given_up"}'] == 1


def test_waiting_and_the_disk_are_measured(site):
    before = told(site)
    site.post("/api/v1/wanted", json={"title": "M (1931)"})
    after = told(site)
    count = "movie_sync_journal_sync_seconds_count"
    assert after[count] > before[count]
    assert after["movie_sync_journal_last_sync_seconds"] > 0
    assert after["movie_sync_queues_writable"] == 1
    assert after["movie_sync_oldest_pending_seconds"] >= 0
    assert after["process_resident_memory_bytes"] > 1_000_000


def test_services_and_what_they_allow_are_told(tmp_path):
    torznab = {"nas": {"url": "http://127.0.0.1:9", "calls_per_hour": 10}}
    with Site(tmp_path, torznab=torznab) as site:
        Budget(site.home, "nas", 10, 3600).spend()
        found = told(site)
        assert found['movie_sync_budget_calls_left{service="nas"}'] == 9
        assert found['movie_sync_service_state{service="nas",state="well"}'] == 1
        assert found['movie_sync_worker_alive{worker="download"}'] == 1


def test_health_and_readiness_are_told_to_everybody(site):
    for path in ("/health", "/ready"):
        assert site.get(path, key=None).status_code == 200
        assert site.ask("HEAD", path, key=None).content == b""


def test_a_worker_that_died_is_not_ready(site):
    worker = site.running.app.workers[0]
    worker.stop()
    worker.join()
    answer = site.get("/ready", key=None)
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "why_not": ["the worker monitor is dead"], "status": "not ready"},
    )
    assert site.get("/health").status_code == 200


@pytest.fixture
def happened(tmp_path):
    def tell(what, minutes, id_=ONE):
        at = make.NOON + timedelta(minutes=minutes)
        activity.tell(tmp_path, Happened(at=at, id=id_, what=what, text=str(what)))

    return tell


def counted(tally):
    tally.look()
    return dict(tally.events)


def test_a_download_is_timed_from_being_taken_to_its_place(tmp_path, happened):
    tally = Tally(tmp_path, make.NOON)
    happened(What.TAKEN, -5)  # before the start
    assert counted(tally) == {}
    happened(What.PLACED, 5)
    assert counted(tally) == {"placed": 1}
    assert (tally.downloads, tally.downloads_s) == ({900.0: 1}, 600.0)


def test_a_download_that_came_to_nothing_is_not_timed(tmp_path, happened):
    tally = Tally(tmp_path, make.NOON)
    for minute, what in enumerate((What.TAKEN, What.BROKEN, What.PLACED)):
        happened(what, minute)
    assert counted(tally) == {"taken": 1, "broken": 1, "placed": 1}
    assert not tally.downloads


def test_each_event_counts_once_though_the_file_is_begun_anew(tmp_path, happened):
    tally, path = Tally(tmp_path, make.NOON), tmp_path / activity.NAME
    happened(What.TAKEN, 1)
    assert counted(tally) == {"taken": 1}
    happened(What.STALLED, 2)
    path.replace(path.with_name(f"{activity.NAME}~"))
    happened(What.PLACED, 3)
    assert counted(tally) == counted(tally) == {"taken": 1, "stalled": 1, "placed": 1}


def test_half_a_line_is_counted_when_it_is_whole(tmp_path, happened):
    tally, path = Tally(tmp_path, make.NOON), tmp_path / activity.NAME
    happened(What.TAKEN, 1)
    whole = path.read_bytes()
    path.write_bytes(whole[:20])
    assert counted(tally) == {}
    with path.open("ab") as file:
        file.write(whole[20:])
    assert counted(tally) == {"taken": 1}


def test_a_folder_that_is_gone_has_no_room_to_tell_of(site, tmp_path):
    shutil.rmtree(tmp_path / "downloads")
    assert 'movie_sync_free_bytes{folder="downloads"}' not in told(site)
