import pytest

from movie_sync.errors import NotQueued, Refused
from movie_sync.models import State
from movie_sync.shows.adding import queue_candidates, reconcile
from movie_sync.shows.reviewing import add_now, approve, exclude, reject
from movie_sync.shows.verdict import ShowState
from movie_sync.shows_settings import Selection
from tests import make
from tests.shows.world import Worlds, settings, show


@pytest.fixture
def world_of(queue, store, request):
    with Worlds(queue, store, request.config) as worlds:
        yield worlds.make


REVIEWED = settings(review="all")


def test_a_show_in_review_is_added_once_a_person_approves_it(world_of):
    world = world_of(REVIEWED)
    world.know(show(1), show(2))
    world.cycle()
    world.add_all()
    assert (world.store.counts(), world.added) == ({"review": 2}, [])
    approve(world.store, 1, world.now)
    world.know(show(1, updated_s=2))
    world.cycle()
    world.add_all()
    assert (world.state(1), world.state(2), world.added) == (
        ShowState.ADDED, ShowState.REVIEW, [1001],
    )  # fmt: skip


def test_what_a_person_approved_goes_first(world_of):
    world = world_of(settings(max_adds_per_cycle=1, max_adds_per_day=0))
    world.know(*(show(n) for n in range(1, 10)))
    approve(world.store, 4, world.now)
    world.cycle()
    assert world.state(4) is ShowState.QUEUED


def test_a_show_that_no_selection_takes_can_be_approved(world_of):
    world = world_of(settings(selections=(Selection(name="anime", genres=("Anime",)),)))
    world.know(show())
    assert world.state() is ShowState.FILTERED
    approve(world.store, 1, world.now)
    world.cycle()
    world.add_all()
    assert world.added == [1001]


def test_an_approved_show_without_tvdb_id_waits_for_one(world_of):
    world = world_of()
    world.know(show(tvdb_id=None))
    approve(world.store, 1, world.now)
    assert world.state() is ShowState.PENDING_TVDB


def test_approving_what_is_there_changes_nothing(world_of):
    world = world_of()
    world.know(show())
    world.cycle()
    world.add_all()
    approve(world.store, 1, world.now)
    assert world.state() is ShowState.ADDED


def test_a_rejected_show_is_never_added_whatever_changes(world_of):
    world = world_of()
    world.know(show())
    world.cycle()
    reject(world.store, world.queue, 1, world.now)
    assert world.queue.get("show:tvmaze:1")[0] is State.REMOVED
    world.know(show(updated_s=9))
    world.cycle()
    world.add_all()
    assert (world.state(), world.added) == (ShowState.SKIPPED, [])
    approve(world.store, 1, world.now)
    world.queue.restore("show:tvmaze:1")
    world.cycle()
    world.add_all()
    assert world.added == [1001]


def test_an_excluded_show_is_excluded_in_sonarr_too(world_of):
    world = world_of(REVIEWED)
    world.know(show())
    exclude(world.store, world.queue, world.sonarrs, 1, world.now)
    assert world.site.exclusions == {1001: "Show 1"}
    assert world.state() is ShowState.SKIPPED


def test_in_a_dry_run_an_excluded_show_is_rejected_here_alone(world_of):
    world = world_of(settings(dry_run=True))
    world.know(show())
    with pytest.raises(Refused, match="Sonarr was not told, for it is a dry run"):
        exclude(world.store, world.queue, world.sonarrs, 1, world.now)
    assert (world.state(), world.site.exclusions) == (ShowState.SKIPPED, {})


def test_a_show_that_is_not_there_is_told(world_of):
    world = world_of()
    with pytest.raises(NotQueued, match="no show with the TVMaze id 7"):
        approve(world.store, 7, make.NOON)


def test_nothing_is_queued_for_a_sonarr_that_was_not_reached(world_of):
    world = world_of()
    world.know(show())
    assert queue_candidates(world.store, world.queue, world.sonarrs, world.now).queued == 0
    reconcile(world.store, world.sonarrs, world.now)
    assert queue_candidates(world.store, world.queue, world.sonarrs, world.now).queued == 1


def test_what_was_rejected_while_it_was_queued_is_added_once_it_is_approved(world_of):
    world = world_of()
    world.know(show())
    world.cycle()
    reject(world.store, world.queue, 1, world.now)
    approve(world.store, 1, world.now)
    world.cycle()
    world.add_all()
    assert (world.state(), world.added) == (ShowState.ADDED, [1001])


def test_what_was_taken_out_of_sonarr_is_added_again_once_it_is_approved(world_of):
    world = world_of()
    world.know(show())
    world.cycle()
    world.add_all()
    world.store.set_state(1, ShowState.GONE, now=world.now)
    world.site.series.clear()
    approve(world.store, 1, world.now)
    world.cycle()
    world.add_all()
    assert (world.state(), world.added) == (ShowState.ADDED, [1001, 1001])


def test_a_show_is_added_now_whatever_the_day_allows(world_of):
    nothing = Selection(name="none", types=("x",))
    world = world_of(settings(max_adds_per_day=1, selections=(nothing,)))
    world.know(show(1), show(2))
    for number in (1, 2):
        add_now(world.store, world.queue, world.sonarrs, number, world.now)
    world.add_all()
    assert world.added == [1001, 1002]


def test_a_show_that_is_to_be_added_now_waits_for_the_end_of_a_dry_run(world_of):
    world = world_of(settings(dry_run=True, selections=REVIEWED.selections))
    world.know(show())
    row = add_now(world.store, world.queue, world.sonarrs, 1, world.now)
    assert (row.state, row.code) == (ShowState.PENDING, "approved")
