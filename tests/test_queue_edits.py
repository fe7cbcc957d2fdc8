import dataclasses
import json
import logging
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis.strategies import DrawFn, booleans, data, integers, sampled_from

from movie_sync.journal import Change
from movie_sync.models import Item, State
from movie_sync.queue_edits import mark_of, merge
from movie_sync.queue_folder import QueueFolder
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
LATE = make.item(4, seq=4, pos=4)
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
    return msgspec.structs.replace(item, **({"seq": item.seq + 10} | changes))


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


def newest(item):
    return (
        f"{item.title}: it is newer than every line that was left, and may have come after your "
        f'editor read the file; if it should go, say "queue remove {item.id}"'
    )


def test_what_no_line_of_the_text_proves_to_have_been_seen_is_not_deleted():
    result = merged({State.COMPLETED: [ONE]}, {State.COMPLETED: [ONE, TWO, THREE]})
    assert result.changes == {}
    assert result.refused == {State.COMPLETED: [newest(TWO), newest(THREE)]}


def test_an_empty_text_proves_nothing():
    result = merged({State.COMPLETED: []}, {State.COMPLETED: [ONE, TWO]})
    assert (result.changes, result.refused) == ({}, {State.COMPLETED: [newest(ONE), newest(TWO)]})


def test_of_items_that_came_at_once_one_proves_that_all_were_seen():
    twin = newer(TWO, seq=ONE.seq)
    result = merged({State.PENDING: [ONE]}, {State.PENDING: [ONE, twin]})
    assert result.changes == {TWO.id: (TWO.id, None, None)}


def test_a_line_brought_from_another_file_proves_nothing_about_this_one():
    """Film 3 came from a newer text than that in which films 1 and 2 are missing."""
    written = {State.PENDING: [ONE, TWO], State.FAILED: [THREE]}
    result = merged({State.PENDING: [ONE, THREE], State.FAILED: []}, written)
    assert result.changes == {THREE.id: (THREE.id, State.PENDING, THREE)}
    assert result.refused == {State.PENDING: [newest(TWO)]}


def test_a_line_brought_by_an_edit_before_proves_nothing_either():
    """It still has the number that it had in the other file."""
    text = [msgspec.structs.replace(THREE, seq=50)]
    file = [TWO, msgspec.structs.replace(THREE, seq=60)]
    current = {item.id: (State.PENDING, item) for item in file}
    written = {State.PENDING: {item.id: mark_of(item) for item in file}}
    result = merge({State.PENDING: text}, written, current, {(THREE.id, 50): 60})
    assert result.refused == {State.PENDING: [newest(TWO)]}


def test_a_line_as_it_was_long_ago_does_not_undo_what_was_written_since():
    now = newer(ONE, attempts=3)
    result = merged({State.FAILED: [ONE]}, {State.FAILED: [now]})
    assert result.changes == {}
    assert result.refused == {
        State.FAILED: ["Film 1 (1999): the program changed it in the meantime"]
    }


def test_a_line_whose_number_was_taken_out_is_one_of_the_file_as_it_is():
    typed = msgspec.structs.replace(CHANGED, seq=0)
    result = merged({State.FAILED: [typed]}, {State.FAILED: [ONE]})
    assert result.changes == {ONE.id: (ONE.id, State.FAILED, typed)}


def test_an_editor_that_saves_twice_may_change_its_line_twice():
    written = {State.PENDING: {ONE.id: mark_of(newer(CHANGED))}}
    again = msgspec.structs.replace(ONE, priority=10)
    current = {ONE.id: (State.PENDING, newer(CHANGED))}
    result = merge({State.PENDING: [again]}, written, current, {(ONE.id, ONE.seq): ONE.seq + 10})
    assert result.changes == {ONE.id: (ONE.id, State.PENDING, again)}


def test_a_line_typed_for_what_is_in_another_file_is_told_of_that_file():
    typed = msgspec.structs.replace(ONE, seq=0)
    result = merged({State.PENDING: [typed]}, {State.FAILED: [ONE]})
    assert result.refused == {
        State.PENDING: ["Film 1 (1999): it is in queue_failed.json; move its line from there"]
    }


def test_a_line_moved_from_an_old_text_is_no_deletion_of_the_newer():
    now = newer(ONE, attempts=3)
    written = {State.FAILED: [now, newer(TWO)]}
    result = merged({State.PENDING: [ONE], State.FAILED: [newer(TWO)]}, written)
    assert result.changes == {}
    assert list(result.refused) == [State.PENDING]


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
        {State.PENDING: [CHANGED, THREE, LATE]},
        {State.PENDING: [ONE, TWO, LATE]},
        {State.PENDING: [newer(ONE), TWO, LATE]},
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
        newest(TWO),
        newest(THREE),
    ]


@dataclass
class Desk:
    """A program that goes on, and an editor that read its file once and saves now and then."""

    draw: DrawFn
    program: dict[str, Item] = dataclasses.field(default_factory=dict)
    seq: int = 0
    taken: dict[tuple[str, int], int] = dataclasses.field(default_factory=dict)
    own: dict[str, int] = dataclasses.field(default_factory=dict)  # changed last by the person

    def work(self) -> None:
        """Add some at once, change one, take one away."""
        self.seq += 1
        match self.draw(sampled_from(("add", "change", "take"))):
            case "add":
                for _ in range(self.draw(integers(1, 3))):
                    item = make.item(len(self.program) + 100 * self.seq, seq=self.seq)
                    self.program[item.id] = item
            case "change" if self.program:
                id_ = self.draw(sampled_from(sorted(self.program)))
                now = msgspec.structs.replace(self.program[id_], seq=self.seq, attempts=self.seq)
                self.program[id_] = now
            case "take" if self.program:
                self.program.pop(self.draw(sampled_from(sorted(self.program))))

    def save(self, text: list[Item]) -> dict[str, Change]:
        """What the merge of a text makes of the file as it is now."""
        written = {State.PENDING: {id_: mark_of(item) for id_, item in self.program.items()}}
        known = {id_: (State.PENDING, item) for id_, item in self.program.items()}
        changes = merge({State.PENDING: text}, written, known, self.taken).changes
        self.seq += 1
        lines = {item.id: item for item in text}
        for id_, _, item in changes.values():
            self.program.pop(id_, None)
            if item:
                self.program[id_] = msgspec.structs.replace(item, seq=self.seq)
                self.taken[id_, lines[id_].seq] = self.seq
                self.own[id_] = self.seq
        return changes


@settings(max_examples=settings().max_examples * 3 // 2)
@given(data())
def test_no_text_however_old_undoes_what_its_editor_cannot_have_seen(data):
    desk = Desk(data.draw)
    for _ in range(data.draw(integers(0, 6))):
        desk.work()
    read = dict(desk.program)
    text = list(read.values())
    for _ in range(data.draw(integers(1, 3))):  # savings by the same editor, which reads no more
        for _ in range(data.draw(integers(0, 4))):
            desk.work()
        for _ in range(data.draw(integers(0, 3)) if text else 0):
            at = data.draw(integers(0, len(text) - 1))
            if data.draw(booleans()) and len(text) > 1:
                text.pop(at)
            else:
                wish = data.draw(integers(1, 99))
                text[at] = msgspec.structs.replace(text[at], priority=wish)
        before, own = dict(desk.program), dict(desk.own)
        for id_, state, _ in desk.save(text).values():
            if id_ not in before:
                continue  # it was taken away, and the person wants it
            assert id_ in read
            seen = {read[id_].seq} if state is None else {read[id_].seq, own.get(id_)}
            assert before[id_].seq in seen


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
        "your edit of queue_pending.json was taken over but for this: Film 1 (1999): the program "
        f"changed it in the meantime; it is kept as {aside.name}"
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


def test_a_text_from_before_others_were_added_deletes_none_of_them(home, queue):
    """The editor was open while films 4 to 6 came."""
    path = home / "queue_pending.json"
    items = json.loads(path.read_bytes())
    queue.put_many(make.item(number) for number in (4, 5, 6))
    until(lambda: len(in_files(home)) == 6)
    items[0]["priority"] = 5
    save(path, json.dumps(items[:2]).encode())
    until(lambda: queue.trouble)
    assert set(states(queue)) == {make.item(number).id for number in (1, 2, 4, 5, 6)}
    assert queue.get(make.item(1).id)[1].priority == 5
    assert "was taken over but for this: Film 4 (1999): it is newer than every" in queue.trouble[0]
    until(lambda: in_files(home) == states(queue))


def test_a_text_from_before_a_failure_does_not_undo_it(home, queue):
    fail(queue)
    until(lambda: in_files(home)[make.item(1).id] is State.FAILED)
    text = (home / "queue_failed.json").read_bytes()
    queue.retry(make.item(1).id)
    for number in (2, 3, 1):
        taken = queue.take("film")
        assert taken.id == make.item(number).id
        queue.fail(taken.id, "again", make.NOON)
    until(lambda: set(in_files(home).values()) == {State.FAILED})
    save(home / "queue_failed.json", text + b" ")
    until(lambda: queue.trouble)
    assert set(states(queue).values()) == {State.FAILED}
    assert queue.get(make.item(1).id)[1].attempts == 2


def test_an_editor_left_open_may_save_its_line_again_and_again(home, queue):
    path = home / "queue_pending.json"
    items = json.loads(path.read_bytes())
    for priority in (5, 6, 7):
        items[2]["priority"] = priority
        save(path, json.dumps(items).encode())
        until(lambda wish=priority: queue.get(make.item(3).id)[1].priority == wish)
        until(lambda: len(lines_of(path)) == 3)
    assert queue.trouble == []


def test_what_stands_in_the_place_of_a_file_holds_up_no_other(home, queue):
    path = home / "queue_pending.json"
    path.unlink()
    path.mkdir()
    queue.complete(queue.take("film").id)
    until(lambda: len(lines_of(home / "queue_completed.json")) == 1)
    until(lambda: queue.trouble)
    assert queue.trouble == [
        "queue_pending.json cannot be read (Is a directory) and is left as it is; queue.journal "
        "holds its changes meanwhile; take away what stands there"
    ]
    path.rmdir()
    until(lambda: path.exists() and len(in_files(home)) == 3)
    until(lambda: queue.trouble == [])


BROKEN = {
    b"": "it is empty, where at least [] should be",
    b"\0" * 5000: "it holds nothing but zeros, as after a power cut",
    b'[{"id": "\xe9"}]': "line 1, column 10 is not UTF-8 text",
    b'[{"id": "film:x"},]': "line 1, item 1 (film:x): its field 'kind' is missing",
    b'{"films": []}': "it must be a list, and is an object, as {...}, where a list of items "
    "should be",
    b"[{}]": "line 1, item 1 (without an id): its field 'id' is missing",
}


@pytest.mark.parametrize(("text", "why"), BROKEN.items(), ids=BROKEN.values())
@pytest.mark.parametrize("state", State)
def test_no_edit_of_any_file_that_cannot_be_read_loses_anything(tmp_path, state, text, why):
    files = QueueFolder(tmp_path)
    for each in State:
        files.write(each, [ONE] if each is state else [])
    save(tmp_path / f"queue_{state}.json", text)
    assert files.edits(patient=False) == {}
    assert files.write(state, [ONE]) is True
    (aside,) = asides(tmp_path, "invalid")
    assert aside.read_bytes() == text
    assert files.notes() == [
        f"your edit of queue_{state}.json was not taken over: {why}; it is kept as {aside.name}"
    ]


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
