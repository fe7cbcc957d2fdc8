import threading
from datetime import timedelta
from itertools import chain

import pytest

from movie_sync.models import State
from movie_sync.queue_moves import MOST_CLAIMS
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from tests import make
from tests.queue_home import NEVER_S, as_crashed, ids, in_files, quick_folder, states

ID = make.item(1).id
LATER = make.NOON + timedelta(hours=1)
RETRIES = Retries(max_retries=3, chance=lambda: 0.0)


def opened(folder):
    return QueueManager(folder, retries=RETRIES, now=lambda: make.NOON, idle_s=NEVER_S)


@pytest.fixture
def home():
    with quick_folder() as folder:
        (folder / "home").mkdir()
        yield folder / "home"


@pytest.fixture
def queue(home):
    queue = opened(home)
    yield queue
    queue.close()


@pytest.fixture
def after():
    """The queues as they would be, were the process to die now."""
    opened_since = []

    def crash(folder):
        copy = folder.with_name(f"after-{len(opened_since)}")
        opened_since.append(opened(as_crashed(folder, copy)))
        return opened_since[-1]

    yield crash
    for queue in opened_since:
        queue.close()


def put(queue, *numbers, **changes):
    queue.put_many(make.item(number, **changes) for number in numbers)


def brought(queue, state):
    """Item 1, in this state."""
    put(queue, 1)
    if state is State.REMOVED:
        queue.remove(ID)
    elif state is not State.PENDING:
        queue.take("film")
    if state is State.FAILED:
        queue.fail(ID, "nobody answered", LATER)
    elif state is State.COMPLETED:
        queue.complete(ID)
    assert states(queue) == {ID: state}
    return queue


# Moves

MOVES = {
    "take": (lambda queue: queue.take("film"), [State.PENDING], State.ACTIVE),
    "update": (lambda queue: queue.update(ID, step="adding"), [State.ACTIVE], State.ACTIVE),
    "complete": (
        lambda queue: queue.complete(ID),
        [State.ACTIVE, State.PENDING],
        State.COMPLETED,
    ),
    "fail": (lambda queue: queue.fail(ID, "no", LATER), [State.ACTIVE], State.FAILED),
    "release": (lambda queue: queue.release(ID, "down"), [State.ACTIVE], State.PENDING),
    "retry": (lambda queue: queue.retry(ID), [State.FAILED], State.PENDING),
    "skip": (lambda queue: queue.skip(ID), [State.PENDING, State.FAILED], State.FAILED),
    "remove": (
        lambda queue: queue.remove(ID),
        [State.PENDING, State.ACTIVE, State.FAILED, State.COMPLETED],
        State.REMOVED,
    ),
    "restore": (lambda queue: queue.restore(ID), [State.REMOVED], State.PENDING),
}


@pytest.mark.parametrize(
    ("move", "begins", "ends"),
    [(move, state, ends) for move, (_, begins, ends) in MOVES.items() for state in begins],
)
def test_a_move_returns_the_item_as_it_is_now(queue, move, begins, ends):
    brought(queue, begins)
    moved = MOVES[move][0](queue)
    assert queue.get(ID) == (ends, moved)


@pytest.mark.parametrize("move", [move for move in MOVES if move not in ("take", "update")])
def test_a_move_is_known_after_a_crash(home, queue, after, move):
    make_it, begins, ends = MOVES[move]
    brought(queue, begins[0])
    moved = make_it(queue)
    assert after(home).get(ID) == (ends, moved)


@pytest.mark.parametrize(
    ("move", "state"),
    [
        (move, state)
        for move, (_, begins, _) in MOVES.items()
        for state in State
        if state not in begins
    ],
)
def test_a_move_from_another_state_changes_nothing_and_says_none(queue, move, state):
    brought(queue, state)
    before = queue.get(ID)
    assert MOVES[move][0](queue) is None
    assert queue.get(ID) == before


@pytest.mark.parametrize("move", MOVES)
def test_a_move_of_what_is_not_known_says_none(queue, move):
    assert MOVES[move][0](queue) is None
    assert states(queue) == {}


def test_what_is_done_keeps_where_it_went_and_forgets_its_troubles(queue):
    brought(queue, State.FAILED)
    queue.retry(ID)
    queue.take("film")
    queue.update(ID, handle="a" * 40)
    queue.show_progress(ID, 0.5, "downloading")
    done = queue.complete(ID, data={"path": "/films/1.mkv"})
    assert done.data == {"path": "/films/1.mkv"}
    assert (done.completed_at, done.attempts) == (make.NOON, 1)
    assert (done.last_error, done.retry_at, done.handle, done.progress, done.step, done.claims) == (
        None, None, None, None, None, 0,
    )  # fmt: skip


# Order


def test_first_in_is_first_out(queue):
    put(queue, 3, 1, 2)
    assert [queue.take("film").title[:6] for _ in range(3)] == ["Film 3", "Film 1", "Film 2"]
    assert queue.take("film") is None


def test_a_higher_priority_is_taken_first(queue):
    put(queue, 1, 2)
    put(queue, 3, 4, priority=1)
    put(queue, 5, priority=-1)
    assert [queue.take("film").id[-1] for _ in range(5)] == ["3", "4", "1", "2", "5"]


def test_each_kind_has_its_own_turn(queue):
    put(queue, 1)
    put(queue, 2, kind="show")
    assert queue.take("show").id == make.item(2).id
    assert queue.take("show") is None
    assert queue.take("film").id == ID


def test_what_is_put_back_keeps_its_place(home, queue, after):
    put(queue, 1, 2, 3)
    queue.take("film")
    assert queue.take("film").id == make.item(2).id
    released = queue.release(make.item(2).id, "filelist: down")
    assert (released.last_error, released.claims) == ("filelist: down", 0)
    queue.release(ID)
    for one in (queue, after(home)):
        assert [one.take("film").id[-1] for _ in range(3)] == ["1", "2", "3"]


def test_what_is_retried_goes_to_the_end(queue):
    brought(queue, State.FAILED)
    put(queue, 2)
    queue.retry(ID)
    assert [queue.take("film").id[-1] for _ in range(2)] == ["2", "1"]


def test_what_is_put_back_again_and_again_costs_no_memory(queue):
    put(queue, 1, 2)
    for _ in range(200):
        queue.take("film")
        queue.release(ID)
    assert len(queue._store.items._turns["film"]) == 2


# Wants


def test_a_film_on_two_lists_is_one_item_with_two_wants(queue):
    put(queue, 1)
    assert queue.put_many([make.item(1, wanted_by=("letterboxd:bob",))]) == 0
    assert queue.get(ID)[1].wanted_by == ("letterboxd:alice", "letterboxd:bob")
    before = queue.get(ID)
    assert queue.put_many([make.item(1, wanted_by=("letterboxd:bob",))]) == 0
    assert queue.get(ID) == before


def test_a_film_twice_in_one_batch_is_one_item_with_both_wants(queue):
    assert queue.put_many([make.item(1), make.item(1, wanted_by=("letterboxd:bob",))]) == 1
    assert queue.get(ID)[1].wanted_by == ("letterboxd:alice", "letterboxd:bob")


@pytest.mark.parametrize("state", [State.ACTIVE, State.FAILED, State.COMPLETED])
def test_a_new_want_moves_nothing(queue, state):
    brought(queue, state)
    assert queue.put_many([make.item(1, wanted_by=("letterboxd:bob",))]) == 0
    assert states(queue) == {ID: state}


@pytest.mark.parametrize("state", [State.PENDING, State.FAILED])
def test_what_nobody_wants_any_more_is_removed(home, queue, after, state):
    brought(queue, state)
    (item,) = queue.unwant([ID, ID, "film:unknown"], "letterboxd:alice")
    assert (item.wanted_by, item.data["removed_by"]) == ((), "letterboxd:alice")
    assert after(home).get(ID)[0] is State.REMOVED
    assert queue.get(ID)[1].removed_at == make.NOON


def test_one_want_of_two_is_enough(queue):
    put(queue, 1, wanted_by=("letterboxd:alice", "letterboxd:bob"))
    assert queue.unwant([ID], "letterboxd:alice") == []
    assert queue.unwant([ID], "letterboxd:carol") == []
    assert queue.get(ID)[0] is State.PENDING


@pytest.mark.parametrize("state", [State.ACTIVE, State.COMPLETED])
def test_what_is_under_way_or_done_stays_though_nobody_wants_it(queue, state):
    brought(queue, state)
    assert ids(queue.unwant([ID], "letterboxd:alice")) == [ID]
    assert states(queue) == {ID: state}


def test_what_nobody_wants_by_the_time_it_comes_back_is_removed(queue):
    put(queue, 1, 2, 3)
    for _ in range(3):
        queue.take("film")
    queue.unwant([make.item(number).id for number in (1, 2, 3)], "letterboxd:alice")
    queue.fail(ID, "no", LATER)
    queue.release(make.item(2).id)
    queue.complete(make.item(3).id)
    assert list(states(queue).values()) == [State.COMPLETED, State.REMOVED, State.REMOVED]
    put(queue, 1, 2)
    assert queue.counts()[State.PENDING] == 2


def test_what_left_the_list_and_comes_back_is_wanted_again(queue):
    brought(queue, State.FAILED)
    queue.unwant([ID], "letterboxd:alice")
    assert queue.put_many([make.item(1)]) == 0
    state, item = queue.get(ID)
    assert (state, item.attempts, item.removed_at) == (State.PENDING, 0, None)
    assert "removed_by" not in item.data


def test_what_a_person_removed_stays_so_though_it_is_listed(home, queue, after):
    brought(queue, State.PENDING)
    queue.remove(ID)
    for one in (queue, after(home)):
        assert one.put_many([make.item(1), make.item(1, wanted_by=("letterboxd:bob",))]) == 0
        assert one.get(ID)[0] is State.REMOVED


def test_what_was_done_before_it_was_removed_is_done_again_when_restored(queue):
    brought(queue, State.COMPLETED)
    queue.remove(ID)
    queue.restore(ID)
    assert queue.get(ID)[0] is State.COMPLETED
    assert queue.get(ID)[1].data == {"year": 1999}


# Failing


def test_a_failure_waits_for_its_time(queue):
    brought(queue, State.FAILED)
    assert queue.ready(LATER - timedelta(seconds=1)) == []
    assert ids(queue.ready(LATER)) == [ID]
    assert queue.next_retry_at() == LATER


def test_failures_that_counted_end_for_good(queue):
    put(queue, 1)
    for attempt in range(1, 4):
        queue.take("film")
        item = queue.fail(ID, "no", LATER)
        assert (item.attempts, item.permanent) == (attempt, attempt == 3)
        queue.retry(ID) if attempt < 3 else None
    assert (item.retry_at, queue.ready(LATER), queue.next_retry_at()) == (None, [], None)


def test_searches_that_found_nothing_never_end(queue):
    put(queue, 1)
    for search in range(1, 10):
        queue.take("film")
        item = queue.fail(ID, "none offered", LATER, counted=False)
        assert (item.searches, item.attempts, item.permanent) == (search, 0, False)
        queue.retry(ID)
    queue.take("film")
    assert queue.fail(ID, "broken", LATER).searches == 0


@pytest.mark.parametrize(("retry_at", "permanent"), [(LATER, True), (None, False)])
def test_what_is_given_up_is_never_ready(queue, retry_at, permanent):
    brought(queue, State.ACTIVE)
    item = queue.fail(ID, "a series", retry_at, permanent=permanent)
    assert (item.permanent, item.retry_at) == (True, None)
    assert queue.get_statistics()["permanent_failures"] == 1


def test_a_person_retries_afresh_and_the_program_does_not(queue):
    brought(queue, State.FAILED)
    item = queue.retry(ID)
    assert (item.attempts, item.retry_at, item.last_error) == (1, None, "nobody answered")
    queue.take("film")
    queue.fail(ID, "again", LATER)
    item = queue.retry(ID, afresh=True)
    assert (item.attempts, item.last_error) == (0, None)


def test_what_is_skipped_is_not_looked_for_until_retried(queue):
    brought(queue, State.PENDING)
    queue.skip(ID)
    assert (queue.take("film"), queue.ready(LATER)) == (None, [])
    queue.retry(ID)
    assert queue.take("film").id == ID


# Claims


def test_a_claim_that_a_crash_ended_is_pending_again_in_its_place(home, queue, after):
    put(queue, 1, 2)
    queue.take("film")
    again = after(home).take("film")
    assert (again.id, again.claims) == (ID, 2)


def test_what_a_torrent_client_has_goes_on_after_a_crash(home, queue, after):
    brought(queue, State.ACTIVE)
    queue.update(ID, handle="a" * 40, step="downloading")
    assert after(home).get(ID) == queue.get(ID)


def test_what_stops_the_program_again_and_again_fails(home, queue, after):
    put(queue, 1)
    for claim in range(1, MOST_CLAIMS + 1):
        assert queue.take("film").claims == claim
        home = queue._store._folder
        queue = after(home)
    state, item = queue.get(ID)
    assert state is State.FAILED
    assert item.last_error == "taken 5 times without an outcome, as if it stopped the program"
    assert (item.attempts, item.claims, item.retry_at) == (1, 0, LATER)


def test_a_claim_that_a_clean_end_cut_short_is_not_held_against_it(home):
    for _ in range(MOST_CLAIMS + 2):
        queue = opened(home)
        put(queue, 1)
        assert queue.take("film").claims == 1
        queue.close()
        assert in_files(home) == {ID: State.PENDING}


# Two items that are one


def test_two_items_that_are_one_become_one(home, queue, after):
    put(queue, 1)
    put(queue, 2, wanted_by=("letterboxd:bob",))
    queue.take("film")
    queue.merge(ID, make.item(2).id)
    for one in (queue, after(home)):
        state, item = one.get(make.item(2).id)
        assert (one.get(ID), state) == (None, State.PENDING)
        assert item.wanted_by == ("letterboxd:bob", "letterboxd:alice")
        assert item.data["aliases"] == [ID]
    assert queue.fail(ID, "too late", LATER) is None


def test_what_left_its_list_is_back_when_another_turns_out_to_be_the_same(queue):
    put(queue, 1)
    queue.unwant([ID], "letterboxd:alice")
    put(queue, 2, wanted_by=("letterboxd:bob",))
    queue.merge(make.item(2).id, ID)
    assert states(queue) == {ID: State.PENDING}


def test_an_item_is_not_merged_with_itself_or_with_nothing(queue):
    put(queue, 1)
    before = queue.get(ID)
    queue.merge(ID, ID)
    queue.merge(ID, "film:unknown")
    queue.merge("film:unknown", ID)
    assert queue.get(ID) == before


# Looking


def test_the_counts(queue):
    put(queue, 1, 2, 3, 4, 5, 6)
    for _ in range(4):
        queue.take("film")
    queue.complete(ID)
    queue.fail(make.item(2).id, "no", LATER)
    queue.fail(make.item(3).id, "no", None, permanent=True)
    queue.remove(make.item(5).id)
    assert queue.get_statistics() == {
        "pending": 1, "active": 1, "failed": 2, "completed": 1, "removed": 1,
        "permanent_failures": 1,
    }  # fmt: skip
    assert sum(queue.counts().values()) == 6


def test_the_names_of_the_users_design(queue):
    assert queue.add_to_pending(make.item(1)) is True
    assert queue.add_to_pending(make.item(1)) is False
    item = queue.get_next_pending()
    assert queue.add_to_failed(item, "no", make.NOON).last_error == "no"
    assert ids(queue.get_movies_ready_for_retry(max_retries=5)) == [ID]
    assert queue.get_movies_ready_for_retry(max_retries=1) == []
    assert queue.move_failed_to_pending(item).attempts == 1
    assert queue.add_to_completed(queue.get_next_pending()).completed_at == make.NOON


def test_progress_is_shown_and_not_promised(home, queue, after):
    brought(queue, State.ACTIVE)
    queue.update(ID, handle="a" * 40)
    seq = queue.get(ID)[1].seq
    queue.show_progress(ID, 0.25, "downloading")
    item = queue.get(ID)[1]
    assert (item.progress, item.step, item.seq) == (0.25, "downloading", seq)
    assert after(home).get(ID)[1].progress is None
    queue.show_progress("film:unknown", 0.5, "downloading")
    queue.remove(ID)
    queue.show_progress(ID, 0.5, "downloading")
    assert queue.get(ID)[1].progress is None


def test_workers_are_woken_by_what_is_new_and_not_by_what_is_put_back(queue):
    pending, loading = threading.Event(), threading.Event()
    queue.wake_on_pending(pending)
    queue.wake_on_loading(loading)
    put(queue, 1)
    assert pending.is_set()
    pending.clear()
    queue.take("film")
    queue.release(ID)
    assert not pending.is_set()
    queue.take("film")
    queue.update(ID, handle="a" * 40)
    assert loading.is_set()
    loading.clear()
    queue.update(ID, step="downloading")
    assert not loading.is_set()
    queue.fail(ID, "no", LATER)
    queue.retry(ID)
    assert pending.is_set()


# Threads


def test_eight_threads_claim_sixty_items_exactly_once(queue):
    put(queue, *range(60))
    claimed = [[] for _ in range(8)]

    def work(mine):
        while item := queue.take("film"):
            mine.append(item.id)
            queue.complete(item.id)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(chain.from_iterable(claimed)) == sorted(
        make.item(number).id for number in range(60)
    )
    assert queue.counts()[State.COMPLETED] == 60


def upgrading(queue):
    """Film 1 is done, and something better is looked for."""
    queue.put_many([make.item(1)])
    queue.take("film")
    release = {"indexer": "fake", "id": "7", "name": "Film.1.1999.720p"}
    queue.complete(
        "film:letterboxd:1", data={"release": release, "path": "/films/1.mkv", "handle": "h"}
    )
    return queue.reopen("film:letterboxd:1"), release


def test_what_is_done_can_be_bettered_and_notes_what_is_there(queue):
    item, release = upgrading(queue)
    assert queue.get(item.id)[0] is State.PENDING
    assert item.data["have"] == {
        "path": "/films/1.mkv", "release": "Film.1.1999.720p", "handle": "h", "taken": release,
    }  # fmt: skip


def test_where_nothing_better_comes_it_is_done_as_before(queue):
    item, release = upgrading(queue)
    queue.take("film")
    queue.update(item.id, handle="new", data={**item.data, "release": {"name": "other"}})
    done = queue.settle(item.id, upgrade_tries=1)
    assert queue.get(item.id)[0] is State.COMPLETED
    assert (done.handle, done.step, done.completed_at) == (None, None, item.completed_at)
    assert done.data == {
        "release": release, "path": "/films/1.mkv", "handle": "h", "upgrade_tries": 1,
    }  # fmt: skip


def test_what_is_there_is_not_set_aside_while_a_better_one_is_looked_for(queue):
    item, _ = upgrading(queue)
    queue.unwant([item.id], "letterboxd:alice")
    assert queue.get(item.id)[0] is State.COMPLETED


def test_what_is_there_is_done_though_nobody_wants_it_when_the_search_ends(queue):
    item, _ = upgrading(queue)
    queue.take("film")
    queue.unwant([item.id], "letterboxd:alice")
    queue.fail(item.id, "nothing fits", None, counted=False)
    assert queue.get(item.id)[0] is State.COMPLETED


def test_what_a_person_removes_while_it_is_bettered_comes_back_as_done(queue):
    item, _ = upgrading(queue)
    queue.remove(item.id)
    assert queue.restore(item.id)
    assert queue.get(item.id)[0] is State.COMPLETED


def test_a_note_changes_one_thing_in_any_state(queue):
    queue.put_many([make.item(1, data={"year": 1999, "also_called": ["x"]})])
    for move in (queue.skip, queue.remove):
        move("film:letterboxd:1")
        item = queue.note("film:letterboxd:1", blocked=[1], also_called=None)
        assert (item.data["blocked"], "also_called" in item.data) == ([1], False)
    assert queue.note("film:letterboxd:2", blocked=[1]) is None


def test_what_is_forgotten_is_unknown_after_a_restart_too(tmp_path):
    queue = QueueManager(tmp_path, idle_s=60)
    queue.put_many([make.item(1), make.item(2), make.item(3)])
    queue.take("film")
    queue.complete("film:letterboxd:1")
    queue.take("film")
    # What is under way stays.
    asked = ["film:letterboxd:1", "film:letterboxd:2", "film:letterboxd:3", "never:known"]
    assert queue.forget(asked) == 2
    queue.close()
    again = QueueManager(tmp_path, idle_s=60)
    assert again.get("film:letterboxd:1") is None
    assert again.counts()[State.PENDING] == 1
    again.close()


def test_what_has_changed_is_told_by_the_number_of_the_change(queue):
    queue.put_many([make.item(1)])
    mark, changed = queue.changed_since(0)
    assert [item.id for _, item in changed] == ["film:letterboxd:1"]
    assert queue.changed_since(mark) == (mark, [])
    queue.skip("film:letterboxd:1")
    further, [(state, _)] = queue.changed_since(mark)
    assert (state, further > mark) == (State.FAILED, True)


def test_each_kind_of_item_is_looked_at_by_itself(queue):
    queue.put_many([make.item(1), make.item(2, id="notice:1", kind="notice")])
    assert queue.waits("film")
    queue.take("film")
    assert (queue.waits("film"), queue.waits("notice")) == (False, True)
    queue.take("notice")
    queue.fail("notice:1", "down", make.NOON)
    assert queue.next_retry_at("film") is None
    assert queue.next_retry_at("notice") == queue.next_retry_at() == make.NOON
    assert (queue.ready(make.NOON, "film"), len(queue.ready(make.NOON))) == ([], 1)
    assert queue.get_statistics()["failed"] == 0


def test_of_those_that_wait_only_wanted_ones_are_taken(queue):
    queue.put_many(make.item(number) for number in (1, 2, 3))
    taken = queue.take("film", lambda item: item.id.endswith(("2", "3")))
    assert taken.id == "film:letterboxd:2"
    assert queue.take("film", lambda item: False) is None
    assert queue.take("film").id == "film:letterboxd:1"
