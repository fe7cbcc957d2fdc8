from datetime import timedelta

import pytest

from movie_sync.errors import Blocked, NotAuthorised, Stopping, Unavailable
from movie_sync.history.passes import GAP, IDLE_S, LOGIN, NOTHING, Pass, Passes, Ran, rest_after
from tests import make

NOW = make.NOON
HOUR = timedelta(hours=1)


class Repeated:
    """A pass that is due now, or at `at`, and does what it is told to."""

    def __init__(self, name="trakt", at=NOW):
        self.name, self.at, self.ran, self.forced = name, at, [], []
        self.does = lambda: Ran(sentence="1 new", sync_id=1)

    def made(self):
        return Pass(
            name=self.name, due_at=lambda now: self.at, run=self._run, forced=self.forced_run
        )

    def _run(self, now):
        self.ran.append(now)
        return self.does()

    def forced_run(self, now):
        self.forced.append(now)
        return self.does()


def failing(error):
    def fail():
        raise error

    return fail


def test_a_pass_is_run_when_it_is_due_and_not_before():
    one, other = Repeated(), Repeated("viki", NOW + HOUR)
    passes = Passes([one.made(), other.made()])
    assert passes.turn(NOW) == GAP.total_seconds()
    assert (one.ran, other.ran) == ([NOW], [])
    one.at = None
    assert passes.turn(NOW + GAP) == IDLE_S
    passes.turn(NOW + HOUR)
    assert other.ran == [NOW + HOUR]


def test_a_pass_that_is_always_due_does_not_run_without_end():
    one = Repeated()
    passes = Passes([one.made()])
    waits = [passes.turn(NOW + timedelta(seconds=n)) for n in range(5)]
    assert len(one.ran) == 1
    assert all(wait_s > 0 for wait_s in waits)


def test_one_that_fails_rests_and_holds_up_no_other():
    one, other = Repeated(), Repeated("viki")
    one.does = failing(Unavailable("trakt", "down", 120))
    passes = Passes([one.made(), other.made()])
    passes.turn(NOW)
    passes.turn(NOW + timedelta(seconds=60))
    assert len(one.ran) == 1
    assert len(other.ran) == 2
    assert passes.problems == {"trakt": "trakt: down"}
    one.does = lambda: NOTHING
    passes.turn(NOW + timedelta(seconds=121))
    assert passes.problems == {}


def test_what_could_not_be_done_whole_is_a_problem_too():
    one = Repeated()
    one.does = lambda: Ran(sentence="some", problem="the session is over")
    passes = Passes([one.made()])
    passes.turn(NOW)
    assert passes.problems == {"trakt": "the session is over"}


def test_a_wish_ends_a_rest_and_is_fulfilled_once():
    one = Repeated(at=NOW + HOUR)
    one.does = failing(NotAuthorised("trakt", "log in"))
    passes = Passes([one.made()])
    passes.wish(["trakt"])
    passes.turn(NOW)
    one.does = lambda: NOTHING
    passes.wish(["trakt"], force=True)
    passes.turn(NOW)
    passes.turn(NOW + GAP)
    assert (len(one.ran), len(one.forced)) == (1, 1)


def test_all_are_run_at_once_for_who_waits_for_them():
    one, other = Repeated(at=None), Repeated("viki", at=None)
    other.does = failing(Blocked("viki", "closed"))
    done = Passes([one.made(), other.made()]).run_all(["viki", "trakt"], NOW)
    assert [(each.name, each.ran.problem) for each in done] == [
        ("trakt", None), ("viki", "viki: closed"),
    ]  # fmt: skip


def test_the_end_of_the_program_is_no_failure_of_a_pass():
    one = Repeated()
    one.does = failing(Stopping("the program is stopping"))
    passes = Passes([one.made()])
    with pytest.raises(Stopping):
        passes.turn(NOW)
    assert passes.problems == {}


def test_news_are_told_only_where_there_are_any():
    heard, one = [], Repeated()
    passes = Passes([one.made()], after=lambda: heard.append("news"))
    passes.turn(NOW)
    one.does = lambda: NOTHING
    passes.turn(NOW + GAP)
    assert heard == ["news"]


@pytest.mark.parametrize(("error", "times", "rest"), [
    (Unavailable("trakt", "down"), 1, timedelta(minutes=1)),
    (Unavailable("trakt", "down"), 3, timedelta(minutes=4)),
    (Unavailable("trakt", "down"), 99, timedelta(hours=1)),
    (Unavailable("trakt", "slow down", 7200), 1, timedelta(hours=2)),
    (NotAuthorised("trakt", "log in"), 5, LOGIN),
    (Blocked("viki", "closed"), 1, timedelta(minutes=15)),
    (None, 1, timedelta(minutes=1)),
])  # fmt: skip
def test_the_rest_after_a_failure_grows_and_heeds_what_was_asked(error, times, rest):
    assert rest_after(error, times) == rest
