from datetime import timedelta

import pytest
from msgspec.structs import replace

from movie_sync.errors import Unavailable
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Kind
from tests.history.imports import NOW, at

LATER = NOW + timedelta(days=8)


@pytest.fixture
def imported(house):
    for day in range(1, 29):
        house.world.play(("movie", 28), at(day))
    for number in range(1, 9):
        house.world.play(("episode", house.world.episode(7, 1, number)), at(1) + number * 60)
    house.do()
    house.trakt.asked.clear()
    return house


def test_a_comparison_of_what_is_alike_asks_two_questions_and_changes_nothing(imported):
    before = imported.dates()
    done = imported.sync.compare(LATER)
    assert imported.trakt.asked == ["watched", "watched"]
    assert (done.state, done.counts, imported.dates()) == ("done", {}, before)
    assert imported.store.mark("trakt", "compared_at") == LATER.isoformat()


def test_it_is_due_once_a_week_after_the_whole_was_imported(imported):
    assert imported.sync.compare_due_at(NOW) == NOW + timedelta(days=7)


def test_a_play_that_was_added_with_an_older_date_is_found(imported):
    imported.world.play(("movie", 29), at(1, year=2019))
    imported.world.play(("episode", imported.world.episode(8, 1, 3)), at(2, year=2019))
    imported.sync.run(NOW)
    assert imported.dates("Ronin") == []
    done = imported.sync.compare(LATER)
    assert imported.dates()[:2] == ["Ronin 2019-12-01", "Lost 1x03 2019-12-02"]
    assert done.counts["new"] == 2
    assert imported.sync.compare(LATER).counts == {}


def test_many_that_were_added_are_read_in_pages_and_not_one_by_one(imported):
    for number in range(100, 160):
        imported.world.film(number, f"Film {number}", 2000, tmdb=number)
        imported.world.play(("movie", number), at(1, year=2019))
    imported.sync.compare(LATER)
    assert len(imported.dates()) == 28 + 8 + 60
    assert imported.trakt.asked == ["watched", "watched", "history"]


def test_a_play_that_was_taken_away_there_is_marked_as_gone(imported):
    number = next(one for one, _, time in imported.world.plays if time.startswith("2025-12-05"))
    imported.world.remove(number)
    done = imported.sync.compare(LATER)
    assert done.counts == {"gone": 1}
    assert "Heat 2025-12-05" not in imported.dates()
    [kept] = imported.store.plays(deleted=True)
    assert (str(kept.local_day), kept.deleted_by) == ("2025-12-05", "gone")


def test_a_play_that_others_tell_of_too_stays(imported):
    number = next(one for one, _, time in imported.world.plays if time.startswith("2025-12-05"))
    [play] = [one for one in imported.store.plays() if str(one.local_day) == "2025-12-05"]
    told = next(one for _, one in imported.store.export(0, 100) if one.key == play.key)
    imported.store.save_plays([replace(told, key="plex:1", source="plex")], NOW)
    imported.world.remove(number)
    imported.sync.compare(LATER)
    assert "Heat 2025-12-05" in imported.dates()


def test_a_play_that_trakt_still_has_when_it_is_asked_is_not_gone(imported):
    number = next(one for one, _, time in imported.world.plays if time.startswith("2025-12-05"))
    whole = imported.world.watched
    imported.world.watched = lambda kind: {
        film: [time for time in times if not time.startswith("2025-12-05")]
        if isinstance(times, list)
        else times
        for film, times in whole(kind).items()
    }
    imported.sync.compare(LATER)
    assert "Heat 2025-12-05" in imported.dates()
    assert number
    assert imported.trakt.asked == ["watched", "watched", "plays_of"]


def test_a_history_that_is_suddenly_much_shorter_changes_nothing(imported):
    before = imported.dates()
    for number, item, _ in imported.world.plays:
        if item[0] == "movie":
            imported.world.remove(number)
    imported.world.play(("movie", 29), at(1, year=2019))
    done = imported.sync.compare(LATER)
    assert imported.dates() == before
    assert done.problem == (
        "Trakt does not list 28 of 36 plays any more; that is not believed, and nothing was "
        "changed; if they were taken away there, somebody has to say so"
    )
    assert imported.store.mark("trakt", "compared_at") == NOW.isoformat()
    assert imported.sync.compare(LATER, accept=True).counts["gone"] == 28


def test_an_empty_history_is_never_believed(house):
    house.world.play(("movie", 28), at(1))
    house.do()
    house.world.remove(house.world.plays[0][0])
    assert "1 of 1" in house.sync.compare(LATER).problem
    assert house.dates() == ["Heat 2025-12-01"]


def test_a_play_without_a_date_is_not_gone(imported):
    imported.world.play(("movie", 29), None)
    imported.do()
    imported.sync.compare(LATER)
    assert imported.dates("Ronin") == ["Ronin -"]


def test_what_was_left_out_is_not_asked_for_again_and_is_taken_once_it_is_known(imported):
    imported.world.film(30, "Home Video", 2001, imdb="tt7")
    imported.world.play(("movie", 30), at(1))
    imported.do()
    imported.trakt.asked.clear()
    imported.sync.compare(LATER)
    assert imported.trakt.asked == ["watched", "watched"]
    assert len(imported.why()) == 1
    known = Facts(kind=Kind.FILM, title="Home Video", year=2001, ids={"imdb": "tt7"})
    LibraryStore(imported.db).put_title(known, NOW)
    imported.sync.compare(LATER)
    assert imported.dates("Home Video") == ["Home Video 2025-12-01"]
    assert imported.why() == []


def test_a_comparison_that_could_not_be_read_changes_nothing(imported):
    before = imported.dates()
    imported.trakt.trouble["watched"] = Unavailable("trakt", "down")
    with pytest.raises(Unavailable):
        imported.sync.compare(LATER)
    assert imported.dates() == before
    assert imported.store.mark("trakt", "compared_at") == NOW.isoformat()
