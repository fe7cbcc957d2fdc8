import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta

import pytest

from movie_sync.db import Database
from movie_sync.demo.trakt_site import TraktSite, slow_down, status
from movie_sync.history.rows import Sending
from movie_sync.history.store import HistoryStore
from tests.history.pushes import EVENING, HEAT, RONIN, Household, dark, furnish, play, there
from tests.services.trakt_account import Clock, opened

DONE = Sending.DONE
MANY = 5000
TELLING = ("mark_sent", "note_sync", "begin_sync", "end_sync", "set_marks", "add", "enqueue")


class Killed(BaseException):
    """Nobody catches this: the program ends here."""


class Dying:
    """Passes everything on, and dies before or after one call of those that `tell` something."""

    def __init__(self, inner, countdown, telling=TELLING):
        self._inner, self._countdown, self._telling = inner, countdown, telling

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        if name not in self._telling:
            return found

        def told(*args, **options):
            self._tick()
            answer = found(*args, **options)
            self._tick()
            return answer

        return told

    def _tick(self):
        self._countdown[0] -= 1
        if self._countdown[0] == 0:
            raise Killed


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site(clock):
    with TraktSite(clock=clock) as started:
        furnish(started.world)
        yield started


@pytest.fixture
def home(tmp_path, db, site, clock):
    with opened(site, clock) as trakt:
        made = Household(tmp_path, db, trakt, clock)
        yield made
        made.queue.close()


def killed_at(home, step):
    """Tell until killed there; False where it came to its end before."""
    countdown = [step]
    home.restart(Dying(home.trakt, countdown), Dying(home.store, countdown))
    try:
        home.run_on()
    except Killed:
        return True
    return False


@pytest.mark.parametrize("after", [False, True])
def test_a_kill_around_the_request_doubles_nothing(site, home, after):
    home.watch(play(), play(dark(1)))
    home.restart(Dying(home.trakt, [2 if after else 1], ("add",)))
    with pytest.raises(Killed):
        home.run()
    assert home.states() == {Sending.SENDING: 2}
    assert len(site.world.plays) == (2 if after else 0)
    home.clock.now += 10
    home.restart()
    home.run_on()
    assert home.states() == {DONE: 2}
    assert set(there(site.world).values()) == {1}


@pytest.mark.slow
def test_a_kill_between_any_two_steps_doubles_nothing(site, home):
    step, kills = 1, 0
    while True:
        at = EVENING - timedelta(days=20 * step)
        home.watch(play(HEAT, at), play(dark(1), at), play(dark(99), at))
        was_killed = killed_at(home, step)
        kills += was_killed
        home.clock.now += 300
        home.restart()
        home.run_on()
        assert home.states()[DONE] == 2 * step, step
        assert set(there(site.world).values()) == {1}, step
        if not was_killed:
            break
        step += 1
    assert kills > 12


class Weather:
    """What goes wrong on the way to a Trakt, by chance that is the same each time."""

    def __init__(self, site, seed, silences=3):
        self.site, self.chance, self.silences = site, random.Random(seed), silences
        self.seen = Counter()
        self.lock = threading.Lock()

    def __call__(self, request):
        with self.lock:
            strike = self._strike(request)
        return strike(request) if callable(strike) else strike

    def _strike(self, request):
        luck, outages = self.chance.random(), (500, 502, 504, 522)
        if request.method == "GET":
            return status(self.chance.choice(outages)) if luck < 0.05 else None
        reply = None
        if luck < 0.12:
            reply = self._note("refused", status(self.chance.choice((*outages, 503))))
        elif luck < 0.24:
            self.site._routed(request)
            reply = self._note("done and failed", status(self.chance.choice(outages)))
        elif luck < 0.30:
            self.site.lose()
            self._note("broken off", None)
        elif luck < 0.34:
            reply = self._note("slow down", slow_down(30))
        elif luck < 0.40 and self.silences:
            self.silences -= 1
            heard = self.site.hears_and_says_nothing if self.silences % 2 else None
            reply = self._note("silent", heard or self.site.says_nothing)
        return reply

    def _note(self, what, reply):
        self.seen[what] += 1
        return reply


def seasons_of_plays(count):
    """Films and episodes on many days, not in order."""
    plays = [
        play(
            (HEAT, RONIN)[number % 2] if number % 5 == 0 else dark(number % 10 + 1),
            EVENING - timedelta(hours=25 * number),
        )
        for number in range(count)
    ]
    random.Random(7).shuffle(plays)
    return plays


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_thousands_of_plays_are_there_once_whatever_the_weather(tmp_path, db, site, clock, seed):
    with opened(site, clock, timeout_s=(10.0, 1.0)) as trakt:
        home = Household(tmp_path, db, trakt, clock)
        with closing(home.queue):
            home.watch(*seasons_of_plays(MANY))
            weather = site.trouble[""] = Weather(site, seed)
            home.run_on()
            assert home.states() == {DONE: MANY}
    assert len(site.world.plays) == MANY
    assert set(there(site.world).values()) == {1}
    assert len(weather.seen) >= 4


@pytest.mark.slow
def test_thousands_of_plays_are_there_once_though_it_is_killed_again_and_again(
    tmp_path, empty_library, site, clock
):
    path = tmp_path / "library.db"
    path.write_bytes(empty_library.read_bytes())
    with closing(Database(path, backup=None)) as db:
        HistoryStore(db).save_plays(seasons_of_plays(MANY), clock.moment)
    chance = random.Random(3)
    weather = site.trouble[""] = Weather(site, 3, silences=0)
    token = site.gate.grant()["access_token"]
    kills = 0
    for start in range(40):
        kill_after_s = chance.uniform(0.05, 1.2) if start < 15 else None
        kills += killed(path, site.url, token, start, kill_after_s)
        if kill_after_s is None:
            break
    assert len(site.world.plays) == MANY
    assert set(there(site.world).values()) == {1}
    assert kills >= 1  # how many fit depends on the machine
    assert weather.seen


def killed(path, url, token, start, kill_after_s):
    """Whether it was killed before it had told everything."""
    command = [sys.executable, "-m", "tests.history.push_alone", str(path), url, token, str(start)]
    telling = subprocess.Popen(command, stdout=subprocess.PIPE)
    with telling:
        assert telling.stdout.read(1) == b"b"
        with suppress(subprocess.TimeoutExpired):
            assert telling.wait(kill_after_s or 300) == 0
            return False
        telling.send_signal(signal.SIGKILL)
    return True
