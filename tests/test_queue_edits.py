import json
import logging

import msgspec
import pytest

from movie_sync.models import State
from movie_sync.queue_edits import mark_of, merge
from movie_sync.queues import QueueManager
from tests import make
from tests.queue_home import (
    NEVER_S,
    as_crashed,
    in_files,
    lines_of,
    on_disk,
    quick_folder,
    save,
    states,
    until,
)

ONE, TWO, THREE = (make.item(number, seq=number, pos=number) for number in (1, 2, 3))
CHANGED = msgspec.structs.replace(ONE, priority=9)


def merged(edited, written=None, current=None):
    """Merge edits of files that we wrote as `written`, and hold as `current` (else the same)."""
    written = {state: [] for state in State} | (written or {})
    current = written if current is None else current
    return merge(
        edited,
        {state: {item.id: mark_of(item) for item in items} for state, items in written.items()},
        {item.id: (state, item) for state, items in current.items() for item in items},
    )


def newer(item, **changes):
    return msgspec.structs.replace(item, seq=item.seq + 10, **changes)


def test_a_file_saved_as_it_was_changes_nothing():
    result = merged({State.PENDING: [TWO, ONE]}, {State.PENDING: [ONE, TWO]})
    assert (result.changes, result.refused) == ({}, {})


def test_a_changed_line_is_taken_over():
    result = merged({State.PENDING: [CHANGED, TWO]}, {State.PENDING: [ONE, TWO]})
    assert result.changes == {ONE.id: (ONE.id, State.PENDING, CHANGED)}


def test_a_new_line_is_a_new_item():
    result = merged({State.PENDING: [ONE, TWO]}, {State.PENDING: [ONE]})
    assert result.changes == {TWO.id: (TWO.id, State.PENDING, TWO)}


def test_a_line_that_is_gone_is_deleted():
    result = merged({State.FAILED: [TWO]}, {State.FAILED: [ONE, TWO]})
    assert result.changes == {ONE.id: (ONE.id, None, None)}


def test_an_emptied_file_deletes_all_its_items():
    result = merged({State.COMPLETED: []}, {State.COMPLETED: [ONE, TWO]})
    assert set(result.changes) == {ONE.id, TWO.id}
    assert result.refused == {}


@pytest.mark.parametrize("order", [1, -1])
def test_a_line_moved_to_another_file_is_a_move(order):
    edited = {State.FAILED: [TWO], State.PENDING: [ONE]}
    edited = dict(list(edited.items())[::order])
    result = merged(edited, {State.FAILED: [ONE, TWO]})
    assert result.changes == {ONE.id: (ONE.id, State.PENDING, ONE)}
    assert result.refused == {}


def test_a_line_copied_to_another_file_is_a_move_too():
    result = merged({State.PENDING: [ONE]}, {State.FAILED: [ONE]})
    assert result.changes == {ONE.id: (ONE.id, State.PENDING, ONE)}


def test_what_the_program_changed_since_wins():
    now = newer(ONE, attempts=1)
    result = merged({State.PENDING: [CHANGED]}, {State.PENDING: [ONE]}, {State.PENDING: [now]})
    assert result.changes == {}
    assert result.refused == {
        State.PENDING: ["Film 1 (1999): the program changed it in the meantime"]
    }


def test_a_line_deleted_while_the_program_changed_it_stays():
    now = newer(ONE, attempts=1)
    result = merged({State.FAILED: []}, {State.FAILED: [ONE]}, {State.FAILED: [now]})
    assert result.changes == {}
    assert result.refused == {
        State.FAILED: ["Film 1 (1999): the program changed it in the meantime"]
    }


def test_what_the_program_moved_on_by_itself_needs_no_deleting():
    result = merged({State.PENDING: []}, {State.PENDING: [ONE]}, {State.ACTIVE: [newer(ONE)]})
    assert (result.changes, result.refused) == ({}, {})


@pytest.mark.parametrize("state", [State.ACTIVE, State.COMPLETED])
def test_a_line_that_the_program_took_away_does_not_come_back(state):
    result = merged({State.PENDING: [ONE]}, {}, {state: [newer(ONE)]})
    assert result.changes == {}
    assert result.refused == {
        State.PENDING: ["Film 1 (1999): the program changed it in the meantime"]
    }


def test_what_is_worked_on_can_be_neither_changed_nor_deleted_nor_moved():
    written = {State.ACTIVE: [ONE]}
    changed = merged({State.ACTIVE: [CHANGED]}, written)
    deleted = merged({State.ACTIVE: []}, written)
    moved = merged({State.PENDING: [ONE]}, written)
    made = merged({State.ACTIVE: [TWO]}, {State.PENDING: [TWO]})
    assert [one.changes for one in (changed, deleted, moved, made)] == [{}] * 4
    assert changed.refused == {
        State.ACTIVE: ["Film 1 (1999): it cannot be changed while it is worked on"]
    }
    assert deleted.refused == {
        State.ACTIVE: ["Film 1 (1999): it cannot be deleted while it is worked on"]
    }
    assert (State.PENDING in moved.refused, State.ACTIVE in made.refused) == (True, True)


def test_one_conflict_does_not_hold_up_the_rest_of_the_file():
    result = merged(
        {State.PENDING: [CHANGED, THREE]},
        {State.PENDING: [ONE, TWO]},
        {State.PENDING: [newer(ONE), TWO]},
    )
    assert result.changes == {
        THREE.id: (THREE.id, State.PENDING, THREE),
        TWO.id: (TWO.id, None, None),
    }


def test_a_file_edited_from_an_older_text_deletes_nothing_that_came_since():
    """The person never saw film 3: film 1, which moved on since, gives it away."""
    result = merged(
        {State.PENDING: [ONE]},
        {State.PENDING: [TWO, THREE]},
        {State.PENDING: [TWO, THREE], State.ACTIVE: [newer(ONE)]},
    )
    assert result.changes == {}
    assert result.refused[State.PENDING] == [
        "Film 1 (1999): the program changed it in the meantime",
        "Film 2 (1999): the program added it in the meantime",
        "Film 3 (1999): the program added it in the meantime",
    ]


# With the program running


@pytest.fixture
def home():
    with quick_folder() as folder:
        (folder / "home").mkdir()
        yield folder / "home"


@pytest.fixture
def queue(home):
    queue = QueueManager(home, idle_s=0.02)
    queue.put_many(make.item(number) for number in (1, 2, 3))
    until(lambda: len(in_files(home)) == 3)
    yield queue
    queue.close()


def edit(home, state, change):
    """Save the file with its items changed, as from an editor."""
    path = home / f"queue_{state}.json"
    items = json.loads(path.read_bytes())
    change(items)
    save(path, json.dumps(items, indent=2).encode())


def asides(home, why):
    return sorted(home.glob(f"*.{why}-*"))


def fail(queue, number=1, **changes):
    item = queue.take("film")
    assert item.id == make.item(number).id
    return queue.fail(item.id, "nobody answered", make.NOON, **changes)


def test_a_changed_line_is_taken_over_while_the_program_runs(home, queue):
    edit(home, State.PENDING, lambda items: items[2].update(priority=5))
    until(lambda: queue.get(make.item(3).id)[1].priority == 5)
    assert queue.take("film").id == make.item(3).id
    until(lambda: len(lines_of(home / "queue_pending.json")) == 2)
    assert on_disk(home) == states(queue)
    assert queue.trouble == []


def test_an_item_whose_kind_was_changed_is_taken_as_what_it_is_now(home, queue):
    edit(home, State.PENDING, lambda items: items[0].update(kind="show"))
    until(lambda: queue.get(make.item(1).id)[1].kind == "show")
    assert queue.take("film").id == make.item(2).id
    assert queue.take("show").id == make.item(1).id


def test_a_deleted_line_is_gone_for_good(home, queue):
    edit(home, State.PENDING, lambda items: items.pop(1))
    until(lambda: queue.get(make.item(2).id) is None)
    assert set(on_disk(as_crashed(home, home.with_name("crashed")))) == {
        make.item(1).id,
        make.item(3).id,
    }


def test_an_added_line_waits_at_the_end_with_what_it_needs(home, queue):
    line = {"id": "film:x", "kind": "film", "title": "X", "added_at": "2026-01-05T12:00:00Z"}
    edit(home, State.PENDING, lambda items: items.insert(0, line | {"permanent": True}))
    until(lambda: queue.get("film:x"))
    _, item = queue.get("film:x")
    assert (item.wanted_by, item.permanent) == (("hand",), False)
    assert [queue.take("film").title for _ in range(4)][-1] == "X"


def test_a_line_moved_from_failed_to_pending_is_tried_again(home, queue):
    fail(queue, permanent=True)
    until(lambda: in_files(home)[make.item(1).id] is State.FAILED)
    moved = []
    edit(home, State.FAILED, lambda items: moved.append(items.pop()))
    edit(home, State.PENDING, lambda items: items.append(moved[0]))
    until(lambda: queue.get(make.item(1).id))
    until(lambda: states(queue)[make.item(1).id] is State.PENDING)
    _, item = queue.get(make.item(1).id)
    assert (item.permanent, item.attempts) == (False, 1)
    until(lambda: in_files(home) == states(queue))


def test_a_line_moved_to_removed_stays_there_though_it_is_listed(home, queue):
    moved = []
    edit(home, State.PENDING, lambda items: moved.append(items.pop(0)))
    edit(home, State.REMOVED, lambda items: items.append(moved[0]))
    until(lambda: states(queue).get(make.item(1).id) is State.REMOVED)
    assert queue.put_many([make.item(1)]) == 0
    assert states(queue)[make.item(1).id] is State.REMOVED


def test_an_edit_that_cannot_be_read_is_kept_aside_and_told(home, queue, caplog):
    path = home / "queue_pending.json"
    before = path.read_bytes()
    with caplog.at_level(logging.WARNING):
        save(path, before[:-3])
        until(lambda: path.read_bytes() == before)
    (aside,) = asides(home, "invalid")
    assert aside.read_bytes() == before[:-3]
    note = (
        "your edit of queue_pending.json was not taken over: line 4, column "
        f"{len(before.splitlines()[3]) + 1}: Expecting ',' delimiter; it is kept as {aside.name}"
    )
    assert (queue.trouble, caplog.messages) == ([note], [note])
    aside.unlink()
    assert queue.trouble == []


def test_an_edit_that_is_not_saved_to_the_end_is_given_time(home, queue):
    """Seen twice the same, it is taken for finished; until then nobody writes over it."""
    path = home / "queue_pending.json"
    items = json.loads(path.read_bytes())
    items[0]["priority"] = 5
    text = json.dumps(items).encode()
    with path.open("wb", buffering=0) as editor:  # in place, as some editors save
        for at in range(0, len(text), 100):
            editor.write(text[at : at + 100])
            queue.show_progress("none", 0.1, "x")
        assert queue.put_many([make.item(4)]) == 1
    until(lambda: queue.get(make.item(1).id)[1].priority == 5)
    until(lambda: len(in_files(home)) == 4)
    assert asides(home, "*") == []


def test_an_edit_that_came_too_late_is_kept_aside_and_the_rest_taken_over(home, queue):
    path = home / "queue_pending.json"
    items = json.loads(path.read_bytes())
    taken = queue.take("film")
    queue.update(taken.id, handle="a" * 40)
    until(lambda: in_files(home)[taken.id] is State.ACTIVE)
    items[0]["priority"] = 5
    items[2]["priority"] = 7
    save(path, json.dumps(items).encode())
    until(lambda: queue.get(make.item(3).id)[1].priority == 7)
    until(lambda: queue.trouble)
    (aside,) = asides(home, "edited")
    assert json.loads(aside.read_bytes()) == items
    assert queue.trouble == [
        "your edit of queue_pending.json was not taken over: Film 1 (1999): the program changed it "
        f"in the meantime; it is kept as {aside.name}"
    ]
    until(lambda: in_files(home) == states(queue))
    assert states(queue)[taken.id] is State.ACTIVE


def test_many_conflicts_are_told_shortly(home, queue):
    path = home / "queue_pending.json"
    text = path.read_bytes()
    queue.put_many(make.item(number) for number in range(4, 9))
    until(lambda: len(in_files(home)) == 8)
    text = path.read_bytes()
    for _ in range(6):
        queue.complete(queue.take("film").id)
    until(lambda: len(lines_of(path)) == 2)
    save(path, text)
    until(lambda: queue.trouble)
    assert queue.trouble[0].count("in the meantime") == 3
    assert "; and 3 more; it is kept as " in queue.trouble[0]


def test_what_is_worked_on_cannot_be_deleted_by_hand(home, queue):
    taken = queue.take("film")
    until(lambda: in_files(home)[taken.id] is State.ACTIVE)
    edit(home, State.ACTIVE, list.clear)
    until(lambda: asides(home, "edited"))
    until(lambda: in_files(home).get(taken.id) is State.ACTIVE)
    assert queue.complete(taken.id)


def test_a_file_that_is_deleted_is_written_again(home, queue):
    (home / "queue_pending.json").unlink()
    until((home / "queue_pending.json").exists)
    until(lambda: len(in_files(home)) == 3)


def test_a_journal_that_is_deleted_is_written_again(home, queue, caplog):
    (home / "queue.journal").unlink()
    until((home / "queue.journal").exists)
    queue.put_many([make.item(4)])
    assert len(on_disk(as_crashed(home, home.with_name("crashed")))) == 4
    assert "somebody took queue.journal away" in caplog.text
    until(lambda: queue.trouble == [])


@pytest.mark.slow
def test_edits_in_the_middle_of_much_work_are_neither_lost_nor_in_the_way(home, queue):
    """A person raises the priority of one film again and again while others come and go."""
    queue.put_many(make.item(number, kind="asset") for number in range(100, 130))
    wished = make.item(3).id
    for wish in range(1, 13):
        for _ in range(2):
            item = queue.take("asset")
            queue.complete(item.id)

        def raise_priority(items, wish=wish):
            (mine,) = [item for item in items if item["id"] == wished]
            mine["priority"] = wish

        until(lambda: wished in in_pending(home))
        edit(home, State.PENDING, raise_priority)
        until(lambda wish=wish: queue.get(wished)[1].priority == wish)
    until(lambda: in_files(home) == states(queue))
    assert len(states(queue)) == 33


def in_pending(home):
    return {item["id"] for item in json.loads((home / "queue_pending.json").read_bytes())}


def test_an_edit_just_before_the_end_is_taken_over(home):
    queue = QueueManager(home, idle_s=NEVER_S)
    queue.put_many([make.item(1), make.item(2)])
    queue.close()
    queue = QueueManager(home, idle_s=NEVER_S)
    edit(home, State.PENDING, lambda items: items.pop(0))
    queue.close()
    assert on_disk(home) == in_files(home) == {make.item(2).id: State.PENDING}


def test_an_edit_before_the_end_that_cannot_be_read_is_kept_aside(home):
    queue = QueueManager(home, idle_s=NEVER_S)
    queue.put_many([make.item(1)])
    save(home / "queue_pending.json", b"[")
    queue.close()
    assert [aside.read_bytes() for aside in asides(home, "invalid")] == [b"["]
    assert in_files(home) == {make.item(1).id: State.PENDING}


def test_an_edit_of_a_linked_file_reaches_the_file_behind_it(home):
    real = home.parent / "elsewhere.json"
    real.write_bytes(b"[]")
    (home / "queue_pending.json").symlink_to(real)
    queue = QueueManager(home, idle_s=0.02)
    queue.put_many([make.item(1), make.item(2)])
    until(lambda: len(lines_of(real)) == 2)
    save(real, b"[" + lines_of(real)[1] + b"]")
    until(lambda: list(states(queue)) == [make.item(2).id])
    queue.close()
    assert (home / "queue_pending.json").is_symlink()
    assert len(lines_of(real)) == 1


# While the program does not run


def crashed(home):
    """A home whose process died, with everything still in the journal as well."""
    queue = QueueManager(home, idle_s=0.02)
    queue.put_many(make.item(number) for number in (1, 2, 3))
    fail(queue)
    until(lambda: in_files(home) == states(queue))
    until(lambda: b'"f":' in (home / "queue.journal").read_bytes())
    copy = as_crashed(home, home.with_name("crashed"))
    queue.close()
    return copy


def test_after_a_crash_an_edit_of_the_files_counts_and_not_the_journal(home):
    copy = crashed(home)
    moved = []
    edit(copy, State.FAILED, lambda items: moved.append(items.pop()))
    edit(copy, State.PENDING, lambda items: items.__setitem__(0, moved[0]))
    assert on_disk(copy) == {make.item(1).id: State.PENDING, make.item(3).id: State.PENDING}


def test_at_rest_a_line_without_a_place_goes_to_the_end(home):
    queue = QueueManager(home, idle_s=NEVER_S)
    queue.put_many([make.item(1), make.item(2)])
    queue.close()
    line = {"kind": "film", "title": "X", "added_at": "2026-01-05T12:00:00Z", "wanted_by": ["me"]}
    edit(
        home,
        State.PENDING,
        lambda items: items.extend([line | {"id": "film:z"}, line | {"id": "film:y"}]),
    )
    queue = QueueManager(home, idle_s=NEVER_S)
    assert [queue.take("film").id for _ in range(4)] == [
        make.item(1).id,
        make.item(2).id,
        "film:z",
        "film:y",
    ]
    queue.close()


def test_at_rest_a_moved_line_gets_what_its_new_state_needs(home):
    queue = QueueManager(home, idle_s=NEVER_S)
    queue.put_many([make.item(1), make.item(2)])
    fail(queue, 1)
    queue.remove(make.item(2).id)
    queue.close()
    failed, removed = [], []
    edit(home, State.FAILED, lambda items: failed.append(items.pop()))
    edit(home, State.REMOVED, lambda items: removed.append(items.pop()))
    edit(home, State.PENDING, lambda items: items.extend([*failed, *removed]))
    queue = QueueManager(home, idle_s=NEVER_S)
    retried, restored = (queue.get(make.item(number).id) for number in (1, 2))
    assert (retried[0], retried[1].retry_at) == (State.PENDING, None)
    assert (restored[0], restored[1].removed_at, restored[1].data) == (
        State.PENDING,
        None,
        {"year": 1999},
    )
    queue.close()


def test_at_rest_a_failed_line_with_no_time_is_given_up(home):
    queue = QueueManager(home, idle_s=NEVER_S)
    queue.put_many([make.item(1)])
    fail(queue)
    queue.close()
    edit(home, State.FAILED, lambda items: items[0].pop("retry_at"))
    queue = QueueManager(home, idle_s=NEVER_S)
    assert queue.get_statistics()["permanent_failures"] == 1
    queue.close()
