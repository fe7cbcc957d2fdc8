import signal
import subprocess
import sys

import pytest

from movie_sync.db import Database
from movie_sync.demo.server import Reply
from movie_sync.demo.sonarr_site import SKYHOOK, STARTING, SonarrSite
from movie_sync.errors import ConfigError, NotAuthorised, ServiceError, Unavailable
from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.shows import show_items
from movie_sync.shows.adding import add_next, passing, reconcile
from movie_sync.shows.selection import rules
from movie_sync.shows.sonarrs import Sonarrs
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Selection
from movie_sync.shows_settings import Sonarr as Section
from tests import make
from tests.shows import killed
from tests.shows.world import HOUR, KEY, World, Worlds, settings, show


@pytest.fixture
def world_of(queue, store, request):
    with Worlds(queue, store, request.config) as worlds:
        yield worlds.make


@pytest.fixture
def world(world_of) -> World:
    return world_of()


def test_a_show_that_passes_is_in_sonarr_after_one_cycle(world):
    world.know(show(genres=("Anime",), type="Animation"))
    _, proposal = world.cycle()
    assert (world.state(), proposal.queued) == (ShowState.QUEUED, 1)
    world.add_all()
    row = world.row()
    assert (row.state, row.instance, row.series_id, row.added_at) == (
        ShowState.ADDED, "main", 1, make.NOON,
    )  # fmt: skip
    assert row.sentence == 'added to Sonarr "main"; taken by all'
    assert world.site.added[0]["seriesType"] == "anime"
    state, item = world.queue.get("show:tvmaze:1")
    assert (state, item.title) == (State.COMPLETED, "Show 1 (2024)")


def test_a_cycle_asks_for_shows_and_exclusions_once_and_for_each_show_once(world):
    world.know(*(show(n) for n in range(1, 6)))
    world.cycle()
    world.add_all()
    asked = [f"{each.method} {each.path.removeprefix('/api/v3')}" for each in world.site.asked]
    once = ["GET /series", "GET /importlistexclusion/paged"]
    assert [each for each in asked if "series" in each or "exclusion" in each] == [
        *sorted(each for each in asked if each in once and "series" in each), once[1],
        *["POST /series"] * 5,
    ]  # fmt: skip
    world.site.asked.clear()
    world.cycle()
    world.add_all()
    assert [each.path for each in world.site.asked] == ["/api/v3/series"]


def test_a_dry_run_says_what_would_be_added_and_changes_nothing(world_of):
    world = world_of(settings(dry_run=True))
    world.know(show(1), show(2))
    _, proposal = world.cycle()
    world.add_all()
    assert proposal.lines() == [
        "dry run: 2 shows would be added; none is, until shows.dry_run is false",
        "all: 2: Show 2 (2024), Show 1 (2024)",
    ]
    assert world.state(1) is ShowState.PENDING
    assert world.queue.counts()[State.PENDING] == 0
    assert {each.method for each in world.site.asked} == {"GET"}


def test_what_was_queued_before_a_dry_run_waits_for_its_end(world):
    world.know(show())
    world.cycle()
    world.sonarrs = Sonarrs(settings(dry_run=True), world.sonarrs.rules, world.sonarrs.instances)
    world.add_all()
    assert (world.state(), world.added) == (ShowState.QUEUED, [])


def test_no_more_are_added_in_a_cycle_and_a_day_than_allowed(world_of):
    world = world_of(settings(max_adds_per_cycle=2, max_adds_per_day=3))
    world.know(*(show(n) for n in range(1, 8)))
    added = []
    for _ in range(6):
        world.cycle()
        world.add_all()
        added.append(len(world.added))
        world.later(6 * HOUR)
    assert added == [2, 3, 3, 3, 5, 6]


def test_what_waits_counts_as_if_it_were_added(world_of):
    world = world_of(settings(max_adds_per_cycle=2))
    world.know(*(show(n) for n in range(1, 8)))
    world.cycle()
    world.cycle()
    assert world.queue.counts()[State.PENDING] == 2


@pytest.mark.slow
def test_without_a_limit_all_are_added(world_of):
    world = world_of(settings(max_adds_per_cycle=0, max_adds_per_day=0))
    world.know(*(show(n) for n in range(1, 80)))
    world.cycle()
    assert world.queue.counts()[State.PENDING] == 79


@pytest.mark.parametrize(
    "trouble",
    [
        STARTING,
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in (SKYHOOK, Reply(502, b"<html>"), Reply(429), Reply(200, b"<html>"))
        ),
    ],
)
def test_an_outage_of_a_day_changes_no_state_and_then_all_are_added_once(world, trouble):
    world.know(*(show(n) for n in range(1, 6)))
    world.cycle()
    world.know(*(show(n) for n in range(6, 11)))
    before = world.store.counts()
    world.site.trouble[""] = trouble
    for minute in range(0, 24 * 60, 90):
        if minute % 360 == 0:
            found, _ = world.cycle()
            assert list(found.out) == ["main"]
        with pytest.raises(ServiceError):
            add_next(world.store, world.queue, world.sonarrs, world.now)
        world.later(HOUR * 1.5)
    assert world.store.counts() == before
    assert {item.attempts for item in world.queue.iter(State.PENDING)} == {0}
    world.site.trouble.clear()
    world.later(HOUR)
    world.cycle()
    world.add_all()
    assert sorted(world.added) == [1000 + n for n in range(1, 11)]
    assert world.store.counts() == {"added": 10}


def test_a_sonarr_that_is_out_is_not_asked_for_every_show(world):
    world.know(*(show(n) for n in range(1, 6)))
    world.cycle()
    world.site.trouble[""] = STARTING
    world.site.asked.clear()
    for _ in range(5):
        with pytest.raises(Unavailable):
            add_next(world.store, world.queue, world.sonarrs, world.now)
    assert len(world.site.asked) == 1


@pytest.mark.slow
def test_an_answer_that_never_came_is_asked_after_before_it_is_repeated(world):
    world.know(show())
    world.cycle()
    world.sonarrs.instances["main"].service.check()
    world.site.trouble["POST /series"] = world.site.hears_and_says_nothing
    world.https["main"].patient = False
    with pytest.raises(Unavailable):
        add_next(world.store, world.queue, world.sonarrs, world.now)
    world.https["main"].patient = True
    assert world.state() is ShowState.QUEUED
    world.later(HOUR)
    world.add_all()
    assert (world.state(), world.row().series_id, len(world.added)) == (ShowState.ADDED, 1, 1)
    assert [each.method for each in world.site.asked].count("POST") == 1


@pytest.mark.slow
def test_an_answer_that_never_came_and_was_not_heard_is_repeated(world):
    world.know(show())
    world.cycle()
    world.sonarrs.instances["main"].service.check()
    world.site.trouble["POST /series"] = world.site.says_nothing
    world.https["main"].patient = False
    with pytest.raises(Unavailable):
        add_next(world.store, world.queue, world.sonarrs, world.now)
    world.https["main"].patient = True
    world.site.trouble.clear()
    world.later(HOUR)
    world.add_all()
    assert (world.state(), world.added) == (ShowState.ADDED, [1001])


@pytest.mark.slow
@pytest.mark.parametrize("moment", killed.MOMENTS)
def test_a_kill_after_the_adding_adds_nothing_twice(tmp_path, moment):
    with SonarrSite({1001: "Show 1"}, key=KEY) as site:
        site.qualities = {"Any": 1}
        program = [sys.executable, "-m", "tests.shows.killed", tmp_path, site.url, moment]
        died = subprocess.run(program, timeout=180, check=False)
        assert (died.returncode, len(site.added)) == (-signal.SIGKILL, 1)
        db, queue = Database(tmp_path / "library.db", backup=None), QueueManager(tmp_path)
        world = World(ShowStore(db), queue, {"main": site}, killed.sonarrs(site.url))
        world.cycle()
        world.add_all()
        assert (world.state(), world.added) == (ShowState.ADDED, [1001])
        assert [each.method for each in site.asked].count("POST") == 1
        assert queue.get("show:tvmaze:1")[0] is State.COMPLETED
        world.sonarrs.instances["main"].service.close()
        queue.close()
        db.close()


def test_a_crash_between_queue_and_catalogue_queues_it_once(world):
    world.know(show())
    item = show_items.of(show(), "all", "main", world.now, default=True)
    world.queue.put_many([item])
    world.cycle()
    assert world.state() is ShowState.QUEUED
    world.add_all()
    assert world.added == [1001]


def test_what_sonarr_has_already_is_not_given_to_it(world):
    world.site.own(1001)
    world.site.own(555, tvMazeId=2)
    world.know(show(1), show(2, tvdb_id=None))
    found, _ = world.cycle()
    assert (found.exists, world.state(1), world.state(2)) == (2, ShowState.EXISTS, ShowState.EXISTS)
    world.add_all()
    assert world.added == []


def test_what_a_person_added_meanwhile_exists(world):
    world.know(show())
    world.cycle()
    world.site.own(1001)
    world.add_all()
    assert world.state() is ShowState.EXISTS


def test_what_sonarr_excludes_is_skipped(world):
    world.site.exclusions[1001] = "Show 1"
    world.know(show())
    found, _ = world.cycle()
    assert (found.excluded, world.state()) == (1, ShowState.SKIPPED)


def test_a_show_that_was_taken_out_of_sonarr_is_never_added_again(world):
    world.know(show(1), show(2))
    world.cycle()
    world.add_all()
    world.site.series.pop(1)
    found, _ = world.cycle()
    gone = next(n for n in (1, 2) if world.state(n) is ShowState.GONE)
    assert found.gone == 1
    world.know(show(gone, updated_s=2, title="Renamed"))
    world.later(HOUR)
    world.cycle()
    world.add_all()
    assert (world.state(gone), len(world.added)) == (ShowState.GONE, 2)


def test_a_show_that_a_person_put_back_into_sonarr_is_there(world):
    world.know(show(1), show(2))
    world.cycle()
    world.add_all()
    was = world.site.series.pop(1)
    world.cycle()
    world.site.own(was["tvdbId"])
    world.cycle()
    assert world.store.counts() == {"added": 1, "exists": 1}


def test_a_lost_catalogue_does_not_bring_back_what_was_taken_out(world):
    world.know(show(1), show(2))
    world.cycle()
    world.add_all()
    gone = world.site.series.pop(1)["tvdbId"] - 1000
    world.store.set_state(gone, ShowState.PENDING)
    world.cycle()
    assert world.state(gone) is ShowState.GONE


def test_an_empty_or_failed_library_takes_nothing_out(world):
    world.know(*(show(n) for n in range(1, 4)))
    world.cycle()
    world.add_all()
    world.site.series.clear()
    found, _ = world.cycle()
    assert (world.store.counts(), list(found.held)) == ({"added": 3}, ["main"])
    for trouble in (Reply(500, b""), Reply(200, b"{}"), Reply(401, b"")):
        world.site.trouble["GET /series"] = trouble
        found, _ = world.cycle()
        assert (world.store.counts(), list(found.out)) == ({"added": 3}, ["main"])
        world.later(30 * HOUR)


@pytest.mark.slow
def test_many_at_once_are_taken_out_only_on_a_persons_word(world_of):
    world = world_of(settings(max_adds_per_cycle=0, max_adds_per_day=0))
    world.know(*(show(n) for n in range(1, 31)))
    world.cycle()
    world.add_all()
    for number in range(1, 12):
        world.site.series.pop(number)
    found, _ = world.cycle()
    assert found.held == {
        "main": "lacks 11 of 30 shows that were there; none was marked as taken out"
    }
    found = reconcile(world.store, world.sonarrs, world.now, confirmed=True)
    assert found.gone == 11


def test_an_id_that_sonarr_does_not_know_fails_until_the_show_has_another(world):
    world.know(show(tvdb_id=5))
    world.cycle()
    world.add_all()
    assert (world.state(), world.row().code) == (ShowState.FAILED, "tvdb_unknown")
    world.know(show(tvdb_id=5, updated_s=2))
    world.cycle()
    assert world.state() is ShowState.FAILED
    world.know(show(updated_s=3))
    world.cycle()
    world.add_all()
    assert (world.state(), world.added) == (ShowState.ADDED, [1001])


def test_a_conflict_fails_one_show_and_no_other(world):
    world.site.own(77, "Show 1", titleSlug="other")
    world.know(show(1), show(2))
    world.cycle()
    world.add_all()
    assert (world.row(1).code, world.state(2)) == ("conflict", ShowState.ADDED)
    assert "is already configured for another series" in world.row(1).sentence


def test_a_show_without_tvdb_id_costs_no_request_and_goes_on_once_it_has_one(world):
    world.know(show(tvdb_id=None))
    world.cycle()
    world.later(8 * 24 * HOUR)
    world.site.asked.clear()
    world.cycle()
    assert [each.path for each in world.site.asked] == ["/api/v3/series"]
    assert world.state() is ShowState.PENDING_TVDB
    world.know(show(updated_s=2))
    world.cycle()
    world.add_all()
    assert world.state() is ShowState.ADDED


def test_an_update_of_an_added_show_costs_no_request_and_keeps_what_is_known(world):
    world.know(show())
    world.cycle()
    world.add_all()
    before = world.row()
    world.site.asked.clear()
    world.know(show(updated_s=9, title="Another Title"))
    world.cycle()
    world.add_all()
    assert (world.row(), len(world.site.asked)) == (before, 1)


def test_a_wrong_setting_marks_no_show_and_holds_up_no_other_selection(world_of):
    selections = (
        Selection(name="anime", genres=("Anime",), root_folder="/anime"),
        Selection(name="rest"),
    )
    world = world_of(settings(selections=selections))
    world.know(show(1), show(2, genres=("Anime",)))
    world.cycle()
    with pytest.raises(ConfigError, match=r'no root folder "/anime".*folders are /tv'):
        world.add_all()
    assert (world.state(1), world.state(2)) == (ShowState.ADDED, ShowState.QUEUED)
    world.site.folders.append("/anime")
    world.sonarrs.instances["main"].service.check()
    world.add_all()
    assert world.site.added[1]["rootFolderPath"] == "/anime"


def test_a_refused_key_stops_asking_and_marks_no_show(world):
    world.know(show(1), show(2))
    world.cycle()
    world.site.key = "other"
    world.site.asked.clear()
    for _ in range(3):
        with pytest.raises(NotAuthorised, match="credentials set"):
            add_next(world.store, world.queue, world.sonarrs, world.now)
    assert (world.store.counts(), len(world.site.asked)) == ({"queued": 2}, 1)


def test_selections_go_to_their_own_sonarr_and_one_that_is_out_holds_up_no_other(world_of):
    selections = (
        Selection(name="anime", genres=("Anime",), sonarr="anime", tags=("from-rule",)),
        Selection(name="rest", monitor="pilot"),
    )
    world = world_of(
        settings(selections=selections),
        main=Section(url="http://x"),
        anime=Section(url="http://y", tags=("anime",), search_on_add=False),
    )
    world.know(show(1), show(2, genres=("Anime",)), show(3, genres=("Anime",)))
    world.cycle()
    world.sites["anime"].trouble[""] = STARTING
    with pytest.raises(Unavailable, match=r"sonarr\.anime"):
        world.add_all()
    assert [world.state(n) for n in (1, 2, 3)] == [
        ShowState.ADDED, ShowState.QUEUED, ShowState.QUEUED,
    ]  # fmt: skip
    assert world.site.added[0]["addOptions"]["monitor"] == "pilot"
    world.sites["anime"].trouble.clear()
    world.later(HOUR)
    world.add_all()
    body = world.sites["anime"].added[0]
    assert world.sites["anime"].tags == {"anime": 1, "from-rule": 2}
    assert (body["tags"], body["addOptions"]["searchForMissingEpisodes"]) == ([1, 2], False)
    assert world.queue.get("show:tvmaze:2@anime")


def test_a_selection_without_a_sonarr_is_told(world_of):
    world = world_of(settings(selections=(Selection(name="lost", sonarr="nowhere"),)))
    world.know(show())
    _, proposal = world.cycle()
    assert world.state() is ShowState.PENDING
    assert "names no Sonarr that is switched on" in proposal.lines()[-1]


@pytest.mark.parametrize("word", ["remove", "skip"])
def test_what_a_person_takes_out_of_the_queue_is_skipped_for_ever(world, word):
    world.know(show())
    world.cycle()
    getattr(world.queue, word)("show:tvmaze:1")
    world.cycle()
    world.know(show(updated_s=5))
    world.cycle()
    world.add_all()
    assert (world.state(), world.added) == (ShowState.SKIPPED, [])


def test_a_selection_that_is_gone_gives_its_queued_shows_back(world):
    world.know(show())
    world.cycle()
    fewer = settings(selections=(Selection(name="other", genres=("Anime",)),))
    world.sonarrs = Sonarrs(fewer, rules(fewer), world.sonarrs.instances)
    world.add_all()
    assert (world.state(), world.added) == (ShowState.PENDING, [])
    assert world.queue.counts()[State.PENDING] == 0


def test_every_selection_is_looked_at_before_the_first_show(world_of):
    world = world_of(settings(selections=(Selection(name="kids", root_folder="/kids"),)))
    with pytest.raises(ConfigError, match="/kids"):
        world.sonarrs.require()
    world.site.folders.append("/kids")
    assert world.sonarrs.require()["kids"].startswith("Sonarr 4.0.19.2979 answers")


class AddsMeanwhile:
    """A Sonarr whose answer is a moment old: a show is added while it comes in."""

    def __init__(self, service, world):
        self._service, self._world = service, world

    def __getattr__(self, name):
        return getattr(self._service, name)

    def library(self):
        known = self._service.library()
        self._world.add_all()
        return known


def test_a_show_that_is_added_while_sonarr_tells_what_it_has_is_not_taken_out(world):
    world.know(show(1), show(2))
    world.cycle()
    one = world.sonarrs.instances["main"]
    world.sonarrs.instances["main"] = one._replace(service=AddsMeanwhile(one.service, world))
    found = reconcile(world.store, world.sonarrs, world.now)
    assert (found.gone, found.held) == (0, {})
    assert {world.state(1), world.state(2)} == {ShowState.ADDED}


def test_no_passing_show_is_left_out_or_found_twice_while_others_stop_to_pass(world):
    world.know(*(show(n) for n in range(1, 1203)))
    found = []
    for known, _ in passing(world.store):
        found.append(known.tvmaze_id)
        if known.tvmaze_id % 100 == 0:
            for gone in (known.tvmaze_id, known.tvmaze_id - 50):
                world.store.set_state(gone, ShowState.SKIPPED, now=make.NOON)
    assert found == sorted(set(found), reverse=True)
    assert set(range(1, 1203)) - set(found) <= set(range(50, 1203, 100))
