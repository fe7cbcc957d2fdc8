import contextlib
import threading
from pathlib import Path

import pytest

from movie_sync import budgets
from movie_sync.budgets import Budget, Spent
from movie_sync.errors import FilesError, NotAuthorised, Unavailable

HOUR_S = 3600
DAY_S = 24 * HOUR_S


class Clock:
    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new(tmp_path: Path, clock: Clock):
    """A budget as after a restart: what it knows is in the file."""
    return lambda limit=150, per_s=HOUR_S: Budget(tmp_path, "filelist", limit, per_s, clock=clock)


def spend(budget: Budget, calls: int) -> None:
    for _ in range(calls):
        budget.spend()


def test_the_151st_call_in_an_hour_is_not_made(new, clock):
    budget = new()
    spend(budget, 100)
    clock.now += 600
    spend(budget, 50)
    with pytest.raises(Unavailable) as caught:
        budget.spend()
    assert str(caught.value) == "filelist: 150 calls this hour are used up"
    assert caught.value.retry_after_s == 3010.0
    assert budget.left == 0


def test_after_the_wait_it_named_a_call_may_be_made(new, clock):
    budget = new(limit=1)
    budget.spend()
    with pytest.raises(Unavailable) as caught:
        budget.spend()
    clock.now += caught.value.retry_after_s
    budget.spend()
    assert budget.left == 0


def test_a_restart_does_not_start_afresh(new):
    spend(new(), 7)
    assert new().left == 143


def test_a_command_beside_the_daemon_spends_from_the_same_purse(new):
    daemon, command = new(limit=2), new(limit=2)
    daemon.spend()
    command.spend()
    with pytest.raises(Unavailable):
        daemon.spend()


def test_threads_together_keep_the_limit(new):
    budget, made = new(limit=20), []

    def call() -> None:
        for _ in range(5):
            try:
                budget.spend()
            except Unavailable:
                return
            made.append(1)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), budget.left) == (20, 0)


def test_checking_costs_nothing(new):
    budget = new(limit=1)
    budget.check()
    assert budget.left == 1


def test_a_lowered_limit_waits_until_enough_calls_are_old(new, clock):
    spend(new(limit=3), 1)
    clock.now += 1000
    spend(new(limit=3), 2)
    with pytest.raises(Unavailable) as caught:
        new(limit=1).spend()
    assert caught.value.retry_after_s == 3610.0


def test_a_pause_outlives_a_restart(new, clock):
    new().pause(1800, "asked us to slow down")
    clock.now += 600
    with pytest.raises(Unavailable, match="filelist: asked us to slow down") as caught:
        new().spend()
    assert caught.value.retry_after_s == 1200.0
    clock.now += 1200
    new().spend()


def test_a_shorter_pause_does_not_end_a_longer_one(new):
    budget = new()
    budget.pause(1800, "long")
    budget.pause(60, "short")
    with pytest.raises(Unavailable, match="long"):
        budget.check()


def test_a_refused_login_is_not_tried_again_and_another_one_is(new):
    new().refuse_login("ann")
    message = "filelist: this login was refused before and is not tried again; set a new one"
    with pytest.raises(NotAuthorised, match=message):
        new().spend("ann")
    assert new().left == 150
    new().spend("bob")


def test_after_the_clock_was_set_back_calls_count_from_now_and_end(new, clock):
    budget = new(limit=2)
    spend(budget, 2)
    clock.now -= 365 * DAY_S
    with pytest.raises(Unavailable) as caught:
        budget.spend()
    assert caught.value.retry_after_s == 3610.0
    clock.now += 3610
    budget.spend()


def test_after_the_clock_was_set_back_a_pause_is_a_day_at_most_and_ends(new, clock):
    new().pause(1800, "asked us to slow down")
    clock.now -= 365 * DAY_S
    with pytest.raises(Unavailable) as caught:
        new().spend()
    assert caught.value.retry_after_s == DAY_S
    clock.now += DAY_S
    new().spend()


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b'{"calls": "many"}', b"\xff\xfe", b'"\xff"'])
def test_a_damaged_file_counts_as_nothing_spent(new, tmp_path, held):
    (tmp_path / "budget_filelist.json").write_bytes(held)
    budget = new()
    budget.spend()
    assert (budget.left, new().left) == (149, 149)


def test_what_cannot_be_counted_is_not_called(tmp_path):
    budget = Budget(tmp_path / "gone", "filelist", 150, HOUR_S)
    with pytest.raises(FilesError) as caught:
        budget.spend()
    path = tmp_path / "gone/budget_filelist.json"
    message = "No such file or directory; filelist is not asked until it can be written"
    assert str(caught.value) == f"{path}: {message}"


def test_a_file_that_cannot_be_read_is_not_taken_for_an_empty_one(new, tmp_path):
    (tmp_path / "budget_filelist.json").mkdir()
    with pytest.raises(FilesError, match="it says how often a service may be asked"):
        new().spend()


@pytest.mark.parametrize(
    ("spent", "text"),
    [
        (Spent(limit=150, per_s=HOUR_S), "150 of 150 calls left this hour"),
        (
            Spent(limit=150, per_s=HOUR_S, calls=[0.0, 7000.0, 9000.0]),
            "148 of 150 calls left this hour",
        ),
        (Spent(limit=1, per_s=HOUR_S, calls=[9000.0, 9001.0]), "0 of 1 calls left this hour"),
        (Spent(limit=20, per_s=10), "20 of 20 calls left in 10 s"),
        (Spent(limit=40, per_s=600), "40 of 40 calls left in 10 min"),
        (
            Spent(limit=9, per_s=HOUR_S, paused_until=10_061.0, pause_reason="asked to slow down"),
            "9 of 9 calls left this hour; paused for 2 min more: asked to slow down",
        ),
    ],
)
def test_a_person_is_told_what_is_left(spent, text):
    assert budgets.sentence(spent, now=10_000.0) == text


def test_a_budget_tells_it_by_itself(new):
    budget = new()
    spend(budget, 7)
    assert budget.sentence() == "143 of 150 calls left this hour"


def test_programs_that_run_beside_each_other_spend_from_one_purse(tmp_path):
    def spend_all(calls_made):
        budget = Budget(tmp_path, "filelist", 40, HOUR_S)
        with contextlib.suppress(Unavailable):
            while True:
                budget.spend()
                calls_made.append(1)

    made: list[int] = []
    threads = [threading.Thread(target=spend_all, args=(made,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 40
    assert [path.stat().st_mode & 0o077 for path in tmp_path.iterdir()] == [0, 0]


@pytest.mark.parametrize("jump_s", [-400 * DAY_S, -DAY_S, -HOUR_S, HOUR_S, 400 * DAY_S])
def test_a_clock_that_jumps_neither_frees_more_calls_nor_stops_them_for_longer(new, clock, jump_s):
    budget = new(limit=3)
    spend(budget, 3)
    clock.now += jump_s
    if jump_s < HOUR_S + 10:
        with pytest.raises(Unavailable) as caught:
            budget.spend()
        assert 0 < caught.value.retry_after_s <= HOUR_S + 10
        clock.now += caught.value.retry_after_s
    spend(new(limit=3), 3)
