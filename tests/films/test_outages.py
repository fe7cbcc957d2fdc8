"""What a long outage does to the films: nothing. The clock is the test's own."""

from dataclasses import replace
from datetime import timedelta

import pytest

from movie_sync.breaker import Breaker
from movie_sync.errors import BadAnswer, Blocked, NotAuthorised, Unavailable
from movie_sync.films.asking import Rested
from movie_sync.films.follow import Patience, follow_downloads
from movie_sync.films.identity import LeftAlone
from movie_sync.films.search import search_next
from movie_sync.films.wanted import watch_latest
from movie_sync.models import State
from movie_sync.worker import Worker
from tests import make
from tests.fakes import FakeFacts

pytestmark = pytest.mark.slow

WEEK = timedelta(days=7)
TURN_S = 60.0


class World:
    """The passes of the program, each repeated as its worker would, in a time of its own."""

    def __init__(self, parts, folder, films):
        self.now, self.inner, self.facts = make.NOON, parts.indexers[0], FakeFacts()
        self.folder, self._made = folder, parts
        parts.queue.put_many([make.item(number) for number in range(1, films + 1)])
        self.restart()

    def restart(self):
        """Afresh but for what lies on disk."""

        def clock():
            return self.now.timestamp()

        self.parts = replace(
            self._made,
            stalled_after=None,
            indexers=[Rested(self.inner, Breaker(self.folder, "fake", clock=clock))],
            facts=[LeftAlone(self.facts, Breaker(self.folder, "facts", clock=clock))],
        )
        patience = Patience()
        self.search = Worker("download", TURN_S, self._search)
        self.workers = {
            self.search: self.now,
            Worker("monitor", 3600, lambda now: watch_latest(self.parts, now)): self.now,
            Worker("follow", 60, lambda now: self._follow(patience, now)): self.now,
        }

    def _search(self, now):
        return 0.0 if search_next(self.parts, now) else TURN_S

    def _follow(self, patience, now):
        follow_downloads(self.parts, patience, now)

    def pass_time(self, span):
        end = self.now + span
        while min(self.workers.values()) < end:
            worker = min(self.workers, key=self.workers.get)
            self.now = max(self.now, self.workers[worker])
            self.workers[worker] = self.now + timedelta(seconds=worker.run_once(self.now) + 0.001)
        self.now = end

    def states(self):
        return {state: count for state, count in self.parts.queue.counts().items() if count}

    def attempts(self):
        return {item.attempts for state in State for item in self.parts.queue.iter(state)}


@pytest.fixture
def world(parts, tmp_path):
    folder = tmp_path / "breakers"
    folder.mkdir()
    return World(parts, folder, films=3)


def well_again(world):
    world.inner.error = world.facts.error = world.parts.client.error = None
    world.pass_time(timedelta(days=1, hours=1))
    held = {item.id: state for state in State for item in world.parts.queue.iter(state)}
    assert held["film:letterboxd:1"] is State.ACTIVE  # the one that is offered
    assert world.attempts() == {0}


OUTAGES = {
    "down": Unavailable("fake", "did not answer"),
    "slow down": Unavailable("fake", "asks us to slow down", 3600),
    "closed": Blocked("fake", "answers with a challenge"),
    "login": NotAuthorised("fake", "login refused"),
    "another form": BadAnswer("fake", "answered a page"),
}
MOST_ASKED = {"down": 360, "slow down": 180, "closed": 16, "login": 9, "another form": 100_000}


@pytest.mark.slow
@pytest.mark.parametrize("kind", OUTAGES)
def test_a_week_without_the_indexer_fails_no_film_and_it_is_not_besieged(world, kind):
    world.inner.error = OUTAGES[kind]
    for _ in range(7):
        world.pass_time(WEEK / 7)
        world.restart()
    assert State.FAILED not in world.states() or kind == "another form"
    assert world.attempts() == {0}
    assert len(world.inner.asked) <= MOST_ASKED[kind]
    well_again(world)


@pytest.mark.parametrize("kind", ["down", "login", "closed", "another form"])
def test_a_week_without_the_torrent_client_fails_no_film_and_asks_no_indexer(world, kind):
    error = OUTAGES[kind]
    world.parts.client.error = type(error)("fakeclient", error.message)
    world.pass_time(WEEK)
    assert world.states() == {State.PENDING: 3}
    assert world.attempts() == {0}
    assert [asked for asked in world.inner.asked if asked.startswith("search")] == []
    world.restart()
    well_again(world)


@pytest.mark.parametrize("kind", ["down", "closed"])
def test_a_week_without_its_facts_holds_up_no_film(world, kind):
    world.facts.error = OUTAGES[kind]
    world.pass_time(timedelta(minutes=10))
    assert world.states()[State.ACTIVE] == 1
    assert len(world.facts.asked) <= 3


@pytest.mark.parametrize(
    "jump", [-400 * WEEK, -WEEK, timedelta(hours=-1), timedelta(hours=1), 4 * WEEK]
)
def test_a_clock_that_jumps_in_an_outage_costs_no_film_anything(world, jump):
    world.inner.error = OUTAGES["down"]
    world.pass_time(timedelta(hours=5))
    world.now += jump
    world.restart()  # workers wait by a clock of their own, and come back at once
    world.pass_time(timedelta(hours=5))
    assert world.states() == {State.PENDING: 3}
    well_again(world)
