from datetime import timedelta

import pytest

from movie_sync.errors import Unavailable
from movie_sync.history.import_models import Options
from movie_sync.history.wanted import wanted_films, wanted_shows
from movie_sync.trakt_models import Listed
from tests.history.imports import NOW, at

DAY = timedelta(days=1)


@pytest.fixture
def imported(house):
    house.world.play(("movie", 28), at(1))
    house.do()
    house.trakt.asked.clear()
    return house


def test_a_sync_with_nothing_new_asks_one_question_and_writes_no_log(imported):
    imported.sync.run(NOW)
    imported.trakt.asked.clear()
    before = imported.store.syncs()
    assert imported.sync.run(NOW + DAY) is None
    assert imported.trakt.asked == ["activities"]
    assert imported.store.syncs() == before
    assert imported.store.mark("trakt", "synced_at") == (NOW + DAY).isoformat()


def test_only_what_changed_is_asked_for(imported):
    imported.sync.run(NOW)
    imported.trakt.asked.clear()
    imported.world.play(("movie", 28), at(4, month=1, year=2026))
    imported.sync.run(NOW)
    assert imported.trakt.asked == ["activities", "history"]


def test_news_are_taken_with_the_dates_as_they_are_told(imported):
    for number in range(1, 9):
        item = ("episode", imported.world.episode(7, 1, number))
        imported.world.play(item, at(5, month=1, year=2026) - number)
    done = imported.sync.run(NOW + DAY)
    assert done.counts["new"] == 8
    assert {day.split()[-1] for day in imported.dates("Dark")} == {"2026-01-05"}
    assert imported.aired.asked == []


def test_an_episode_that_is_watched_again_is_another_play(imported):
    item = ("episode", imported.world.episode(7, 1, 1))
    for day in (4, 5):
        imported.world.play(item, at(day, month=1, year=2026))
    imported.sync.run(NOW + DAY)
    assert imported.dates("Dark") == ["Dark 1x01 2026-01-04", "Dark 1x01 2026-01-05"]


def test_what_was_watched_while_a_sync_went_on_is_found_by_the_next(imported):
    imported.world.play(("movie", 28), NOW.timestamp() - 3600)
    imported.trakt.after_page = lambda number: imported.world.play(
        ("movie", 29), NOW.timestamp() + 60
    )
    imported.now = NOW + timedelta(minutes=10)
    imported.sync.run(NOW)
    assert imported.store.mark("trakt", "synced_at") == NOW.isoformat()
    imported.trakt.after_page = lambda number: None
    imported.sync.run(NOW + timedelta(hours=30))
    assert imported.dates("Ronin") == ["Ronin 2026-01-05"]


def test_a_sync_that_failed_in_a_part_asks_for_the_same_again(imported):
    before = imported.store.marks("trakt")
    imported.world.play(("movie", 29), NOW.timestamp() + 60)
    imported.world.want(("movie", 29), "2026-01-05T00:00:00.000Z")
    imported.trakt.trouble["watchlist"] = Unavailable("trakt", "down")
    with pytest.raises(Unavailable):
        imported.sync.run(NOW + DAY)
    assert imported.store.marks("trakt") == before
    assert imported.dates("Ronin") == ["Ronin 2026-01-05"]
    [failed, *_] = imported.store.syncs(kind="trakt")
    assert (failed.state, failed.problem) == ("failed", "trakt: down")
    imported.trakt.trouble.clear()
    again = imported.sync.run(NOW + DAY)
    assert (again.state, again.counts["known"]) == ("done", 1)


def test_the_first_sync_looks_back_a_day_and_does_not_read_everything(house):
    house.world.play(("movie", 28), at(1))
    house.world.play(("movie", 29), NOW.timestamp() - 3600)
    house.sync.run(NOW)
    assert house.dates() == ["Ronin 2026-01-05"]
    assert house.sync.compare_due_at(NOW) is None


def test_a_clock_that_was_set_back_hides_nothing(imported):
    imported.store.set_marks([("trakt", "synced_at", (NOW + 9 * DAY).isoformat())], NOW)
    imported.world.play(("movie", 29), NOW.timestamp() - 60)
    assert imported.sync.due_at(NOW) == NOW
    imported.sync.run(NOW)
    assert imported.dates("Ronin") == ["Ronin 2026-01-05"]


def test_films_of_the_watchlist_are_wanted_and_shows_are_to_be_looked_at(imported):
    imported.world.want(("movie", 29), "2026-01-05T00:00:00.000Z")
    imported.world.want(("show", 8), "2026-01-05T00:00:00.000Z")
    imported.world.film(31, "Nobody Knows", 2000)
    imported.world.want(("movie", 31), "2026-01-05T00:00:00.000Z")
    imported.sync.run(NOW)
    [film] = wanted_films(imported.store)
    assert (film.key, film.imdb_id, film.tmdb_id) == ("imdb:tt0122690", "tt0122690", 8195)
    assert [show.title for show in wanted_shows(imported.store)] == ["Lost"]
    assert len(imported.why()) == 1


def test_what_left_the_watchlist_is_wanted_no_more(imported):
    imported.world.want(("movie", 29), "2026-01-05T00:00:00.000Z")
    imported.sync.run(NOW)
    imported.world.forget(imported.world.wishes, ("movie", 29))
    imported.sync.run(NOW)
    assert list(wanted_films(imported.store)) == []


def test_a_watchlist_that_is_suddenly_empty_takes_nothing_off(imported):
    for number in range(100, 130):
        imported.world.film(number, f"Film {number}", 2000, tmdb=number)
        imported.world.want(("movie", number), "2026-01-05T00:00:00.000Z")
    imported.sync.run(NOW)
    imported.world.wishes.clear()
    imported.world.forget(imported.world.wishes, ("movie", 1))
    done = imported.sync.run(NOW)
    assert len(list(wanted_films(imported.store))) == 30
    assert done.problems == (
        "Trakt lists 0 wishes and had 30; that is not believed, and none was taken for gone",
    )


def test_a_list_with_items_that_cannot_be_read_takes_nothing_off(imported):
    imported.world.want(("movie", 29), "2026-01-05T00:00:00.000Z")
    imported.sync.run(NOW)
    imported.world.forget(imported.world.wishes, ("movie", 29))
    imported.trakt.watchlist = lambda: Listed(problems=("item 3: a 'movie' has no form",))
    done = imported.sync.run(NOW)
    assert len(list(wanted_films(imported.store))) == 1
    assert done.problems == ("trakt: item 3: a 'movie' has no form",)


def test_a_rating_that_changed_at_trakt_changes_here(imported):
    imported.world.rate(("movie", 28), 4, "2026-01-01T00:00:00.000Z")
    imported.sync.run(NOW)
    imported.world.rate(("movie", 28), 9, "2026-01-02T00:00:00.000Z")
    imported.sync.run(NOW)
    assert [told.tenths for _, told in imported.store.ratings()] == [9]


def test_news_wait_until_an_import_is_at_its_end(house):
    house.importing.start(Options(), NOW)
    house.world.play(("movie", 28), at(4, month=1, year=2026))
    assert house.sync.run(NOW) is None
    assert house.trakt.asked == []


def test_news_that_came_before_the_import_do_not_make_a_series_known(house):
    for number in range(1, 9):
        house.world.play(("episode", house.world.episode(7, 1, number)), at(1) + number)
    house.world.play(("episode", house.world.episode(7, 2, 1)), NOW.timestamp() - 60)
    house.sync.run(NOW)
    house.do()
    assert house.dates()[0] == "Dark 1x01 2021-01-02"
    assert house.dates()[-1] == "Dark 2x01 2026-01-05"
