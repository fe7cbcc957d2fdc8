from pathlib import Path

import pytest

from movie_sync.models import State
from tests.soak.__main__ import run
from tests.soak.invariants import check_all
from tests.soak.life import Life
from tests.soak.outside import Broken

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2])
def test_weeks_of_faults_and_kills_break_no_promise(tmp_path, seed):
    lines: list[str] = []
    assert run(tmp_path, films=200, days=20, seed=seed, show=lines.append) == 0, lines[-1]
    assert lines[-1] == "all invariants held"


def a_placed_film(life):
    """Its item, and its file, which the program has placed."""
    done = life.queue.iter(State.COMPLETED)
    return next((i, Path(i.data["path"])) for i in done if i.data.get("handle"))


def forget(life):
    items = list(life.queue.iter(State.COMPLETED))
    life.queue.merge(items[0].id, items[1].id)
    life.queue.note(items[1].id, aliases=None)


def unwant(life):
    item = next(i for i in life.queue.iter(State.COMPLETED) if i.id.partition("@")[1] == "")
    life.queue.unwant([item.id], item.wanted_by[0])


def remove_by_hand(life):
    life.queue.remove(a_placed_film(life)[0].id)


def use_an_attempt(life):
    item = claim(life)
    life.queue.fail(item.id, "an outage", life.now)


def claim(life):
    life.queue.retry(next(i for i in life.queue.iter(State.FAILED) if i.searches).id)
    return life.queue.take("film")


def double(life):
    path = a_placed_film(life)[1]
    path.with_name("twice.mkv").write_bytes(path.read_bytes())


def delete_a_film(life):
    a_placed_film(life)[1].unlink()


def swap_the_content(life):
    path = a_placed_film(life)[1]
    path.unlink()
    path.write_text("film 999999\n")


def leave_rubbish(life):
    (life.library_folder / "part.tmp").write_text("half a film")


def touch_what_is_not_ours(life):
    next(iter(life.owned)).write_bytes(b"overwritten")


def delete_what_is_not_ours(life):
    next(iter(life.owned)).unlink()


def tell_for_ever(life):
    story = next((life.folder / "stories").glob("film-*"))
    story.write_bytes(story.read_bytes() * 100)


@pytest.mark.parametrize(
    ("harm", "noticed"),
    [
        (forget, "was named by a list, and is in no queue"),
        (unwant, "is on .*, wanted by"),
        (remove_by_hand, "is removed by hand, which nobody wished"),
        (use_an_attempt, "used 1 attempts for 0 answers about it"),
        (claim, "is claimed, and nobody works on it"),
        (double, "a film is there 2 times"),
        (delete_a_film, "is not that film"),
        (swap_the_content, "is not that film"),
        (leave_rubbish, "was not there before, and nobody knows it"),
        (touch_what_is_not_ours, "was changed"),
        (delete_what_is_not_ours, "is gone"),
        (tell_for_ever, "tells more than"),
    ],
)
def test_each_broken_promise_is_noticed(tmp_path, harm, noticed):
    life = Life(tmp_path, films=60, days=5, seed=3, versions=False)
    try:
        life.day()
        check_all(life)
        harm(life)
        with pytest.raises(Broken, match=noticed):
            check_all(life)
    finally:
        life.queue.close()
