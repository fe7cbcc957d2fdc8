import json
from datetime import UTC, datetime, timedelta

import pytest

from movie_sync.demo.trakt_site import TraktSite
from movie_sync.history.rows import Sending
from movie_sync.history_models import Work
from movie_sync.library_models import Kind
from tests.history.pushes import DAY, EVENING, HEAT, RONIN, Household, dark, furnish, play, there
from tests.services.trakt_account import Clock, opened

DONE, WAITING, SKIPPED = Sending.DONE, Sending.WAITING, Sending.SKIPPED
UNKNOWN, NOT_FOUND, REFUSED = Sending.UNKNOWN, Sending.NOT_FOUND, Sending.REFUSED


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


def posts(site):
    return [json.loads(one.body) for one in site.asked("/sync/history", "POST")]


def test_what_was_watched_elsewhere_is_told_once(site, home):
    home.watch(play(), play(RONIN, EVENING + DAY), play(dark(3), EVENING + 2 * DAY))
    home.run()
    assert home.states() == {DONE: 3}
    home.pushing.expect()
    home.run()
    assert there(site.world) == {
        (("movie", 28), "2025-12-01T20:00"): 1,
        (("movie", 29), "2025-12-02T20:00"): 1,
        (("episode", 701003), "2025-12-03T20:00"): 1,
    }
    assert set(home.queue.counts().values()) == {0}


def test_a_film_goes_to_the_films_and_an_episode_to_its_own_season(site, home):
    home.watch(play(), play(dark(2, season=2), EVENING + DAY))
    home.run()
    (body,) = posts(site)
    assert body["movies"][0]["ids"]["trakt"] == 28
    (show,) = body["shows"]
    assert show["seasons"][0]["number"] == 2


def test_where_nothing_changed_nothing_is_asked(site, home):
    home.watch(play())
    home.run()
    asked = len(site.requests)
    for _ in range(3):
        home.clock.now += 24 * 3600
        home.run()
    assert len(site.requests) == asked


def test_what_trakt_tells_of_itself_is_not_told_to_it(site, home):
    home.store.save_plays([play(source="trakt")], home.now)
    home.run()
    assert not posts(site)


def test_a_play_that_trakt_does_not_know_marks_no_other(site, home):
    nobody = Work(kind=Kind.FILM, title="Nobody", ids={"trakt": "999"})
    home.watch(play(), play(nobody, EVENING + DAY), play(dark(99), EVENING + 2 * DAY))
    home.run()
    assert home.states() == {DONE: 1, NOT_FOUND: 2}
    assert {str(row.work) for row in home.rows(NOT_FOUND)} == {"Nobody", "Dark (2017) 1x99"}
    (sync,) = home.store.syncs()
    assert (sync.kind, sync.state, sync.counts) == ("push", "done", {"told": 1, "not_found": 2})
    assert "Nobody: Trakt does not know it" in sync.problems


def test_a_whole_show_is_never_told_of(site, home):
    whole = Work(kind=Kind.SHOW, title="Dark", year=2017, ids={"trakt": "7"})
    home.watch(play(whole), play(HEAT, EVENING + DAY))
    home.run()
    assert home.states() == {DONE: 1, REFUSED: 1}
    assert "whole show" in home.rows(REFUSED)[0].why
    assert len(site.world.plays) == 1


def test_the_service_itself_refuses_a_whole_show_and_the_rest_goes(site, home):
    class Careless:
        """Takes an episode's number away just before it is sent."""

        def __init__(self, trakt):
            self.trakt, self.name = trakt, trakt.name

        def __getattr__(self, name):
            return getattr(self.trakt, name)

        def add(self, plays):
            whole = Work(kind=Kind.SHOW, title="Dark", year=2017, ids={"trakt": "7"})
            worse = [play(whole) if one.work.kind is Kind.SHOW else one for one in plays]
            return self.trakt.add(worse)

    home.restart(trakt=Careless(home.trakt))
    home.watch(play(), play(RONIN, EVENING + DAY), play(dark(1), EVENING + 2 * DAY))
    home.run()
    assert home.states() == {DONE: 2, REFUSED: 1}
    assert len(site.world.plays) == 2


def test_a_date_that_cannot_be_is_not_told(site, home):
    home.watch(play(HEAT, home.now + timedelta(days=400)))
    home.run()
    assert home.states() == {REFUSED: 1}
    assert not posts(site)


@pytest.mark.parametrize(
    ("rule", "gap", "told"),
    [
        ("same_day", timedelta(hours=3), False),
        ("same_day", timedelta(hours=30), True),
        ("ever", timedelta(days=300), False),
        ("never", timedelta(hours=3), True),
        ("never", timedelta(seconds=90), False),
    ],
)
def test_what_is_there_already_is_left_by_the_rule(site, home, rule, gap, told):
    site.world.play(("movie", 28), (EVENING - gap).timestamp())
    home.options["rule"] = rule
    home.restart()
    home.watch(play())
    home.run()
    assert home.states() == {DONE if told else SKIPPED: 1}
    if not told:
        assert "Trakt has" in home.rows(SKIPPED)[0].why


def test_a_title_without_a_trakt_id_is_found_there_by_another(site, home):
    site.world.play(("movie", 29), EVENING.timestamp())
    home.watch(play(RONIN, EVENING + timedelta(hours=1)))
    home.run()
    assert home.states() == {SKIPPED: 1}


def test_the_same_day_is_the_day_where_it_was_watched(site, home):
    late = datetime(2025, 12, 1, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    site.world.play(("movie", 28), (late + timedelta(hours=10)).timestamp())
    home.watch(play(HEAT, late, zone="Europe/Berlin"))
    home.run()
    assert home.states() == {SKIPPED: 1}


def test_an_account_that_counts_a_work_once_is_told_once(site, home):
    site.settings["browsing"]["watch_only_once"] = True
    site.world.play(("movie", 28), (EVENING - 500 * DAY).timestamp())
    home.watch(play(), play(RONIN), play(RONIN, EVENING + 9 * DAY))
    home.run()
    assert home.states() == {DONE: 1, SKIPPED: 2}
    assert len(site.world.plays) == 2


def test_a_show_that_is_not_matched_waits_until_it_is(site, home):
    nameless = Work(kind=Kind.SHOW, title="Viki", ids={"viki": "1c"}, season=1, episode=1)
    home.watch(play(nameless))
    home.run()
    assert home.states() == {WAITING: 1}
    assert not posts(site)
    key = play(nameless).key
    home.store.replace_works({key: dark(4)}, home.now)
    home.pushing.expect()
    home.run()
    assert home.states() == {DONE: 1}
    assert there(site.world) == {(("episode", 701004), "2025-12-01T20:00"): 1}


def test_what_is_told_is_known_again_when_trakt_tells_of_it(site, home):
    home.watch(play())
    home.run()
    (number, *_), *_ = site.world.plays
    assert home.rows(DONE)[0].remote_ids == (str(number),)
    assert home.store.known_keys([f"trakt:{number}"])
