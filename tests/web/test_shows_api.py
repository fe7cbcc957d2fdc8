import re
import time
from pathlib import Path

import msgspec
import pytest

from movie_sync.access import Access
from movie_sync.shows.verdict import ShowState
from movie_sync.views import shows as shows_view
from movie_sync.web import api_shows
from movie_sync.web import api_shows_examples as examples
from movie_sync.web.api_base import ROOT
from tests import make
from tests.web.shows_site import shows_site
from tests.web.test_metrics import names_in, told

SHOWS = (make.show(1), make.show(2, title="Chef", type="Reality", tvdb_id=None), make.show(3))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    with shows_site(tmp_path_factory.mktemp("kept"), SHOWS) as site:
        yield site


@pytest.fixture
def site(tmp_path):
    with shows_site(tmp_path, SHOWS) as made:
        yield made


def api(site, path, method="GET", **options):
    return site.ask(method, f"{ROOT}{path}", **options)


def test_the_list_comes_in_pages_with_links(kept):
    first = api(kept, "/shows?per_page=2&order=title")
    assert [one["title"] for one in first.json()["shows"]] == ["Chef", "Show 1"]
    assert (first.json()["total"], first.json()["pages"]) == (3, 2)
    assert "TVmaze" in first.json()["attribution"]
    second = kept.get(first.links["next"]["url"])
    assert [one["title"] for one in second.json()["shows"]] == ["Show 3"]
    assert api(kept, "/shows?page=9").json()["shows"] == []
    assert api(kept, "/shows?state=filtered").json()["total"] == 1
    assert api(kept, "/shows?state=nonsense").status_code == 422


def test_a_show_and_why_it_is_where_it_is(kept):
    one = api(kept, "/shows/2").json()
    assert one["show"]["state"] == "filtered"
    assert one["show"]["url"].startswith("https://www.tvmaze.com/")
    assert one["wishes"] == ["approve", "reject"]
    why = api(kept, "/shows/Chef/why").json()
    assert why["sentence"] == "mine: its type is Reality, not Scripted"
    assert why["compared"] == {"is": "Reality", "wanted": ["Scripted"]}
    assert [each["takes"] for each in why["answers"]] == [True, False]
    assert api(kept, "/shows/99").status_code == 404


def test_the_summary_counts_by_state_and_by_reason(kept):
    found = api(kept, "/shows/summary").json()
    assert (found["total"], found["counts"]["pending"], found["counts"]["gone"]) == (3, 2, 0)
    assert found["reasons"] == {"type": 1}
    assert found["would_add"][0]["count"] == 2
    assert found["dry_run"] is True


def test_other_rules_are_tried_without_changing_anything(kept):
    body = {"selections": [{"name": "chefs", "types": ["Reality"], "genres": ["Sci-Fi"]}]}
    found = api(kept, "/shows/preview", "POST", json=body).json()
    assert found["reasons"] == {"type": 2, "genre": 1}
    assert found["problems"][0].endswith('did you mean "Science-Fiction"?')
    assert api(kept, "/shows/preview", "POST").json()["selections"] == {"mine": 2}
    wrong = api(kept, "/shows/preview", "POST", json={"selections": [{"genre": []}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "selections[0].genre")


def test_a_persons_word_counts(site):
    done = api(site, "/shows/2/approve", "POST").json()
    assert (done["state"], done["title"]) == ("pending_tvdb", "Chef")
    assert api(site, "/shows/1/reject", "POST").json()["state"] == "skipped"
    assert api(site, "/shows/3/skip", "POST").json()["said"] == "Show 3 is never added"
    assert api(site, "/shows/3/add", "POST").json()["state"] == "pending"
    assert api(site, "/shows/3/approve", "POST", key=None).status_code == 403


@pytest.mark.slow
def test_a_cycle_and_judging_are_begun_and_run(site):
    store = site.running.app.shows.store
    shows = site.running.app.shows
    store.set_state(2, ShowState.PENDING, code="passes", sentence="old")
    answer = api(site, "/shows/refilter", "POST")
    assert (answer.status_code, answer.json()["begun"]) == (202, True)
    wait_for(lambda: store.get(2)[1].state is ShowState.FILTERED)
    wait_for(lambda: not shows.sync.running)
    assert api(site, "/shows/trigger", "POST").status_code == 202
    wait_for(lambda: sum(shows.source.answers.values()))


def test_the_list_of_a_selection_is_as_sonarr_reads_it(kept):
    found = [{"title": "Show 3", "tvdbId": 100003}, {"title": "Show 1", "tvdbId": 100001}]
    for path in ("/lists/mine.json", f"{ROOT}/shows/lists/mine.json"):
        assert kept.get(path).json() == found
    missing = kept.get("/lists/other.json")
    assert (missing.status_code, missing.headers["Content-Type"]) == (
        404,
        "application/problem+json",
    )
    assert "there are: mine" in missing.json()["detail"]


def test_a_list_that_could_be_short_is_not_given(tmp_path):
    with shows_site(tmp_path, SHOWS, marks={"shows.complete": None, "shows.page": "2"}) as site:
        answer = site.get("/lists/mine.json")
        assert answer.status_code == 503
        assert "not read whole yet" in answer.json()["detail"]


def test_in_the_address_of_a_list_alone_a_key_counts_that_may_only_read(site):
    Access(site.home).set_password("correct horse battery")
    read, act = (Access(site.home).add_key(name, name)[1] for name in ("read", "act"))
    ask = {"key": None}
    assert site.get("/lists/mine.json", **ask).status_code == 401
    assert site.get(f"/lists/mine.json?key={read}", **ask).status_code == 200
    assert site.get("/lists/mine.json?key=ms_wrong", **ask).status_code == 401
    mighty = site.get(f"/lists/mine.json?key={act}", **ask)
    assert (mighty.status_code, "scope read" in mighty.json()["detail"]) == (403, True)
    for path in ("/state", "/shows", f"{ROOT}/shows", f"{ROOT}/shows/lists/mine.json", "/metrics"):
        assert site.get(f"{path}?key={read}", **ask).status_code == 401
    assert site.post(f"/lists/mine.json?key={read}", **ask).status_code == 401
    assert site.get("/lists/mine.json", key=act).status_code == 200


def test_the_state_is_told_as_the_design_has_it(kept):
    found = kept.get("/state").json()
    assert set(found) == {
        "last_full_sync", "last_incremental_sync", "last_tvmaze_page", "highest_tvmaze_id",
        "last_filter_hash", "last_updates_check", "next_scheduled_run", "sync_running",
        "status_counts", "total_shows",
    }  # fmt: skip
    assert found["status_counts"] == {"pending": 2, "filtered": 1}
    assert (found["total_shows"], found["highest_tvmaze_id"], found["sync_running"]) == (
        3,
        3,
        False,
    )


def test_shows_are_told_as_the_design_has_them(kept):
    (chef,) = kept.get("/shows?status=filtered").json()
    assert chef == {
        "tvmaze_id": 2, "tvdb_id": None, "imdb_id": "tt0000002", "title": "Chef",
        "language": "English", "country": "US", "type": "Reality", "status": "Running",
        "premiered": "2024-03-01", "ended": None, "network": "HBO", "web_channel": None,
        "genres": ["Drama", "Crime"], "runtime": 60, "rating": 8.1,
        "processing_status": "filtered",
        "filter_reason": "mine: its type is Reality, not Scripted", "sonarr_series_id": None,
        "added_to_sonarr_at": None,
    }  # fmt: skip
    assert [each["tvmaze_id"] for each in kept.get("/shows?limit=1&offset=1").json()] == [2]
    assert len(kept.get("/shows").json()) == 3
    for wrong in ("limit=0", "limit=1001", "offset=-1", "status=nonsense"):
        answer = kept.get(f"/shows?{wrong}")
        assert (answer.status_code, answer.json()["status"]) == (422, 422)


def test_a_browser_is_given_a_page_at_the_same_address(kept):
    answer = kept.get("/shows", headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.text.startswith("<!doctype html>")
    assert answer.headers["Vary"].startswith("Accept")
    there = kept.get("/shows?status=filtered", headers={"Accept": "text/html"})
    assert there.headers["Location"] == "/shows/all?state=filtered"


@pytest.mark.slow
def test_the_design_triggers_and_filters_again(site):
    answer = site.post("/refilter")
    assert answer.status_code == 202
    assert answer.json() in ({"status": "triggered"}, {"status": "scheduled"})
    sync = site.running.app.shows.sync
    wait_for(lambda: sync.cycle and sync.cycle.ended_at and not sync.running)
    answer = site.post("/trigger")
    assert (answer.status_code, answer.json()) == (202, {"status": "triggered"})
    assert site.post("/trigger", key=None).status_code == 403
    sync._running = True  # as while a first reading goes on
    answer = site.post("/trigger")
    assert (answer.status_code, answer.json()["status"]) == (409, "already_running")
    assert site.post("/refilter").json() == {"status": "scheduled"}


def test_readiness_tells_of_the_database_and_of_sonarr(kept):
    assert kept.get("/ready").json() == {
        "ready": True, "why_not": [], "status": "ready", "database": True, "sonarr": True,
    }  # fmt: skip


def test_every_metric_of_shows_is_in_the_docs_and_no_other(kept):
    text = Path("docs/metrics.md").read_text(encoding="utf-8")
    found = {name for name in names_in(kept.get("/metrics").text) if name.startswith("tvmaze")}
    assert found == set(re.findall(r"^\| `(tvmaze\w+)`", text, re.M))


def test_metrics_have_the_names_of_the_design(kept):
    found = told(kept)
    assert found['tvmaze_shows_total{status="pending"}'] == 2
    assert found['tvmaze_shows_filtered_by_reason{reason="type"}'] == 1
    assert found["tvmaze_sync_initial_complete"] == found["tvmaze_sync_healthy"] == 1
    assert found["tvmaze_shows_highest_id"] == 3
    assert found['tvmaze_shows_pending_retry{reason="no_tvdb_id"}'] == 0
    assert found["tvmaze_sync_next_run_timestamp"] > found["tvmaze_sync_last_run_timestamp"] > 0


@pytest.mark.parametrize(
    ("shape", "example"),
    [
        (shows_view.ShowSummary, examples.SUMMARY),
        (api_shows.Shows, examples.SHOWS),
        (shows_view.ShowWhole, examples.SHOW),
        (api_shows.ShowWhy, examples.WHY),
        (api_shows.ShowDone, examples.DONE),
        (api_shows.Asking, examples.ASKING),
        (api_shows.Tried, examples.TRIED),
        (api_shows.Begun, examples.BEGUN),
        (list[api_shows.Listed], examples.LISTED),
    ],
)
def test_an_example_is_of_its_shape(shape, example):
    assert msgspec.convert(example, shape)


def test_while_shows_are_off_the_api_says_how_to_have_them(tmp_path):
    from tests.web.site import Site

    with Site(tmp_path) as site:
        answer = api(site, "/shows")
        assert (answer.status_code, answer.json()["detail"]) == (
            404, "shows: they are off; set shows.enabled to true",
        )  # fmt: skip
        assert site.get("/state").json()["status"] == 404
        assert "tvmaze" not in site.get("/metrics").text


def wait_for(done, timeout_s=60.0):
    until = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.01)
