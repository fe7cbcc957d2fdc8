from itertools import islice

import pytest

from movie_sync import restore_swap
from movie_sync.errors import FilesError
from movie_sync.instance import owned
from movie_sync.restore_swap import NEW, SIDE, Plan

PLAN = Plan("before-restore", ("a.json", "gone.json", "stories"), ("a.json", "new.json", "stories"))
OLD = {"a.json": "old", "gone.json": "old", "stories/1": "old", "other": "old"}
AFTER = {"a.json": "new", "new.json": "new", "stories/2": "new", "other": "old"}
STEPS = 6  # renames of the plan
KEPT = {"a.json": "old", "gone.json": "old", "stories/1": "old"}


def lay(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text)


def seen(folder):
    left_out = (SIDE, PLAN.kept, "daemon.lock")
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {
        name: path.read_text()
        for path in found
        if not (name := str(path.relative_to(folder))).startswith(left_out)
    }


@pytest.fixture
def home(tmp_path):
    lay(tmp_path, OLD)
    new = restore_swap.prepare(tmp_path)
    lay(new, {name: text for name, text in AFTER.items() if text == "new"})
    return tmp_path


def steps(home):
    """Every rename of a restore, in its order."""
    kept, new = home / PLAN.kept, home / SIDE / NEW
    for name in dict.fromkeys((*PLAN.away, *PLAN.new)):
        if (home / name).exists():
            yield home / name, kept / name
        if name in PLAN.new:
            yield new / name, home / name


@pytest.mark.parametrize("made", range(STEPS + 1))
def test_a_restore_that_breaks_off_is_finished_by_the_next_owner(home, made):
    restore_swap.begin(home, PLAN)
    (home / PLAN.kept).mkdir()
    for old, new in islice(steps(home), made):
        old.rename(new)
    assert restore_swap.is_unfinished(home)
    with owned(home):
        assert seen(home) == AFTER
    assert seen(home / PLAN.kept) == KEPT
    assert not (home / SIDE).exists()


def test_what_was_never_begun_is_cleared_away_and_changes_nothing(home):
    with owned(home):
        assert seen(home) == OLD
    assert not (home / SIDE).exists()
    assert not (home / PLAN.kept).exists()


def test_what_was_written_between_two_tries_is_kept_too(home):
    restore_swap.begin(home, PLAN)
    lay(home / PLAN.kept, {"a.json": "old"})
    (home / "a.json").write_text("written meanwhile")
    restore_swap.finish(home)
    assert seen(home)["a.json"] == "new"
    assert (home / PLAN.kept / "a.json").read_text() == "old"
    assert (home / PLAN.kept / "a.json+").read_text() == "written meanwhile"


def test_a_home_without_a_restore_is_left_alone(tmp_path):
    assert restore_swap.finish(tmp_path) is None


def test_a_plan_that_cannot_be_read_stops_everything(home):
    (home / SIDE / "plan.json").write_text("{")
    with pytest.raises(FilesError, match="nothing was started"), owned(home):
        raise AssertionError
    assert seen(home) == OLD
