import logging
import threading
import time
from datetime import timedelta

import pytest

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    FilesError,
    NotAuthorised,
    Stopping,
    Unavailable,
)
from movie_sync.worker import Worker
from tests import make
from tests.queue_home import until

MINUTE_S, HOUR_S = 60.0, 3600.0
DOWN = Unavailable("qbittorrent", "no answer in 15 s")


class Passes:
    """A pass that answers or raises what it is given, one after another, then the last for ever."""

    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.count = 0
        self.worker = Worker("search", MINUTE_S, self)

    def __call__(self, now):
        self.count += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def waits(self, count):
        """What it would wait after each of so many passes, a minute apart."""
        return [
            self.worker.run_once(make.NOON + timedelta(minutes=number)) for number in range(count)
        ]


@pytest.fixture
def run():
    """Runs a worker in its thread until the test ends."""
    started = []

    def start(*outcomes):
        passes = Passes(*outcomes)
        passes.worker.start()
        started.append(passes.worker)
        return passes

    yield start
    for worker in started:
        worker.stop()
        worker.join(30)
        assert not worker.is_alive()


@pytest.mark.parametrize(
    ("outcome", "wait_s"),
    [
        (None, MINUTE_S),
        (0.0, 0.0),
        (7.5, 7.5),
        (DOWN, 15.0),
        (Unavailable("filelist", "asks us to slow down", retry_after_s=600), 600),
        (Unavailable("filelist", "asks us to slow down", retry_after_s=5), MINUTE_S),
        (NotAuthorised("filelist", "login refused"), 6 * HOUR_S),
        (Blocked("letterboxd", "answers with a challenge"), 15 * 60),
        (BadAnswer("tvmaze", "show 5 has an unknown form"), MINUTE_S),
        (FilesError("/films is full"), MINUTE_S),
        (ZeroDivisionError("division by zero"), MINUTE_S),
    ],
)
def test_how_long_it_waits_after_a_pass(outcome, wait_s):
    assert Passes(outcome).waits(1) == [wait_s]


def test_an_outage_is_looked_at_soon_and_then_ever_more_seldom_up_to_four_turns():
    assert Passes(DOWN).waits(7) == [15.0, 30.0, 60.0, 120.0, 240.0, 240.0, 240.0]


def test_whoever_blocks_us_is_asked_ever_more_seldom_up_to_once_a_day():
    blocked = Blocked("letterboxd", "answers with a challenge")
    hours = [wait_s / HOUR_S for wait_s in Passes(blocked).waits(9)]
    assert hours == [0.25, 0.5, 1, 2, 4, 8, 16, 24, 24]


def test_only_being_blocked_in_a_row_lengthens_that_wait():
    blocked = Blocked("letterboxd", "answers with a challenge")
    assert Passes(DOWN, DOWN, DOWN, blocked).waits(4)[3] == 15 * 60
    assert Passes(blocked, blocked, None, blocked).waits(4)[3] == 15 * 60
    assert Passes(blocked, blocked, KeyError("x"), blocked).waits(4)[3] == 15 * 60


def test_the_same_failure_is_told_once_and_so_is_its_end(caplog):
    caplog.set_level(logging.INFO)
    Passes(DOWN, DOWN, DOWN, None, None).waits(5)
    assert caplog.messages == [
        "search: qbittorrent: no answer in 15 s; next try in 15 s",
        "search: works again",
    ]


def test_another_failure_is_told_again(caplog):
    Passes(DOWN, FilesError("/films is full"), DOWN).waits(3)
    assert len(caplog.messages) == 3


def test_a_fault_in_the_program_is_told_once_with_its_place_and_ends_nothing(caplog):
    caplog.set_level(logging.INFO)
    passes = Passes(ZeroDivisionError("division by zero"), KeyError("x"), KeyError("x"), None)
    passes.waits(4)
    assert caplog.messages == [
        "search: a fault in the program; next try in 60 s",
        "search: a fault in the program; next try in 60 s",
        "search: works again",
    ]
    assert "in __call__" in caplog.text


def test_it_knows_since_when_it_fails():
    passes = Passes(None, DOWN, FilesError("/films is full"), None)
    passes.waits(1)
    assert passes.worker.failed_since is None
    for minute in (1, 2):
        passes.worker.run_once(make.NOON + timedelta(minutes=minute))
    assert passes.worker.failure == "/films is full"
    assert passes.worker.failed_since == make.NOON + timedelta(minutes=1)
    passes.worker.run_once(make.NOON + timedelta(minutes=3))
    assert (passes.worker.failure, passes.worker.failed_since) == (None, None)


def test_it_repeats_its_pass(run):
    passes = run(0.001)
    until(lambda: passes.count > 5)


def test_it_runs_early_when_woken(run):
    passes = run(None)
    for count in (1, 2, 3):
        until(lambda count=count: passes.count == count)
        passes.worker.wake()
    until(lambda: passes.count == 4)


def test_woken_during_a_pass_it_runs_once_more(run):
    begun, go_on, count = threading.Event(), threading.Event(), []

    def one_pass(now):
        count.append(now)
        begun.set()
        assert go_on.wait(60)

    worker = Worker("search", MINUTE_S, one_pass)
    worker.start()
    assert begun.wait(60)
    worker.wake()
    go_on.set()
    until(lambda: len(count) == 2)
    worker.stop()
    worker.join(30)


@pytest.mark.parametrize(
    "told",
    [
        NotAuthorised("filelist", "login refused"),
        Blocked("letterboxd", "answers with a challenge"),
        Unavailable("filelist", "asks us to slow down", retry_after_s=600),
    ],
)
def test_nothing_wakes_it_while_it_may_not_knock(run, told):
    passes = run(told)
    until(lambda: passes.worker.failure)
    for _ in range(5):
        passes.worker.wake()
        time.sleep(0.004)
    assert passes.count == 1


def test_it_is_stopped_at_once_whatever_it_waits_for(run):
    for outcome in (None, NotAuthorised("filelist", "login refused")):
        passes = run(outcome)
        until(lambda passes=passes: passes.count == 1)
        passes.worker.stop()
        passes.worker.join(30)  # half of what it would wait
        assert (passes.worker.is_alive(), passes.count) == (False, 1)


def test_it_can_be_stopped_before_it_is_started():
    passes = Passes(None)
    passes.worker.stop()
    passes.worker.start()
    passes.worker.join(30)
    assert passes.count == 0


def test_what_fails_because_the_program_ends_is_not_told(caplog):
    passes = Passes(Stopping("the program is stopping"))
    passes.worker.stop()
    passes.waits(1)
    assert caplog.messages == []
    assert passes.worker.stopping


def test_its_beat_tells_a_watchdog_when_the_next_pass_is_due(run):
    begun = time.monotonic()
    passes = run(None)
    until(lambda: passes.worker.beat_at >= begun + MINUTE_S)
