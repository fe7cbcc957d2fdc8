import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from movie_sync import queue_moves
from movie_sync.errors import FilesError, QueueError, Unavailable
from movie_sync.films import leaving, recycle, unwanted
from movie_sync.films.patience import Patience
from movie_sync.films.recycled import Recycled, print_of
from movie_sync.films.removal import Removal
from movie_sync.films.unwanted import Rules
from movie_sync.films.watchlists import Listed, Memory
from movie_sync.models import Phase, State, Transfer
from movie_sync.queues import QueueManager
from movie_sync.settings import Seeding
from tests import make

ALICE = "letterboxd:alice"
GRACE = timedelta(days=7)
DAY = timedelta(days=1)
LATER = make.NOON + GRACE
NAME = "Film 1 (1999)"
HANDLE = "3fa9c1d2" * 5
ID = "film:letterboxd:1"


class Seen:
    """Nobody has seen anything, unless a test says so."""

    def __init__(self):
        self.films, self.error, self.asked = set(), None, 0

    def __call__(self, member, film):
        self.asked += 1
        if self.error:
            raise self.error
        return (member, film.key) in self.films


@pytest.fixture
def world(parts, tmp_path):
    """Film 1 was placed with its subtitles, and left the list at noon; all has been seeded."""
    memory = Memory(tmp_path / "watchlist.json")
    memory.sources[ALICE] = Listed(read_at=make.NOON, next_at=make.NOON)
    rules = Rules(
        enabled=True,
        grace=GRACE,
        seeding=Seeding(),
        keep_watched=True,
        recycled_for=timedelta(days=30),
    )
    made = SimpleNamespace(parts=parts, memory=memory, rules=rules, seen=Seen(), home=tmp_path)
    made.path = place(parts)
    parts.client.had[HANDLE] = transfer(ratio=1.5)
    return made


def place(parts, number=1, how="linked", handle=HANDLE, folder=None, **data):
    name = f"Film {number} (1999)"
    path = parts.library_folder / (folder or name) / f"{name} [1080p BluRay].mkv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"film %d" % number)
    path.with_suffix(".en.srt").write_text("hello")
    parts.queue.put_many([make.item(number, data={"year": 1999, "slug": f"film-{number}"})])
    known = print_of(path)
    placed_as = {"size_bytes": known.size_bytes, "modified_s": known.modified_s}
    facts = {"path": str(path), "how": how, "handle": handle, "placed_as": placed_as}
    id_ = f"film:letterboxd:{number}"
    parts.queue.complete(id_)
    parts.queue.note(id_, **facts, left=[ALICE], **data)
    parts.queue.unwant([id_], ALICE)
    return path


def transfer(**changes):
    facts = {"handle": HANDLE, "name": "x", "phase": Phase.DONE, "progress": 1.0}
    return Transfer(**(facts | changes))


def removal(world, queue=None):
    parts = replace_queue(world.parts, queue) if queue else world.parts
    return Removal(
        parts,
        world.memory,
        world.rules,
        Recycled(
            world.home / "recycled.json", parts.recycled or parts.library_folder / recycle.FOLDER
        ),
        sources=[ALICE],
        has_seen=world.seen,
    )


def replace_queue(parts, queue):
    from dataclasses import replace as changed

    return changed(parts, queue=queue)


def passes(world, *times):
    """A pass at each of these times; how many films left."""
    one = removal(world)
    return [one.run(at) for at in times]


def state(world, id_=ID):
    return world.parts.queue.get(id_)[0]


def data(world, id_=ID):
    return world.parts.queue.get(id_)[1].data


def waits(world, at=LATER):
    (standing,) = removal(world).standings(at)
    return list(standing.waits) + ([standing.stays] if standing.stays else [])


def stays_whole(world):
    there = world.path.read_bytes() == b"film 1" and world.path.with_suffix(".en.srt").exists()
    return there and state(world) is State.COMPLETED and not world.parts.client.removed


def tree(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def let_go(world):
    leaving.let_go(world.parts, Patience(set()), LATER)


def test_a_film_that_nobody_wants_leaves_after_its_grace_time(world):
    assert passes(world, make.NOON, LATER - timedelta(seconds=1), LATER) == [0, 0, 1]
    assert state(world) is State.REMOVED
    assert data(world)["removed_by"] == "cleanup"
    (entry,) = Recycled(world.home / "recycled.json", world.home).entries()
    assert tree(world.parts.library_folder) == [
        f".movie_sync-recycled/{entry}/{NAME}/{NAME} [1080p BluRay].en.srt",
        f".movie_sync-recycled/{entry}/{NAME}/{NAME} [1080p BluRay].mkv",
    ]
    assert not world.path.parent.exists()
    let_go(world)
    assert world.parts.client.removed == [(HANDLE, True)]
    told = [event.text for event in world.parts.stories.read(ID)]
    assert told[0] == "no list names it any more; see `cleanup list`"
    assert told[1].startswith("nobody wants it; kept in ")


def test_off_is_off(world):
    world.rules = replace(world.rules, enabled=False)
    assert passes(world, make.NOON, LATER, LATER + DAY) == [0, 0, 0]
    assert stays_whole(world)


def test_a_film_that_is_wanted_again_begins_its_grace_time_anew(world):
    passes(world, make.NOON)
    world.parts.queue.put_many([make.item(1)])
    assert passes(world, LATER) == [0]
    assert not {unwanted.SINCE, unwanted.LEFT} & data(world).keys()
    world.parts.queue.unwant([ID], ALICE)
    assert passes(world, LATER + DAY, LATER + GRACE, LATER + DAY + GRACE) == [0, 0, 1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"ratio": 0.25, "seeding_s": 7200},
            "it seeds until ratio 1 or 2 d; so far ratio 0.25, 2 h",
        ),
        (
            {"phase": Phase.QUEUED, "progress": 0.5, "ratio": 3.0},
            "its torrent is not whole at the moment",
        ),
    ],
)
def test_a_torrent_that_still_has_to_give_keeps_its_film(world, changes, sentence):
    world.parts.client.had[HANDLE] = transfer(**changes)
    assert passes(world, make.NOON, LATER) == [0, 0]
    assert stays_whole(world)
    assert waits(world) == [sentence]


@pytest.mark.parametrize("changes", [{"ratio": 1.0}, {"seeding_s": 49 * 3600}])
def test_one_of_the_two_duties_is_enough(world, changes):
    world.parts.client.had[HANDLE] = transfer(**changes)
    assert passes(world, make.NOON, LATER) == [0, 1]


def test_a_silent_torrent_client_keeps_everything(world):
    world.parts.client.error = Unavailable("fakeclient", "no answer")
    assert passes(world, make.NOON, LATER) == [0, 0]
    assert stays_whole(world)
    assert waits(world) == ["whether it has seeded enough is not known: fakeclient: no answer"]


def test_a_torrent_that_the_client_has_no_more_owes_nothing(world):
    world.parts.client.had.clear()
    assert passes(world, make.NOON, LATER) == [0, 1]


def test_the_torrent_of_somebody_else_stays_in_the_client(world):
    world.parts.queue.note(ID, adopted=True)
    world.parts.client.had[HANDLE] = transfer()
    assert passes(world, make.NOON, LATER) == [0, 1]
    let_go(world)
    assert world.parts.client.removed == []


def test_a_torrent_in_which_another_film_is_stays_in_the_client(world):
    place(world.parts, 2)
    world.parts.queue.put_many([make.item(2)])
    assert passes(world, make.NOON, LATER) == [0, 1]
    let_go(world)
    assert world.parts.client.removed == []


@pytest.mark.parametrize("facts", [{"how": "already there"}, {"handle": None}, {"path": None}])
def test_what_this_program_did_not_place_is_never_touched(world, facts):
    world.parts.queue.note(ID, **facts)
    assert passes(world, make.NOON, LATER) == [0, 0]
    assert stays_whole(world)
    assert removal(world).standings(LATER) == []


def test_a_file_that_a_person_put_in_its_place_stays(world):
    world.path.write_bytes(b"a better one")
    assert passes(world, make.NOON, LATER) == [0, 0]
    assert world.path.read_bytes() == b"a better one"
    assert waits(world) == ["its file is not the one that was placed, but one of yours"]


def test_what_else_lies_in_the_folder_stays(world):
    own = world.path.with_name("poster.jpg")
    own.write_bytes(b"mine")
    other = world.path.with_name(f"{NAME} [2160p].mkv")
    other.write_bytes(b"mine too")
    assert passes(world, make.NOON, LATER) == [0, 1]
    assert tree(world.path.parent) == [other.name, own.name]


def test_another_version_of_the_film_stays(world):
    beside = f"{NAME} [1080p BluRay].hu.srt"
    world.path.with_name(beside).write_text("of the other version")
    facts = {"year": 1999, "path": str(world.path.with_name(beside)), "version": "2160p"}
    world.parts.queue.put_many([make.item(1, id=f"{ID}@2160p", data=facts)])
    assert passes(world, make.NOON, LATER) == [0, 1]
    assert tree(world.path.parent) == [beside]


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        (None, "letterboxd:alice was not read yet, and may list it"),
        (
            Listed(read_at=make.NOON, next_at=make.NOON, failures=1, problem="403"),
            "letterboxd:alice could not be relied on when it was last read, and may list it",
        ),
        (
            Listed(read_at=make.NOON, next_at=make.NOON, problem="page 2 was not read"),
            "letterboxd:alice could not be relied on when it was last read, and may list it",
        ),
    ],
)
def test_while_a_list_is_in_doubt_nothing_goes(world, listed, sentence):
    world.memory.sources = {ALICE: listed} if listed else {}
    assert passes(world, make.NOON, LATER) == [0, 0]
    assert stays_whole(world)
    assert waits(world) == [sentence]


def test_a_feed_is_never_whole_and_holds_nothing_up(world):
    world.memory.sources[ALICE] = Listed(next_at=make.NOON, problem="a feed tells only its newest")
    assert passes(world, make.NOON, LATER) == [0, 1]


def test_without_a_list_nothing_goes(world):
    one = removal(world)
    one._sources = []
    assert [one.run(at) for at in (make.NOON, LATER)] == [0, 0]


def test_a_film_that_was_watched_is_not_unwanted(world):
    world.seen.films.add(("alice", "letterboxd:1"))
    assert passes(world, make.NOON, LATER, LATER + DAY) == [0, 0, 0]
    assert stays_whole(world)
    assert waits(world) == ["letterboxd:alice has seen it, and when_watched is keep"]
    assert world.seen.asked == 1


def test_tidy_takes_out_what_was_watched(world):
    world.seen.films.add(("alice", "letterboxd:1"))
    world.rules = replace(world.rules, keep_watched=False)
    assert passes(world, make.NOON, LATER) == [0, 1]
    assert world.seen.asked == 0


def test_where_it_cannot_be_told_who_has_seen_it_the_film_stays(world):
    world.seen.error = Unavailable("letterboxd", "no answer")
    one = removal(world)
    assert [one.run(at) for at in (make.NOON, LATER, LATER + DAY / 2)] == [0, 0, 0]
    assert stays_whole(world)
    (standing,) = one.standings(LATER)
    assert standing.waits == ("whether it was watched cannot be told: letterboxd: no answer",)
    assert world.seen.asked == 1
    world.seen.error = None
    assert one.run(LATER + DAY) == 1


def test_of_an_export_it_cannot_be_told_why_a_film_left_it(world):
    world.parts.queue.note(ID, left=["folder:exports"])
    assert passes(world, make.NOON, LATER) == [0, 0]
    assert world.seen.asked == 0


@pytest.mark.parametrize("left", [["list:films.example/a.json"], ["letterboxd:alice/list/best"]])
def test_a_list_drops_nothing_for_being_watched(world, left):
    world.parts.queue.note(ID, left=left)
    assert passes(world, make.NOON, LATER) == [0, 1]
    assert world.seen.asked == 0


def test_undo_brings_back_film_and_item(world):
    before = data(world)
    passes(world, make.NOON, LATER)
    assert removal(world).undo(ID, LATER) == world.path
    assert stays_whole(world)
    gone = {"left", unwanted.SINCE}
    assert {k: v for k, v in data(world).items() if k != "leaving"} == {
        k: v for k, v in before.items() if k not in gone
    }
    assert world.parts.queue.get(ID)[1].wanted_by == ("hand",)
    assert tree(world.parts.library_folder / recycle.FOLDER) == []
    let_go(world)
    assert world.parts.client.removed == []
    assert passes(world, LATER + GRACE, LATER + 3 * GRACE) == [0, 0]


def test_what_was_not_removed_cannot_be_brought_back(world):
    with pytest.raises(QueueError, match=r"^Film 1 \(1999\) was not removed by cleanup; nothing"):
        removal(world).undo(ID, LATER)
    assert stays_whole(world)


def test_undo_overwrites_nothing(world):
    passes(world, make.NOON, LATER)
    world.path.parent.mkdir()
    world.path.write_bytes(b"mine")
    with pytest.raises(FilesError, match="is another file by now; nothing was brought back"):
        removal(world).undo(ID, LATER)
    assert world.path.read_bytes() == b"mine"
    assert len(tree(world.parts.library_folder / recycle.FOLDER)) == 2


def test_a_film_that_is_listed_again_comes_back_by_itself(world):
    passes(world, make.NOON, LATER)
    world.parts.queue.put_many([make.item(1)])
    assert state(world) is State.PENDING
    passes(world, LATER + DAY)
    assert stays_whole(world)
    assert world.parts.queue.get(ID)[1].wanted_by == (ALICE,)


def test_a_film_that_is_listed_again_too_late_is_looked_for_again(world):
    passes(world, make.NOON, LATER, *(LATER + n * 10 * DAY for n in range(1, 5)))
    world.parts.queue.put_many([make.item(1)])
    passes(world, LATER + 45 * DAY)
    item = world.parts.queue.get(ID)[1]
    assert (state(world), item.completed_at) == (State.PENDING, None)
    assert not {"path", "release", "handle", "cleaned"} & item.data.keys()


def test_after_thirty_days_what_was_removed_is_deleted_and_nothing_else(world):
    passes(world, make.NOON, LATER)
    bin_ = world.parts.library_folder / recycle.FOLDER
    mine = bin_ / "mine.mkv"
    mine.write_bytes(b"mine")
    (kept,) = bin_.rglob("*.srt")
    kept.write_text("changed by a person")
    passes(world, *(LATER + n * 10 * DAY for n in range(1, 4)))
    assert len(tree(bin_)) == 3
    passes(world, LATER + 30 * DAY + timedelta(seconds=1))
    assert tree(bin_) == sorted([str(kept.relative_to(bin_)), "mine.mkv"])
    with pytest.raises(QueueError, match="not in the recycle folder any more"):
        removal(world).undo(ID, LATER)


def test_off_empties_no_recycle_folder(world):
    passes(world, make.NOON, LATER)
    world.rules = replace(world.rules, enabled=False)
    passes(world, *(LATER + n * 10 * DAY for n in range(1, 9)))
    assert len(tree(world.parts.library_folder / recycle.FOLDER)) == 2


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_after_a_jump_of_the_clock_nothing_goes_for_a_day(world, jump):
    at = make.NOON + jump
    assert passes(world, make.NOON, at, at + DAY / 2) == [0, 0, 0]
    assert stays_whole(world)
    put_right = make.NOON + DAY
    assert passes(world, put_right, put_right + GRACE - DAY, put_right + GRACE) == [0, 0, 1]


def test_a_damaged_list_of_what_is_recycled_stops_all_removal(world):
    (world.home / "recycled.json").write_text("{")
    one = removal(world)
    assert [one.run(at) for at in (make.NOON, LATER)] == [0, 0]
    assert stays_whole(world)
    assert "no film was removed and nothing recycled was deleted" in one.problem


def test_a_library_that_is_gone_is_no_library_without_films(world, tmp_path):
    passes(world, make.NOON)
    world.parts.library.add(make.film(1), world.path)
    world.parts.library_folder.rename(tmp_path / "unmounted")
    assert passes(world, LATER) == [0]
    (tmp_path / "unmounted").rename(world.parts.library_folder)
    assert stays_whole(world)


def test_a_film_whose_file_a_person_deleted_is_set_aside(world):
    passes(world, make.NOON)
    world.path.unlink()
    world.path.with_suffix(".en.srt").unlink()
    world.path.with_name("poster.jpg").write_bytes(b"mine")
    assert passes(world, LATER) == [1]
    assert state(world) is State.REMOVED
    with pytest.raises(QueueError):
        removal(world).undo(ID, LATER)


def test_between_disks_a_film_is_copied_before_it_goes(world, other_disk):
    from dataclasses import replace as changed

    world.parts = changed(world.parts, recycled=other_disk)
    assert passes(world, make.NOON, LATER) == [0, 1]
    assert len(tree(other_disk)) == 2
    removal(world).undo(ID, LATER)
    assert stays_whole(world)
    assert tree(other_disk) == []


STEPS = 5


def killed_after(world, steps):
    """The queue as the next start finds it, after the program died in a removal."""
    passes(world, make.NOON)
    going = removal(world).steps(world.parts.queue.get(ID)[1], LATER)
    done = [next(going) for _ in range(steps)]
    going.close()
    return done


def test_a_removal_has_so_many_steps(world):
    passes(world, make.NOON)
    steps = list(removal(world).steps(world.parts.queue.get(ID)[1], LATER))
    assert steps[:2] == ["noted with the film", "listed"]
    assert (len(steps), steps[-1]) == (STEPS, "removed")


@pytest.mark.parametrize("steps", range(1, STEPS + 1))
def test_a_removal_that_was_killed_is_finished_by_the_next_pass(world, steps):
    killed_after(world, steps)
    copy = world.home / "after"
    copy.mkdir()
    for path in world.home.glob("queue*"):  # as they lie on the disk at that moment
        (copy / path.name).write_bytes(path.read_bytes())
    again = QueueManager(copy, idle_s=60, sync=lambda descriptor: None)
    try:
        removal(world, again).run(LATER)
        found, item = again.get(ID)
        assert (found, item.data["removed_by"]) == (State.REMOVED, "cleanup")
        bin_ = world.parts.library_folder / recycle.FOLDER
        assert len(tree(bin_)) == len(tree(world.parts.library_folder)) == 2
        removal(world, again).undo(ID, LATER)
        assert again.get(ID)[0] is State.COMPLETED
        assert tree(world.path.parent) == [f"{NAME} [1080p BluRay].en.srt", world.path.name]
    finally:
        again.close()


@pytest.mark.parametrize("steps", range(1, STEPS))
@pytest.mark.parametrize("why", ["wanted", "off", "by hand"])
def test_a_removal_that_was_killed_is_taken_back_if_the_film_is_to_stay(world, steps, why):
    killed_after(world, steps)
    if why == "wanted":
        world.parts.queue.put_many([make.item(1)])
    elif why == "off":
        world.rules = replace(world.rules, enabled=False)
    else:
        world.parts.queue.remove(ID)
    passes(world, LATER)
    assert tree(world.parts.library_folder) == [
        f"{NAME}/{NAME} [1080p BluRay].en.srt",
        f"{NAME}/{NAME} [1080p BluRay].mkv",
    ]
    assert state(world) is (State.REMOVED if why == "by hand" else State.COMPLETED)
    assert "removing" not in data(world)


def test_a_film_that_is_wanted_while_its_files_move_is_back_at_once(world):
    passes(world, make.NOON)
    going = removal(world).steps(world.parts.queue.get(ID)[1], LATER)
    for _ in range(3):
        next(going)
    world.parts.queue.put_many([make.item(1, wanted_by=("hand",))])
    list(going)
    assert stays_whole(world)


@pytest.mark.parametrize("what", ["noted", "moved", "restored"])
def test_an_undo_that_was_killed_is_finished_by_the_next_pass(world, what):
    passes(world, make.NOON, LATER)
    world.parts.queue.note(ID, cleaned={**data(world)["cleaned"], "returning": True})
    if what != "noted":
        recycled = removal(world).recycled
        (name,) = recycled.entries()
        recycled.bring_back(name)
    if what == "restored":
        world.parts.queue.restore(ID)
    passes(world, LATER)
    assert stays_whole(world)
    assert removal(world).recycled.entries() == {}


def test_what_the_disk_forbids_holds_up_no_other_film(world, tmp_path):
    second = place(world.parts, 2, handle="b" * 40)
    passes(world, make.NOON)
    trap = removal(world)
    name = "2026-01-05 trap"
    world.parts.queue.note(ID, removing=name)
    (world.parts.library_folder / recycle.FOLDER).mkdir()
    (world.parts.library_folder / recycle.FOLDER / name).write_text("in the way")
    assert trap.run(LATER) == 1
    assert not second.exists()
    assert stays_whole(world)


def test_films_go_in_the_order_of_a_plan(world):
    for number in (2, 3, 4):
        path = place(world.parts, number, handle=str(number) * 40)
        path.write_bytes(bytes(100 * number))
        world.parts.queue.note(f"film:letterboxd:{number}", placed_as=None)
    passes(world, make.NOON)
    world.parts.queue.note("film:letterboxd:3", unwanted_at="2025-12-01T00:00:00+00:00")
    ranked = removal(world).standings(make.NOON)
    assert [each.title[:6] for each in ranked] == ["Film 3", "Film 4", "Film 2", "Film 1"]
    assert [each.title[:6] for each in unwanted.enough(ranked, 306)] == ["Film 3", "Film 4"]


def test_a_removal_by_hand_is_no_removal_by_cleanup(world):
    item = world.parts.queue.remove(ID)
    assert item.data["removed_by"] == queue_moves.BY_HAND
    passes(world, make.NOON, LATER)
    assert world.path.exists()
    assert os.listdir(world.parts.library_folder) == [NAME]
