import threading
from datetime import date, timedelta

import pytest

from movie_sync.errors import BadAnswer, Busy, NotAuthorised, Stopping, Unavailable
from movie_sync.history.import_models import Options
from movie_sync.history.rows import Batch
from movie_sync.history_models import Rating, Work
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import EpisodeFacts, Facts, Kind, SeasonFacts
from tests.history.imports import NOW, at

DARK, LOST = 7, 8


def evening(house, show, season, numbers, when):
    """Episodes that are said to have been watched within an evening."""
    for number in numbers:
        item = ("episode", house.world.episode(show, season, number))
        house.world.play(item, when + number * 60)


def test_a_film_is_kept_as_often_as_it_was_watched_once_a_day(house):
    for when in (at(1), at(1, 21), at(20), at(1, month=3)):
        house.world.play(("movie", 28), when)
    done = house.do()
    assert house.dates() == ["Heat 2025-03-01", "Heat 2025-12-01", "Heat 2025-12-20"]
    assert (done.state, done.counts["new"], done.counts["linked"]) == ("done", 3, 1)


def test_a_day_is_one_where_the_person_lives(house):
    house.world.play(("movie", 28), at(1, 22))
    house.world.play(("movie", 28), at(1, 23))  # midnight in Berlin
    house.do()
    assert house.dates() == ["Heat 2025-12-01", "Heat 2025-12-02"]


def test_four_episodes_of_an_evening_were_watched_that_evening(house):
    evening(house, DARK, 1, range(1, 5), at(1))
    house.do()
    assert house.dates() == [f"Dark 1x0{number} 2025-12-01" for number in range(1, 5)]
    assert house.aired.asked == []


def test_five_episodes_of_an_evening_were_watched_when_they_were_aired(house):
    evening(house, DARK, 1, range(1, 6), at(1))
    evening(house, DARK, 2, [1], at(2))
    house.do()
    aired = [f"Dark 1x0{number} 2021-01-0{number + 1}" for number in range(1, 6)]
    assert house.dates() == [*aired, "Dark 2x01 2025-12-02"]
    assert house.aired.asked == [(70523, 1)]


def test_what_trakt_told_is_kept_beside_the_day_of_the_airing(house):
    evening(house, DARK, 1, range(1, 6), at(1))
    house.do()
    [first] = [row for row in house.store.plays(limit=10) if row.episode == 1]
    [telling] = house.store.tellings([first.id])[first.id]
    assert telling.watched_at.timestamp() == at(1) + 60


@pytest.mark.parametrize("most", [0, 9])
def test_a_person_says_how_many_episodes_of_an_evening_are_believed(house, most):
    evening(house, DARK, 1, range(1, 9), at(1))
    house.do(most_a_day=most)
    assert house.dates() == [f"Dark 1x0{number} 2025-12-01" for number in range(1, 9)]


def test_specials_count_unless_a_person_says_otherwise(house):
    evening(house, DARK, 0, [1], at(1))
    evening(house, DARK, 1, range(1, 5), at(1))
    house.do(specials=False)
    assert house.dates()[0] == "Dark 0x01 2025-12-01"


def test_evenings_of_two_series_are_two(house):
    evening(house, DARK, 1, range(1, 4), at(1))
    evening(house, LOST, 1, range(1, 4), at(1))
    house.do()
    assert {day.split()[-1] for day in house.dates()} == {"2025-12-01"}


def test_a_series_that_is_known_keeps_the_days_as_they_are_told(house):
    evening(house, DARK, 1, [9], at(1))
    house.do()
    evening(house, DARK, 1, range(1, 6), at(2))
    house.do()
    assert house.dates()[1:] == [f"Dark 1x0{number} 2025-12-02" for number in range(1, 6)]


def test_of_an_episode_the_earliest_date_is_kept_and_the_rest_is_known(house):
    for day in (20, 1, 9):
        house.world.play(("episode", house.world.episode(DARK, 1, 1)), at(day))
    house.do()
    assert house.dates() == ["Dark 1x01 2025-12-01"]
    assert house.tellings() == 3


def test_an_import_that_is_done_twice_adds_nothing(house):
    house.world.play(("movie", 28), at(1))
    evening(house, DARK, 1, range(1, 9), at(2))
    evening(house, DARK, 1, range(1, 3), at(9))
    house.world.rate(("movie", 28), 8, "2025-12-01T00:00:00.000Z")
    house.world.want(("movie", 29), "2025-12-01T00:00:00.000Z")
    house.do()
    before = house.dates()
    again = house.do()
    assert house.dates() == before
    assert again.counts == {"known": 11}


def test_an_episode_without_an_air_date_keeps_the_day_that_trakt_tells(house):
    house.aired.lacking = {2}
    evening(house, DARK, 1, range(1, 6), at(1))
    house.do()
    assert house.dates()[-1] == "Dark 1x02 2025-12-01"


def test_a_season_that_tmdb_does_not_know_costs_no_other(house):
    house.world.show(9, "Odd", 2010, {7: 9}, tmdb=77)
    evening(house, 9, 7, range(1, 9), at(1))
    house.world.play(("movie", 28), at(2))
    done = house.do()
    assert house.dates()[-1] == "Heat 2025-12-02"
    assert done.problems == ("Odd: tmdb: no such season; days of season 7 stay as they are told",)
    assert house.importing.state.errors == done.problems


def test_what_has_no_tmdb_id_is_left_out_with_the_reason(house):
    house.world.film(30, "Home Video", 2001)
    house.world.play(("movie", 30), at(1))
    house.world.play(("movie", 28), at(2))
    done = house.do()
    assert house.dates() == ["Heat 2025-12-02"]
    why = "it has no TMDB id (trakt 30), and the library does not know it"
    assert house.why() == [why]
    assert done.problems == (f"Home Video (2001): {why}",)


def test_what_has_no_tmdb_id_is_taken_where_the_library_knows_it(house):
    house.world.film(30, "Home Video", 2001, imdb="tt7")
    house.world.play(("movie", 30), at(1))
    house.do()
    known = Work(kind=Kind.FILM, title="Home Video", year=2001, ids={"imdb": "tt7"})
    house.store.save(_rated(known), NOW)
    house.do()
    assert house.dates() == ["Home Video 2025-12-01"]
    assert house.why() == []


def _rated(work):
    return Batch(ratings=[Rating(work=work, source="hand", tenths=9)])


def test_an_item_of_an_unknown_form_is_told_of_and_the_import_goes_on(house):
    house.trakt.odd = [{"id": 5, "type": "hologram"}, {"id": 6, "type": "movie", "watched_at": 7}]
    house.world.play(("movie", 28), at(2))
    done = house.do()
    assert house.dates() == ["Heat 2025-12-02"]
    assert [one.what for one in house.rows.left_out()] == ["problem", "problem"]
    assert done.counts["unread"] == 2
    assert any("hologram" in sentence for sentence in done.problems)


def test_a_rating_is_taken_where_none_is_set(house):
    heat = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"tmdb": "949"})
    house.store.save(_rated(heat), NOW)
    house.world.rate(("movie", 28), 2, "2025-12-01T00:00:00.000Z")
    house.world.rate(("episode", house.world.episode(DARK, 1, 1)), 7, "2025-12-01T00:00:00.000Z")
    house.do()
    found = {(told.source, str(told.work), told.tenths) for _, told in house.store.ratings()}
    assert found == {("hand", "Heat (1995)", 9), ("trakt", "Dark (2017) 1x01", 7)}


def test_all_ratings_are_taken_where_a_person_wants_them(house):
    heat = Work(kind=Kind.FILM, title="Heat", year=1995, ids={"tmdb": "949"})
    house.store.save(_rated(heat), NOW)
    house.world.rate(("movie", 28), 2, "2025-12-01T00:00:00.000Z")
    house.do(rate="all")
    assert sorted(told.tenths for _, told in house.store.ratings()) == [2, 9]


def test_what_is_not_wanted_is_not_asked_for(house):
    house.world.play(("movie", 28), at(2))
    house.do(rate="none", watchlist=False)
    assert house.trakt.asked == ["history"]


def test_two_starts_at_once_make_one_import(house):
    said = []

    def start():
        try:
            said.append(house.importing.start(Options(), NOW))
        except Busy as error:
            said.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sum(isinstance(one, int) for one in said) == 1
    assert len(house.store.syncs()) == 1


def test_two_threads_never_do_the_same_import(house):
    house.world.play(("movie", 28), at(2))
    house.importing.start(Options(), NOW)
    refused = []

    def second(number):
        with pytest.raises(Busy, match="an import is going on"):
            house.importing.run(NOW)
        refused.append(number)

    house.trakt.after_page = second
    assert house.importing.run(NOW).state == "done"
    assert refused == [1]


def test_how_far_it_is_can_be_read_while_it_goes_on(house):
    house.trakt.limit = 2
    for day in range(1, 6):
        house.world.play(("movie", 28), at(day))
    seen = []
    house.trakt.after_page = lambda number: seen.append(house.importing.state)
    house.do()
    assert [(one.step, one.current_item, one.completed, one.total) for one in seen] == [
        ("reading", "page 1 of 3", 2, 5),
        ("reading", "page 2 of 3", 4, 5),
        ("reading", "page 3 of 3", 5, 5),
    ]
    assert all(one.in_progress for one in seen)
    last = house.importing.state
    assert (last.in_progress, last.completed, last.total, last.cancelled) == (False, 5, 5, False)


def test_an_import_that_is_cancelled_says_so_and_keeps_what_it_stored(house):
    house.trakt.limit = 1
    for day in range(1, 6):
        house.world.play(("movie", 28), at(day))
    house.trakt.after_page = lambda number: number == 2 and house.importing.cancel(NOW)
    done = house.do()
    assert (done.state, done.problem) == ("cancelled", "a person cancelled it")
    assert house.importing.state.cancelled
    assert house.trakt.asked == ["history"] * 3
    assert house.rows.waiting(done.id) == 0
    assert house.importing.run(NOW) is None


def test_an_import_that_stands_still_can_be_cancelled(house):
    house.trakt.trouble["ratings"] = NotAuthorised("trakt", "log in again")
    with pytest.raises(NotAuthorised):
        house.do()
    assert house.importing.cancel(NOW)
    assert not house.importing.cancel(NOW)
    assert house.importing.run(NOW) is None


@pytest.mark.parametrize("error", [Unavailable("trakt", "down"), NotAuthorised("trakt", "no")])
def test_an_import_that_cannot_go_on_goes_on_later_where_it_was(house, error):
    house.trakt.limit = 2
    for day in range(1, 10):
        house.world.play(("movie", 28), at(day))

    def fail(number):
        if number == 3:
            raise error

    house.trakt.after_page = fail
    with pytest.raises(type(error)):
        house.do()
    assert house.importing.state.problem == str(error)
    with pytest.raises(Busy, match="is not at its end"):
        house.importing.start(Options(), NOW)
    house.trakt.after_page = lambda number: None
    house.world.play(("movie", 29), at(4, month=1, year=2026))  # moves all pages
    house.trakt.asked.clear()
    assert house.opened().run(NOW).state == "done"
    assert len(house.dates("Heat")) == 9
    assert house.trakt.asked.count("history") == 2  # of 5


def test_an_import_of_an_answer_that_nobody_understands_ends(house):
    house.trakt.trouble["ratings"] = BadAnswer("trakt", "what is this")
    with pytest.raises(BadAnswer):
        house.do()
    [sync] = house.store.syncs()
    assert (sync.state, sync.problem) == ("failed", "trakt: what is this")
    assert house.rows.waiting(sync.id) == 0


def test_a_program_that_ends_leaves_the_import_where_it_is(house):
    house.world.play(("movie", 28), at(1))
    house.importing.start(Options(), NOW)
    house.stop.set()
    with pytest.raises(Stopping):
        house.importing.run(NOW)
    house.stop.clear()
    house.store.interrupt_unended(NOW)
    assert house.opened().run(NOW).state == "done"
    assert house.dates() == ["Heat 2025-12-01"]


def test_days_that_are_not_to_be_had_now_are_waited_for(house):
    evening(house, DARK, 1, range(1, 6), at(1))
    house.aired.trouble = Unavailable("tmdb", "down")
    with pytest.raises(Unavailable):
        house.do()
    assert house.dates() == []
    house.aired.trouble = None
    assert house.importing.run(NOW).state == "done"
    assert house.dates()[0] == "Dark 1x01 2021-01-02"


def test_news_are_asked_for_from_the_beginning_of_the_import(house):
    house.world.play(("movie", 28), at(1))
    house.importing.start(Options(), NOW)
    house.now = NOW + timedelta(hours=3)
    house.importing.run(house.now)
    marks = house.store.marks("trakt")
    assert {marks[name] for name in ("imported_at", "synced_at", "compared_at")} == {
        NOW.isoformat()
    }


def test_days_that_the_library_knows_are_not_asked_for(house):
    aired = [EpisodeFacts(number=one, aired_on=date(2019, 5, one)) for one in range(1, 6)]
    season = SeasonFacts(number=1, episodes=tuple(aired))
    dark = Facts(kind=Kind.SHOW, title="Dark", year=2017, ids={"tmdb": "70523"}, seasons=(season,))
    library = LibraryStore(house.db)
    library.save_facts(library.put_title(dark, NOW), dark, NOW)
    evening(house, DARK, 1, range(1, 6), at(1))
    house.do()
    assert house.dates() == [f"Dark 1x0{one} 2019-05-0{one}" for one in range(1, 6)]
    assert house.aired.asked == []
