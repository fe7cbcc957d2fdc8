import json
from datetime import timedelta

import pytest

from movie_sync.errors import (
    BadAnswer,
    Blocked,
    FilesError,
    NotAuthorised,
    Refused,
    Unavailable,
)
from movie_sync.films.watchlists import Memory, read
from tests import make

ALICE = "letterboxd:alice"
HOUR = timedelta(hours=1)
BLOCKED = Blocked("letterboxd", "answers with a challenge")


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / "watchlist.json")


def seen(memory, numbers, at=make.NOON, **changes):
    """A reading that lists these films; the keys that are gone for good are forgotten at once."""
    reading = make.watchlist(*(make.film(number) for number in numbers), **changes)
    ids = {film.key: f"film:{film.key}" for film in reading.films}
    gone, news = memory.succeeded(reading, ids, at, HOUR)
    memory.forget(reading.source, gone)
    return [int(key.partition(":")[2]) for key in gone], news


def kept(memory):
    return sorted(int(key.partition(":")[2]) for key in memory.of(ALICE).films)


def test_a_film_is_gone_after_three_complete_readings_without_it(memory):
    seen(memory, range(20))
    assert seen(memory, range(1, 20)) == ([], False)
    assert seen(memory, range(1, 20)) == ([], False)
    assert kept(memory) == list(range(20))
    assert seen(memory, range(1, 20)) == ([0], False)
    assert kept(memory) == list(range(1, 20))


def test_a_film_that_comes_back_in_between_begins_anew(memory):
    seen(memory, range(20))
    for numbers in (range(1, 20), range(1, 20), range(20), range(1, 20), range(1, 20)):
        assert seen(memory, numbers) == ([], False)
    assert 0 in kept(memory)


def test_a_film_seen_in_a_reading_that_broke_off_begins_anew_too(memory):
    seen(memory, range(20))
    seen(memory, range(1, 20))
    seen(memory, range(1, 20))
    seen(memory, [0], complete=False, problem="page 2 of 2 was not read")
    assert seen(memory, range(1, 20)) == ([], False)


def test_a_reading_that_broke_off_takes_nothing_away(memory):
    seen(memory, range(60))
    for _ in range(5):
        gone, _news = seen(memory, range(28), complete=False, problem="page 2 of 3 was not read")
        assert gone == []
    assert kept(memory) == list(range(60))
    assert memory.of(ALICE).problem == "page 2 of 3 was not read"
    assert memory.of(ALICE).read_at == make.NOON


def test_a_reading_that_broke_off_without_a_reason_still_says_so(memory):
    seen(memory, [1], complete=False)
    assert memory.of(ALICE).problem == "it was not read as a whole; its films stay as they are"


def test_a_reading_that_broke_off_may_add(memory):
    seen(memory, [1])
    seen(memory, [1, 2], complete=False, problem="page 2 of 2 was not read")
    assert kept(memory) == [1, 2]


def test_an_empty_list_takes_nothing_away_until_a_person_says_so(memory):
    seen(memory, [1, 2])
    for news in (True, False, False, False):
        assert seen(memory, []) == ([], news)
    assert kept(memory) == [1, 2]
    assert memory.of(ALICE).problem == (
        "it lists no films any more; all 2 stay as they are; if that is right, say "
        '"watchlist confirm letterboxd:alice"'
    )
    assert memory.confirm(ALICE) == 2
    assert seen(memory, []) == ([1, 2], False)
    assert memory.of(ALICE).problem is None


@pytest.mark.parametrize(
    ("before", "after", "held"),
    [
        (60, 50, False),  # ten
        (60, 48, False),  # a fifth
        (60, 47, True),
        (100, 80, False),
        (100, 79, True),
        (11, 1, False),
        (12, 1, True),
        (1, 0, True),
    ],
)
def test_more_than_ten_films_and_a_fifth_of_the_list_wait_for_a_person(memory, before, after, held):
    seen(memory, range(before))
    for _ in range(3):
        gone, _news = seen(memory, range(after))
    assert gone == ([] if held else list(range(after, before)))
    assert (memory.of(ALICE).problem is not None) is held


def test_the_brake_says_how_many_are_missing(memory):
    seen(memory, range(60))
    assert seen(memory, range(28)) == ([], True)
    assert memory.of(ALICE).problem == (
        "it lacks 32 of 60 films; all 60 stay as they are; if that is right, say "
        '"watchlist confirm letterboxd:alice"'
    )


def test_a_list_of_other_films_altogether_is_not_called_empty(memory):
    seen(memory, [1, 2])
    seen(memory, [3, 4])
    assert memory.of(ALICE).problem.startswith("it lacks 2 of 2 films; all 2 stay")
    assert kept(memory) == [1, 2, 3, 4]


def test_films_that_trickle_away_are_not_taken_for_a_flood(memory):
    for first in range(0, 40, 3):
        assert seen(memory, range(first, 60))[1] is False
    assert memory.of(ALICE).problem is None
    assert kept(memory)[0] == 33


def test_a_person_confirms_only_what_was_missing_then(memory):
    seen(memory, range(60))
    seen(memory, range(40))
    assert memory.confirm(ALICE) == 20
    assert seen(memory, range(20)) == ([], True)
    assert kept(memory) == list(range(60))


def test_a_confirmed_film_that_comes_back_is_as_any_other_again(memory):
    seen(memory, range(60))
    seen(memory, range(40))
    memory.confirm(ALICE)
    seen(memory, range(60))
    assert seen(memory, range(40)) == ([], True)


def test_confirming_has_the_list_read_at_once(memory):
    seen(memory, range(60))
    assert not memory.of(ALICE).due(HOUR, make.NOON)
    memory.confirm(ALICE)
    assert memory.of(ALICE).due(HOUR, make.NOON)


def test_films_that_the_queues_could_not_be_told_of_are_told_again(memory):
    seen(memory, range(20))
    ids = {f"letterboxd:{n}": f"film:letterboxd:{n}" for n in range(1, 20)}
    reading = make.watchlist(*(make.film(n) for n in range(1, 20)))
    for _ in range(3):
        gone, _news = memory.succeeded(reading, ids, make.NOON, HOUR)
    assert gone == ["letterboxd:0"]
    gone, _news = memory.succeeded(reading, ids, make.NOON, HOUR)
    assert gone == ["letterboxd:0"]


def test_a_source_that_failed_keeps_its_films_and_says_so_once(memory):
    seen(memory, [1, 2, 3])
    later = make.NOON + HOUR
    assert memory.failed(ALICE, BLOCKED, later, HOUR)
    assert not memory.failed(ALICE, BLOCKED, later + HOUR, HOUR)
    listed = memory.of(ALICE)
    assert kept(memory) == [1, 2, 3]
    assert listed.problem == "answers with a challenge; 3 films kept"
    assert (listed.problem_since, listed.read_at) == (later, make.NOON)


def test_a_source_that_failed_at_first_added_nothing(memory):
    memory.failed(ALICE, Refused("letterboxd", "it is private"), make.NOON, HOUR)
    assert memory.of(ALICE).problem == "it is private; nothing was added"


def test_a_good_reading_ends_a_problem(memory):
    memory.failed(ALICE, BLOCKED, make.NOON, HOUR)
    seen(memory, [1])
    assert (memory.of(ALICE).problem, memory.of(ALICE).problem_since) == (None, None)
    assert memory.of(ALICE).failures == 0


def waits(memory, error, times, every=HOUR):
    found = []
    for _ in range(times):
        memory.failed(ALICE, error, make.NOON, every)
        found.append((memory.of(ALICE).next_at - make.NOON).total_seconds() / 60)
    return found


def test_a_block_is_waited_out_from_15_minutes_to_a_day(memory):
    assert waits(memory, BLOCKED, 9) == [15, 30, 60, 120, 240, 480, 960, 1440, 1440]


def test_an_outage_is_asked_about_soon_and_no_later_than_its_turn(memory):
    assert waits(memory, Unavailable("letterboxd", "down"), 6) == [5, 10, 20, 40, 60, 60]


def test_a_source_that_says_how_long_is_given_that_but_a_day_at_most(memory):
    assert waits(memory, Unavailable("letterboxd", "slow down", 7200), 1) == [120]
    assert waits(memory, Unavailable("letterboxd", "slow down", 1e9), 1) == [1440]


def test_a_wrong_login_is_not_tried_for_six_hours(memory):
    assert waits(memory, NotAuthorised("list", "refused our login"), 1) == [360]


@pytest.mark.parametrize(
    "error", [Refused("x", "private"), BadAnswer("x", "new form"), FilesError("gone")]
)
def test_any_other_failure_waits_for_its_turn(memory, error):
    assert waits(memory, error, 2) == [60, 60]


def test_a_failure_of_a_thousand_times_still_has_a_date(memory):
    assert waits(memory, BLOCKED, 1000)[-1] == 1440


def test_a_shorter_interval_holds_at_once(memory):
    seen(memory, [1])
    listed = memory.of(ALICE)
    listed.next_at = make.NOON + timedelta(days=1)
    assert not listed.due(timedelta(days=1), make.NOON)
    assert listed.due(HOUR, make.NOON)


def test_a_clock_that_was_wrong_once_does_not_stop_the_reading_for_years(memory):
    memory.failed(ALICE, BLOCKED, make.NOON + timedelta(days=3650), HOUR)
    assert memory.of(ALICE).due(HOUR, make.NOON)


def test_what_was_seen_outlives_a_restart(memory):
    seen(memory, range(60))
    seen(memory, range(28))
    memory.confirm(ALICE)
    memory.failed("list:/x.csv", FilesError("gone"), make.NOON, HOUR)
    memory.save()
    assert Memory(memory.path).sources == memory.sources
    assert memory.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        '{"sources": {"a": {"next_at": "2026-01-05T12:00:00"}}}',
        "",
        "{",
        "[]",
        "{}",
        '{"sources": 5}',
        '{"sources": {"a": {"films": []}}}',
        "\ufffe",
    ],
)
def test_a_damaged_file_is_told_of_and_never_written_over(memory, damage):
    seen(memory, [1])
    memory.save()
    memory.path.write_text(damage, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(FilesError, match=r"copy watchlist.json~ over it, or move it away"):
        Memory(memory.path)
    assert memory.path.read_text() == damage


def test_bytes_that_are_no_text_are_damage_too(tmp_path):
    (tmp_path / "watchlist.json").write_bytes(b'{"sources": {"\xff": {}}}')
    with pytest.raises(FilesError, match="cannot be read"):
        read(tmp_path / "watchlist.json")


def test_no_file_is_no_list_yet(tmp_path):
    assert read(tmp_path / "watchlist.json") == {}


def test_the_file_before_the_last_one_is_kept(memory):
    seen(memory, [1])
    memory.save()
    seen(memory, [1, 2])
    memory.save()
    before = json.loads(memory.path.with_name("watchlist.json~").read_text())
    assert list(before["sources"][ALICE]["films"]) == ["letterboxd:1"]


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    memory = Memory(tmp_path / "nowhere" / "watchlist.json")
    with pytest.raises(FilesError, match="cannot be written"):
        memory.save()


def test_a_list_is_doubted_until_its_last_reading_was_good(memory):
    assert memory.doubt([]) == "no watchlist is followed"
    assert memory.doubt([ALICE]) == f"{ALICE} was not read yet"
    seen(memory, [1, 2])
    assert memory.doubt([ALICE]) is None
    assert memory.doubt([ALICE, "letterboxd:bob"]) == "letterboxd:bob was not read yet"
    memory.failed(ALICE, BLOCKED, make.NOON, HOUR)
    assert memory.doubt([ALICE]) == f"{ALICE} could not be relied on when it was last read"
    seen(memory, [1, 2], complete=False)
    assert memory.doubt([ALICE]) == f"{ALICE} could not be relied on when it was last read"
    seen(memory, [1, 2])
    assert memory.doubt([ALICE]) is None


def test_a_feed_that_is_never_whole_is_no_doubt(memory):
    seen(memory, [1], complete=False)
    assert memory.doubt([ALICE]) is None
