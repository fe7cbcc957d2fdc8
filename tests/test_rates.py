import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.errors import Stopping
from movie_sync.rates import Rate


class Clock:
    """Sleeps as it likes: each sleep moves it by its part of what was asked, some not at all."""

    def __init__(self, parts: list[float] | None = None) -> None:
        self.now, self.slept = 0.0, 0
        self._parts = parts or [1.0]

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.slept += 1
        part = self._parts[self.slept % len(self._parts)]
        # One that stands still for ever could never let anything start.
        self.now += seconds * (part if self.slept % 7 else 1.0)


def most_in_a_window(starts: list[float], per_s: float) -> int:
    """Both ends counted."""
    return max(sum(at <= other <= at + per_s for other in starts) for at in starts)


@given(
    limit=st.integers(1, 20),
    moves=st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.1, 0.5, 3.0, 9.999, 10.0, 11.0]), min_size=1),
    parts=st.lists(st.sampled_from([0.0, 0.3, 1.0, 1.0, 2.5]), min_size=1, max_size=6),
    gap_s=st.sampled_from([0.0, 0.5]),
)
def test_no_window_has_more_starts_than_allowed(limit, moves, parts, gap_s):
    clock, starts = Clock(parts), list[float]()
    rate = Rate(limit, 10.0, sleep=clock.sleep, monotonic=clock.monotonic)
    for move in moves * 3:
        clock.now += move
        rate.wait("host", gap_s)
        starts.append(clock.now)
    assert most_in_a_window(starts, 10.0) <= limit


def test_as_many_as_are_allowed_start_at_once():
    clock = Clock()
    rate = Rate(18, 10.0, sleep=clock.sleep, monotonic=clock.monotonic)
    for _ in range(18):
        rate.wait("host", 0.0)
    assert (clock.now, clock.slept) == (0.0, 0)
    rate.wait("host", 0.0)
    assert 10.0 < clock.now < 10.01


@pytest.mark.slow
def test_all_threads_together_keep_to_it():
    rate, starts = Rate(5, 0.1), list[float]()

    def ask() -> None:
        for _ in range(4):
            rate.wait("host", 0.0)
            starts.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(starts) == 20
    # What a thread notes is later than when it was let go, so the whole is looked at.
    assert max(starts) - min(starts) > 3 * 0.1


def test_nobody_starts_in_a_pause_and_the_longer_of_two_counts():
    clock = Clock([0.0, 0.5, 1.0])
    rate = Rate(20, 10.0, sleep=clock.sleep, monotonic=clock.monotonic)
    rate.pause(30.0)
    rate.pause(5.0)
    assert rate.paused_s() == 30.0
    rate.wait("host", 0.0)
    assert clock.now >= 30.0
    assert rate.paused_s() == 0.0


def test_who_is_told_to_stop_while_it_waits_has_used_up_nothing():
    def stop(seconds: float) -> None:
        raise Stopping("the program is stopping")

    clock = Clock()
    rate = Rate(1, 10.0, sleep=stop, monotonic=clock.monotonic)
    rate.wait("host", 0.0)
    with pytest.raises(Stopping):
        rate.wait("host", 0.0)
    clock.now = 10.01
    rate.wait("host", 0.0)
