"""What an earlier importer of Trakt histories got wrong, one test for each of it.

That a login's state is checked, and that tokens lie in the vault alone, is tested with the login.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from movie_sync.demo.trakt_site import TraktSite, slow_down
from movie_sync.errors import Busy, Unavailable
from movie_sync.history.import_models import Options
from movie_sync.history.rows import Batch
from movie_sync.history_models import Play, Rating, Work
from movie_sync.library_models import Kind
from tests.history.imports import NOW, House, at
from tests.services.trakt_account import Clock, HeldTokens, fill, opened


@pytest.fixture
def site():
    clock = Clock()
    with TraktSite(clock=clock) as started:
        started.settled = clock
        yield started


def imported(house, site, tokens=None):
    with opened(site, site.settled, tokens) as trakt:
        house.trakt = trakt
        return house.do()


def test_a_429_is_waited_out_and_asked_again(house, site):
    fill(site, 3)
    site.troubles.append(slow_down(3))
    assert imported(house, site).counts["new"] > 0
    assert max(site.settled.slept) >= 3


def test_a_token_that_ran_out_is_renewed_and_the_import_goes_on(house, site):
    fill(site, 3)
    tokens = HeldTokens("ran-out", site.gate.grant()["access_token"])
    assert imported(house, site, tokens).state == "done"


def test_every_page_is_read_and_not_the_newest_alone(house, site):
    fill(site, 251, every_s=86_400.0)
    assert imported(house, site).counts["new"] == 251


@pytest.mark.parametrize("server", ["America/Los_Angeles", "Pacific/Auckland"])
def test_the_same_day_does_not_depend_on_where_the_server_stands(house, monkeypatch, server):
    monkeypatch.setenv("TZ", server)
    time.tzset()
    try:
        house.world.play(("movie", 28), at(1, 22))
        house.world.play(("movie", 28), at(1, 23))  # midnight in Berlin
        house.do()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert house.dates() == ["Heat 2025-12-01", "Heat 2025-12-02"]


def test_two_imports_never_begin_at_once(house):
    gate, said = threading.Barrier(2, timeout=30), []

    def start():
        gate.wait()
        try:
            said.append(house.importing.start(Options(), NOW) > 0)
        except Busy:
            said.append(False)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(said) == [False, True]


def test_an_import_that_was_cancelled_is_not_called_complete(house):
    house.world.play(("movie", 28), at(1))
    house.trakt.after_page = lambda number: house.importing.cancel(NOW)
    assert house.do().state == "cancelled"
    assert house.importing.state.cancelled


def test_an_import_that_broke_off_does_not_begin_anew(house):
    house.trakt.limit = 1
    for day in range(1, 11):
        house.world.play(("movie", 28), at(day))

    def fail(number):
        if number == 5:
            raise Unavailable("trakt", "down")

    house.trakt.after_page = fail
    with pytest.raises(Unavailable):
        house.do()
    house.trakt.after_page = lambda number: None
    house.trakt.asked.clear()
    house.opened().run(NOW)
    assert len(house.dates()) == 10
    assert house.trakt.asked.count("history") == 6


def test_an_episode_was_not_watched_before_it_was_aired_or_after_the_person_watched_it(house):
    house.aired.first = datetime(2024, 12, 30, tzinfo=UTC).date()  # the season: a year later
    for number in range(1, 7):
        house.world.play(("episode", house.world.episode(7, 1, number)), at(31) + number)
    house.do()
    assert house.dates()[0] == "Dark 1x01 2025-12-31"
    assert {day.split()[-1] for day in house.dates()} == {"2025-12-31"}


def test_a_series_of_the_watchlist_is_not_watched_and_has_no_made_up_episodes(house):
    house.world.want(("show", 7), "2025-12-01T00:00:00.000Z")
    house.do()
    assert house.dates() == []
    assert list(house.store.watched()) == []
    [wish] = house.store.wishes()
    assert (wish.title, wish.season, wish.episode_id) == ("Dark", None, None)


def test_a_rating_of_0_is_none_and_not_the_lowest(house):
    house.world.rate(("movie", 28), 0, "2025-12-01T00:00:00.000Z")
    house.do()
    assert house.store.ratings() == []
    assert house.why() == ["trakt, ratings: a rating of 0"]


def test_older_plays_of_a_film_are_not_lost(house):
    for month in (1, 5, 9):
        house.world.play(("movie", 28), at(1, month=month))
    house.do()
    assert len(house.dates("Heat")) == 3


def test_a_play_entered_by_hand_today_hides_none_of_yesterday(house):
    house.do()
    heat = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"tmdb": "949"})
    later = NOW + timedelta(hours=20)
    house.store.save_plays([Play(key="hand:1", source="hand", work=heat, watched_at=later)], NOW)
    house.world.play(("movie", 29), NOW.timestamp() + 3600)
    house.sync.run(NOW + timedelta(hours=21))
    assert house.dates("Ronin") == ["Ronin 2026-01-05"]


def test_a_sync_that_failed_is_no_last_sync(house):
    house.do()
    before = house.store.mark("trakt", "synced_at")
    house.world.play(("movie", 29), NOW.timestamp())
    house.trakt.trouble["history"] = Unavailable("trakt", "down")
    with pytest.raises(Unavailable):
        house.sync.run(NOW + timedelta(days=1))
    assert house.store.mark("trakt", "synced_at") == before


def test_what_stood_on_the_watchlist_before_is_not_counted_as_new(house):
    house.world.want(("movie", 29), "2025-12-01T00:00:00.000Z")
    house.do()
    house.world.want(("movie", 28), "2025-12-02T00:00:00.000Z")
    assert house.sync.run(NOW).counts["wishes"] == 1


def test_a_rating_of_a_person_stays(house):
    heat = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"tmdb": "949"})
    house.store.save(Batch(ratings=[Rating(work=heat, source="hand", tenths=10)]), NOW)
    house.world.rate(("movie", 28), 1, "2025-12-01T00:00:00.000Z")
    house.do()
    assert [told.tenths for _, told in house.store.ratings()] == [10]


def test_a_house_of_another_zone_has_other_days(db):
    there = House(db, ZoneInfo("Asia/Tokyo"))
    there.world.film(28, "Heat", 1995, tmdb=949)
    there.world.play(("movie", 28), at(1, 20))
    there.do()
    assert there.dates() == ["Heat 2025-12-02"]
