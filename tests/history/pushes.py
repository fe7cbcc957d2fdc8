"""A household that watches and tells Trakt of it, for tests of the telling. Time is a number."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from movie_sync.breaker import Breaker
from movie_sync.history.pushing import Pushing
from movie_sync.history.store import HistoryStore
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind
from movie_sync.queues import QueueManager

HEAT = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"trakt": "28", "imdb": "tt0113277"})
RONIN = Work(kind=Kind.FILM, title="Ronin", year=1998, ids={"tmdb": "8195"})
DAY = timedelta(days=1)
EVENING = datetime(2025, 12, 1, 20, tzinfo=UTC)
UNTIL_IT_SETTLES = timedelta(minutes=2)


def dark(episode=1, season=1, **more):
    return Work(
        kind=Kind.SHOW, title="Dark", year=2017, ids={"trakt": "7", "tmdb": "70523"},
        season=season, episode=episode, **more,
    )  # fmt: skip


def play(work=HEAT, at=EVENING, source="viki", **more):
    return Play(key=f"{source}:{work}:{at}", source=source, work=work, watched_at=at, **more)


def furnish(world):
    world.film(28, "Heat", 1995, imdb="tt0113277", tmdb=949)
    world.film(29, "Ronin", 1998, imdb="tt0122690", tmdb=8195)
    world.show(7, "Dark", 2017, {0: 2, 1: 10, 2: 8}, tmdb=70523, tvdb=334824)


class Household:
    """Plays at home, a queue, and a Trakt; `restart` opens all anew, as after a kill."""

    def __init__(self, home, db, trakt, clock, **options):
        self.home, self.db, self.trakt, self.clock = home, db, trakt, clock
        self.options = options
        self.store = HistoryStore(db, UTC)
        self.queue = None
        self.restart()

    def restart(self, trakt=None, store=None):
        if self.queue:
            self.queue.close()
        self.queue = QueueManager(self.home, sync=lambda fd: None)
        breaker = Breaker(None, "trakt", clock=self.clock)
        self.pushing = Pushing(
            store or self.store, self.queue, trakt or self.trakt, breaker,
            **{"home": UTC} | self.options,
        )  # fmt: skip

    @property
    def now(self):
        return self.clock.moment

    def watch(self, *plays):
        self.store.save_plays(plays, self.now)
        self.pushing.expect()

    def pass_(self):
        return self.pushing.push_pass(self.now)

    def run(self, passes=10_000):
        """Until nothing is left to do now."""
        for _ in range(passes):
            if self.pass_() > 0:
                return
        raise AssertionError("it never ends")

    def run_on(self, rounds=1000):
        """The same, with time going on until nothing is left to be tried again either."""
        for _ in range(rounds):
            self.run()
            due = self.queue.next_retry_at("watch")
            if due is None:
                return
            self.clock.now = max(self.clock.now, due.timestamp() + 1)
        raise AssertionError("it never ends")

    def states(self):
        return self.store.queued("trakt", "ann")

    def rows(self, *states):
        return self.store.outbox("trakt", "ann", states, limit=10_000)


def there(world):
    """How often Trakt has each play."""
    return Counter((item, time[:16]) for _, item, time in world.plays)
