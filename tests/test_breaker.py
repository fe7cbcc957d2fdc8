import logging
import threading

import pytest

from movie_sync import breaker
from movie_sync.breaker import LOGIN_RESTS_S, Breaker
from movie_sync.errors import BadAnswer, Blocked, NotAuthorised, NotFound, Unavailable

DAY_S = 24 * 3600.0
DOWN = Unavailable("nas", "did not answer")
SLOW_DOWN = Unavailable("nas", "slow down", 600)
CLOSED = Blocked("nas", "closed")
WRONG = NotAuthorised("nas", "login refused")


class Clock:
    now = 1_800_000_000.0

    def __call__(self):
        return self.now


class Service:
    """Fails so until told otherwise; `asked` are the seconds since noon at which it was."""

    def __init__(self, clock, error=None):
        self.clock, self.error, self.asked = clock, error, []

    def __call__(self):
        self.asked.append(self.clock() - Clock.now)
        if self.error:
            raise type(self.error)(*self.error_parts())
        return "answer"

    def error_parts(self):
        wish = getattr(self.error, "retry_after_s", None)
        return ("nas", self.error.message, *([wish] if wish else []))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def new(tmp_path, clock):
    """A breaker as another program, or this one after a restart, has it."""
    return lambda login="ann:secret": Breaker(tmp_path, "nas", login, clock=clock)


def knock(new, service, seconds, step=60):
    """Ask all the time, each time as after a restart."""
    start = service.clock.now
    for second in range(0, int(seconds), step):
        service.clock.now = start + second
        with pytest.raises((Unavailable, Blocked, NotAuthorised)):
            new().call(service)
    return service.asked


def test_what_is_down_is_asked_ever_more_rarely_over_restarts(new, clock):
    asked = knock(new, Service(clock, DOWN), 1.5 * 3600, step=15)
    assert asked == [0, 15, 75, 375, 1275, 3075, 4875]


def test_a_closed_door_is_knocked_at_at_most_once_a_day_in_the_end(new, clock):
    asked = knock(new, Service(clock, CLOSED), 4 * DAY_S, step=900)
    minutes = [at / 60 for at in asked]
    assert minutes == [0, 15, 45, 105, 225, 465, 945, 1905, 3345, 4785]


@pytest.mark.parametrize(("wish_s", "waited_s"), [(600, 600), (1, 15), (10 * DAY_S, DAY_S)])
def test_its_own_wish_for_peace_is_kept_within_reason(new, clock, wish_s, waited_s):
    service = Service(clock, Unavailable("nas", "slow down", wish_s))
    for _ in range(2):
        with pytest.raises(Unavailable, match="slow down") as caught:
            new().call(service)
        assert caught.value.retry_after_s == waited_s
    assert service.asked == [0]


def test_a_refused_login_is_not_tried_again_but_another_one_is(new, clock):
    service = Service(clock, WRONG)
    asked = knock(new, service, LOGIN_RESTS_S[0] + 60, step=3600)
    assert asked == [0, LOGIN_RESTS_S[0]]
    with pytest.raises(NotAuthorised, match="login refused"):
        new().call(service, at_once=True)
    service.error = None
    assert new("ann:new secret").call(service) == "answer"
    assert new("ann:secret").call(service) == "answer"


def test_no_login_can_be_read_from_its_file(new, clock, tmp_path):
    with pytest.raises(NotAuthorised):
        new().call(Service(clock, WRONG))
    kept = (tmp_path / "breaker_nas.json").read_text()
    assert "secret" not in kept
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_an_answer_closes_it_for_all(new, clock, caplog):
    caplog.set_level(logging.INFO)
    service = Service(clock, DOWN)
    knock(new, service, 20, step=5)
    service.error, clock.now = None, clock.now + 60
    one, other = new(), new()
    assert one.call(service) == other.call(service) == "answer"
    assert caplog.messages == [
        "nas: did not answer; it is left alone for 15 s",
        "nas: answers again",
    ]


def test_a_refusal_about_one_film_is_an_answer(new, clock):
    service = Service(clock, DOWN)
    knock(new, service, 1)
    clock.now += 60
    for service.error in (NotFound("nas", "no such film"), BadAnswer("nas", "odd row")):
        for _ in range(2):
            with pytest.raises((NotFound, BadAnswer)):
                new().call(service)
    assert len(service.asked) == 5


def test_when_the_rest_is_over_one_alone_tries(new, clock):
    service = Service(clock, DOWN)
    knock(new, service, 1)
    clock.now += 60
    service.error, entered, go_on = None, threading.Event(), threading.Event()

    def slowly():
        entered.set()
        assert go_on.wait(60)
        return service()

    prober = threading.Thread(target=new().call, args=(slowly,))
    prober.start()
    assert entered.wait(60)
    with pytest.raises(Unavailable, match="did not answer"):
        new().call(service)
    go_on.set()
    prober.join()
    assert new().call(service) == "answer"


def test_one_that_died_while_it_tried_keeps_others_out_for_minutes_only(new, clock):
    service = Service(clock, DOWN)
    knock(new, service, 1)
    clock.now += 60
    with pytest.raises(KeyboardInterrupt):
        new().call(interrupted)
    clock.now += breaker.PROBE_S
    service.error = None
    assert new().call(service) == "answer"


def interrupted():
    raise KeyboardInterrupt


@pytest.mark.parametrize("jump_s", [-400 * DAY_S, -DAY_S, -3600, 3600, DAY_S, 400 * DAY_S])
@pytest.mark.parametrize(
    "error", [DOWN, SLOW_DOWN, CLOSED, pytest.param(WRONG, marks=pytest.mark.slow)]
)
def test_a_clock_that_jumps_makes_no_rest_longer_than_it_was(new, clock, jump_s, error):
    service = Service(clock, error)
    knock(new, service, 1)
    (rest,) = breaker.read_all(new()._path.parent).values()
    clock.now += jump_s
    if jump_s < 0:
        with pytest.raises((Unavailable, NotAuthorised)):
            new().call(service)
    service.error, clock.now = None, clock.now + rest.wait_s
    assert new().call(service) == "answer"


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b'{"failures": "x"}', b"\xff\xfe", bytes(50)])
def test_a_damaged_file_is_taken_for_none(new, clock, tmp_path, held):
    (tmp_path / "breaker_nas.json").write_bytes(held)
    assert new().call(Service(clock)) == "answer"
    assert breaker.read_all(tmp_path) == {}


def test_where_nothing_can_be_written_it_knows_what_it_saw(tmp_path, clock):
    service = Service(clock, DOWN)
    here = Breaker(tmp_path / "gone", "nas", clock=clock)
    knock(lambda: here, service, 20, step=5)
    assert service.asked == [0, 15]


def test_of_one_that_never_failed_nothing_is_kept(new, clock, tmp_path):
    assert new().call(Service(clock)) == "answer"
    assert list(tmp_path.iterdir()) == []


def test_another_login_has_the_refused_one_forgotten_and_the_same_one_does_not(new, clock):
    with pytest.raises(NotAuthorised):
        new().call(Service(clock, WRONG))
    assert new().renewed().service == "nas"
    with pytest.raises(NotAuthorised):
        new().call(Service(clock))
    new("ann:other").renewed()
    assert new().call(Service(clock)) == "answer"


def test_a_closed_door_is_noted_as_such(new, clock, tmp_path):
    with pytest.raises(Blocked):
        new().call(Service(clock, CLOSED))
    assert breaker.read_all(tmp_path)["nas"].blocked
