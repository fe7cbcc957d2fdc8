import threading
from datetime import timedelta

import pytest

from movie_sync.breaker import Breaker
from movie_sync.db import Database
from movie_sync.errors import FilesError, Stopping, Unavailable
from movie_sync.shows import state_file
from movie_sync.shows.store import ShowStore
from movie_sync.shows.sync import ShowParts, ShowSync, due_at, run_cycle
from movie_sync.shows.verdict import ShowState, Verdict
from tests import make

NOON = make.NOON
HOUR = timedelta(hours=1)


class Catalogue:
    """A source in memory: one page of two shows, and what changed among them."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.error: Exception | None = None
        self.shows = {n: make.show(n) for n in (1, 2)}

    def page(self, number):
        self._ask(f"page {number}")
        return None if number else list(self.shows.values())

    def show(self, tvmaze_id):
        self._ask(f"show {tvmaze_id}")
        return self.shows[tvmaze_id]

    def updates(self, since=None):
        self._ask("updates")
        return {n: show.updated_s for n, show in self.shows.items()}

    def _ask(self, what):
        self.asked.append(what)
        if self.error:
            raise self.error


class World:
    def __init__(self, home, **changes) -> None:
        self.home, self.source = home, Catalogue()
        self.db = Database(home / "library.db", backup=None)
        self.store = ShowStore(self.db)
        self.did: list[str] = []
        self.sonarr_error: Exception | None = None
        facts = {
            "store": self.store, "source": self.source, "judge": judge, "judge_all": self.judge_all,
            "rules_hash": "one", "queue_passing": self.queue_passing, "reconcile": self.reconcile,
            "breaker": Breaker(None, "tvmaze"), "home": home, "clock": lambda: NOON,
        }  # fmt: skip
        self.parts = ShowParts(**(facts | changes))

    def judge_all(self, now):
        self.did.append("judged")
        return 3

    def queue_passing(self, now):
        self.did.append("queued")
        return len(self.store.states(ShowState.PENDING))

    def reconcile(self, now):
        self.did.append("reconciled")
        if self.sonarr_error:
            raise self.sonarr_error


def judge(show):
    return Verdict(ShowState.PENDING, "mine", "passes", "fits mine")


@pytest.fixture
def make_world(tmp_path):
    made = []

    def world(**changes):
        made.append(World(tmp_path, **changes))
        return made[-1]

    yield world
    for one in made:
        one.db.close()


@pytest.fixture
def world(make_world):
    return make_world()


def test_the_first_pass_begins_at_once_and_changes_are_asked_for_right_after(world):
    sync = ShowSync(world.parts)
    assert sync.run(NOON) == 0.0
    assert world.source.asked == ["page 0", "page 1"]
    assert sync.run(NOON) > 0
    assert world.source.asked[2:] == ["updates"]
    assert sync.cycle.queued == 2


def test_after_a_restart_it_neither_waits_a_whole_interval_nor_asks_too_soon(world):
    for _ in range(2):
        ShowSync(world.parts).run(NOON)
    world.source.asked.clear()
    again = ShowSync(world.parts)
    assert again.run(NOON + 5 * HOUR) > 0
    assert again.next_at(NOON + 5 * HOUR) == NOON + 6 * HOUR
    assert world.source.asked == []
    again.run(NOON + 6 * HOUR)
    assert world.source.asked == ["updates"]


def test_a_clock_that_was_set_back_holds_up_nothing(world):
    for _ in range(2):
        ShowSync(world.parts).run(NOON)
    before = NOON - timedelta(days=400)
    assert due_at(world.parts, before) == before


def test_other_rules_judge_all_shows_again_without_asking_anybody(make_world):
    first = make_world()
    for _ in range(2):
        ShowSync(first.parts).run(NOON)
    assert first.did.count("judged") == 1
    world = make_world(rules_hash="two")
    ShowSync(world.parts).run(NOON)
    assert (world.did, world.source.asked) == (["judged", "reconciled", "queued"], [])
    ShowSync(world.parts).run(NOON)
    assert world.did.count("judged") == 1


def test_a_trigger_begins_a_cycle_and_is_refused_only_while_one_is_in_hand(make_world):
    refused = []
    world = make_world(queue_passing=lambda now: refused.append(sync.trigger()) or 0)
    sync = ShowSync(world.parts)
    for _ in range(2):
        sync.run(NOON)
    assert refused == [False, False]
    world.source.asked.clear()
    assert not sync.running
    assert sync.trigger()
    sync.run(NOON)
    assert world.source.asked == ["updates"]
    assert sync.run(NOON) > 0
    assert world.source.asked == ["updates"]


def test_a_wish_to_judge_again_is_kept_while_a_cycle_is_in_hand(make_world):
    world = make_world(queue_passing=lambda now: sync.refilter() or 0)
    sync = ShowSync(world.parts)
    sync.run(NOON)
    assert world.did.count("judged") == 1
    sync.run(NOON)
    assert world.did.count("judged") == 2


def test_while_sonarr_is_down_the_catalogue_is_read_and_shows_are_queued(world):
    world.sonarr_error = Unavailable("sonarr", "no answer")
    with pytest.raises(Unavailable, match="sonarr"):
        run_cycle(world.parts, NOON)
    assert world.store.count() == 2
    assert world.did == ["judged", "reconciled", "queued"]


def test_while_tvmaze_is_down_known_shows_still_go_on_and_it_is_asked_again(world):
    for _ in range(2):
        run_cycle(world.parts, NOON)
    world.did.clear()
    world.source.error = Unavailable("tvmaze", "no answer", 40.0)
    sync = ShowSync(world.parts)
    with pytest.raises(Unavailable, match="no answer") as caught:
        sync.run(NOON + 6 * HOUR)
    assert caught.value.retry_after_s == 40.0
    assert world.did == ["reconciled", "queued"]
    assert sync.problem is caught.value
    assert due_at(world.parts, NOON + 6 * HOUR) <= NOON + 6 * HOUR
    world.source.asked.clear()
    with pytest.raises(Unavailable):  # the pause holds, whoever comes
        sync.run(NOON + 6 * HOUR)
    assert world.source.asked == []


def test_a_person_who_wants_it_now_does_not_wait_out_an_outage(world):
    for _ in range(2):
        run_cycle(world.parts, NOON)
    world.source.error = Unavailable("tvmaze", "no answer")
    with pytest.raises(Unavailable):
        run_cycle(world.parts, NOON)
    world.source.error = None
    sync = ShowSync(world.parts)
    assert sync.trigger()
    sync.run(NOON)
    assert sync.problem is None


@pytest.mark.parametrize("error", [FilesError("the disk is full"), Stopping("stopping")])
def test_where_nothing_can_be_stored_the_cycle_ends(make_world, error):
    def judge_all(now):
        raise error

    world = make_world(judge_all=judge_all)
    with pytest.raises(type(error)):
        run_cycle(world.parts, NOON)
    assert (world.did, world.source.asked) == ([], [])


def test_who_waits_for_an_id_for_too_long_is_given_up(make_world):
    waits = Verdict(ShowState.PENDING_TVDB, "mine", "no_tvdb_id", "it has no TVDB id")
    world = make_world(judge=lambda show: waits)
    for _ in range(2):
        run_cycle(world.parts, NOON)
    assert run_cycle(world.parts, NOON + timedelta(days=364)).abandoned == 0
    assert run_cycle(world.parts, NOON + timedelta(days=366)).abandoned == 2
    assert [what for what in world.source.asked if what.startswith("show")] == []


def test_the_state_is_told_in_a_file_and_its_copy_is_of_a_whole_cycle(world):
    run_cycle(world.parts, NOON)
    run_cycle(world.parts, NOON)
    told = state_file.read(world.home)
    assert (told.last_tvmaze_page, told.highest_tvmaze_id, told.last_filter_hash) == (0, 2, "one")
    world.sonarr_error = Unavailable("sonarr", "no answer")
    with pytest.raises(Unavailable):
        run_cycle(world.parts, NOON + HOUR)
    copy = (world.home / "state.json.bak").read_text()
    assert "13:00" in (world.home / "state.json").read_text()
    assert "13:00" not in copy


def test_what_a_cycle_did_is_told_in_a_sentence(world):
    first = run_cycle(world.parts, NOON)
    said = "3 of the known shows judged otherwise; the catalogue read: 2 shows; 2 queued"
    assert first.sentence == said
    world.source.shows[9] = make.show(9)
    assert run_cycle(world.parts, NOON).sentence == "changes read: 1 show, 1 of them new; 3 queued"


def test_whoever_looks_sees_a_cycle_while_it_is_in_hand(make_world):
    inside, go_on = threading.Event(), threading.Event()

    def wait(now):
        inside.set()
        assert go_on.wait(60)

    world = make_world(reconcile=wait)
    sync = ShowSync(world.parts)
    thread = threading.Thread(target=sync.run, args=(NOON,))
    thread.start()
    assert inside.wait(60)
    assert (sync.running, sync.trigger(), sync.cycle.read.stored) == (True, False, 2)
    go_on.set()
    thread.join()
    assert not sync.running
