import json

import pytest

from movie_sync.breaker import Breaker
from movie_sync.demo.trakt_site import TraktSite, status
from movie_sync.errors import ConfigError, NotQueued, Unavailable
from movie_sync.history.rows import Outcome, Sending
from movie_sync.history.undo import Undoing
from tests.history.pushes import (
    DAY,
    EVENING,
    HEAT,
    RONIN,
    UNTIL_IT_SETTLES,
    Household,
    dark,
    furnish,
    play,
    there,
)
from tests.services.trakt_account import Clock, opened

pytestmark = pytest.mark.slow  # each has a server, a database and a queue

DONE, REMOVED, SKIPPED = Sending.DONE, Sending.REMOVED, Sending.SKIPPED


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


def pushed(home, *plays):
    """Tell of these; the number of the sync."""
    home.watch(*plays)
    home.run_on()
    return home.store.syncs(kind="push")[0].id


def test_what_a_push_told_is_removed_there_and_what_else_is_there_stays(site, home):
    own = site.world.play(("movie", 28), (EVENING - 30 * DAY).timestamp())
    same_day = site.world.play(("movie", 29), EVENING.timestamp())
    sync = pushed(home, play(), play(RONIN), play(dark(1), EVENING + DAY))
    assert home.states() == {DONE: 2, SKIPPED: 1}
    undo = home.pushing.undo(sync, home.now)
    home.run()
    assert {number for number, *_ in site.world.plays} == {own, same_day}
    assert home.states() == {REMOVED: 2, SKIPPED: 1}
    assert len(home.store.plays()) == 3
    logged = home.store.sync(undo)
    assert (logged.kind, logged.state, logged.undoes) == ("undo", "done", sync)
    assert logged.counts == {"taken_back": 2}
    assert home.store.sync(sync).state == "undone"


def test_what_was_undone_is_not_told_again(site, home):
    sync = pushed(home, play())
    home.pushing.undo(sync, home.now)
    home.run()
    home.pushing.expect()
    home.clock.now += 24 * 3600
    home.run_on()
    assert not site.world.plays


def test_only_ids_of_plays_are_ever_removed(site, home):
    sync = pushed(home, play(), play(dark(1)))
    home.pushing.undo(sync, home.now)
    home.run()
    (body,) = [json.loads(one.body) for one in site.asked("/sync/history/remove")]
    assert list(body) == ["ids"]


def test_an_undo_that_fails_there_leaves_everything_here_and_goes_on_later(site, home):
    sync = pushed(home, play())
    site.trouble["POST /sync/history/remove"] = status(420)
    home.pushing.undo(sync, home.now)
    site.trouble["POST /sync/history/remove"] = status(503)
    with pytest.raises(Unavailable):
        home.run()
    assert home.states() == {DONE: 1}
    assert home.store.sync(sync).state == "done"
    site.trouble.clear()
    home.clock.now += 3600
    home.restart()
    home.run()
    assert not site.world.plays
    assert home.states() == {REMOVED: 1}
    assert home.store.sync(sync).state == "undone"


def test_an_undo_goes_on_after_a_kill_at_any_request(site, home):
    plays = [play(dark(n % 10 + 1), EVENING - 2 * n * DAY) for n in range(230)]
    sync = pushed(home, *plays)
    site.lose()
    home.pushing.undo(sync, home.now)
    for _ in range(6):
        try:
            home.pushing.undo_pass(home.now)
        except Unavailable:
            home.clock.now += 3600
        home.store.interrupt_unended(home.now)
        home.restart()
    home.run()
    assert not site.world.plays
    assert home.states() == {REMOVED: 230}


def test_plays_whose_numbers_are_not_known_are_looked_for(site, home):
    sync = pushed(home, play(), play(RONIN, EVENING + DAY))
    rows = home.rows(DONE)
    home.store.mark_sent([Outcome(id=r.id, state=DONE, remote_ids=()) for r in rows], home.now)
    home.pushing.undo(sync, home.now)
    home.run()
    assert not site.world.plays


def test_a_play_whose_answer_was_lost_is_undone_too(site, home):
    site.lose()
    home.watch(play())
    home.run()
    (sync,) = home.store.syncs(kind="push")
    assert len(site.world.plays) == 1
    home.pushing.undo(sync.id, home.now)
    with pytest.raises(Unavailable, match="it is looked for once that is settled"):
        home.pass_()
    home.clock.now += UNTIL_IT_SETTLES.total_seconds()
    home.run_on()
    assert not site.world.plays
    assert home.states() == {REMOVED: 1}


def test_what_an_import_brought_goes_here_and_where_it_was_told(site, home):
    sync = home.store.begin_sync("viki", home.now, provider="viki")
    home.store.save_plays([play(), play(RONIN, EVENING + DAY)], home.now, sync_id=sync)
    kept = play(RONIN, EVENING + DAY, source="plex")
    home.store.save_plays([kept], home.now)
    home.store.end_sync(sync, "done", home.now)
    pushed(home, play(dark(1)))
    assert len(site.world.plays) == 3
    home.pushing.undo(sync, home.now)
    home.run()
    assert [str(row.title) for row in home.store.plays()] == ["Ronin", "Dark"]
    assert {item for item, _ in there(site.world)} == {("movie", 29), ("episode", 701001)}


def test_without_a_trakt_what_was_never_told_is_undone_all_the_same(home):
    sync = home.store.begin_sync("viki", home.now, provider="viki")
    home.store.save_plays([play()], home.now, sync_id=sync)
    alone = Undoing(home.store, None, Breaker(None, "trakt"))
    alone.begin(sync, home.now)
    while alone.step(home.now):
        pass
    assert not home.store.plays()


def test_without_a_trakt_what_it_was_told_is_not_undone(home):
    sync = pushed(home, play())
    alone = Undoing(home.store, None, Breaker(None, "trakt"))
    with pytest.raises(ConfigError, match="Trakt was told of 1 play of it, and is off"):
        alone.begin(sync, home.now)
    assert home.states() == {DONE: 1}


def test_what_another_account_was_told_is_not_undone(site, home):
    sync = pushed(home, play())
    site.settings["user"]["username"] = "bob"
    with pytest.raises(ConfigError, match="account ann, and bob is logged in"):
        home.pushing.undo(sync, home.now)
    assert len(site.world.plays) == 1


def test_an_undo_is_begun_once_and_no_undo_is_undone(home):
    sync = pushed(home, play())
    undo = home.pushing.undo(sync, home.now)
    assert home.pushing.undo(sync, home.now) == undo
    home.run()
    with pytest.raises(NotQueued, match="undone already"):
        home.pushing.undo(sync, home.now)
    with pytest.raises(NotQueued, match="is an undo"):
        home.pushing.undo(undo, home.now)
    with pytest.raises(NotQueued, match="no sync has the number 99"):
        home.pushing.undo(99, home.now)


def test_an_undo_is_no_reason_to_ask_why_trakt_shows_less(site, home):
    plays = [play(dark(n % 10 + 1), EVENING - 2 * n * DAY) for n in range(60)]
    sync = pushed(home, *plays)
    home.watch(play(HEAT))
    home.run_on()
    home.pushing.undo(sync, home.now)
    home.run()
    home.watch(play(RONIN))
    home.run_on()
    assert home.pushing.problem() is None
    assert there(site.world)[("movie", 29), "2025-12-01T20:00"] == 1
