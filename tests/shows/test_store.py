"""Against SQLite, and against a real PostgreSQL where it is installed."""

import threading
from datetime import timedelta

import pytest

from movie_sync.errors import FilesError
from movie_sync.shows.statements import APPROVED, DECIDED, UNLISTED
from movie_sync.shows.verdict import ABANDONED, ShowState, Verdict
from tests import make

NOON = make.NOON
LATER = NOON + timedelta(hours=1)
PASSES = Verdict(ShowState.PENDING, "mine", "passes", "fits mine")
FILTERED = Verdict(ShowState.FILTERED, "mine", "language", "it is Korean", {"is": "Korean"})
WAITS = Verdict(ShowState.PENDING_TVDB, "mine", "no_tvdb_id", "it has no TVDB id")
REVIEW = Verdict(ShowState.REVIEW, "mine", "passes", "waits for a person")


def save(store, *shows, verdict=PASSES, now=NOON, **options):
    return store.save(shows, {show.tvmaze_id: verdict for show in shows}, now, **options)


def state(store, tvmaze_id=1):
    return store.get(tvmaze_id)[1]


def test_a_show_comes_back_as_it_was_with_what_became_of_it(store):
    bare = make.show(
        2, type=None, language=None, genres=(), status=None, runtime_min=None, premiered_on=None,
        rating=None, network=None, country=None, tvdb_id=None, imdb_id=None,
        title="Ça où 漢字 \U0001f3ac",
    )  # fmt: skip
    save(store, make.show(), bare, verdict=FILTERED)
    show, row = store.get(1)
    assert show == make.show()
    assert store.get(2)[0] == bare
    assert (row.state, row.code, row.compared, row.changed_at) == (
        ShowState.FILTERED, "language", {"is": "Korean"}, NOON
    )  # fmt: skip
    assert store.get(3) is None


def test_a_page_its_verdicts_and_its_mark_are_stored_together(store):
    store.save_page(4, [make.show(1001), make.show(1007)], {1001: PASSES, 1007: FILTERED}, NOON)
    store.save_page(5, [], {}, NOON)
    assert store.all_meta() == {"shows.page": "5", "shows.highest_id": "1007"}
    assert store.counts() == {"pending": 1, "filtered": 1}


def test_a_page_that_cannot_be_stored_leaves_no_mark(store):
    store.save_page(0, [make.show(1)], {1: PASSES}, NOON)
    bad = make.show(251, title=None)
    with pytest.raises(FilesError):
        store.save_page(1, [make.show(250), bad], {250: PASSES, 251: PASSES}, NOON)
    assert store.meta("shows.page") == "0"
    assert [show.tvmaze_id for show in store.all_shows()] == [1]


@pytest.mark.parametrize("decided", sorted(DECIDED))
def test_news_of_a_show_never_undo_what_was_decided(store, decided):
    save(store, make.show())
    facts = {"instance": "main", "series_id": 42, "added_at": NOON, "attempts": 2}
    before = store.set_state(1, decided, now=NOON, **facts)
    newer = make.show(title="Renamed", updated_s=1_800_000_000, tvdb_id=5)
    assert save(store, newer, verdict=FILTERED, now=LATER) == 0
    assert store.write_verdicts([(1, FILTERED), (1, WAITS)], LATER) == 0
    assert store.get(1) == (newer, before)
    assert before.series_id == 42


def test_only_what_changed_is_written(store):
    save(store, make.show(1), make.show(2))
    assert save(store, make.show(1, title="Renamed"), now=LATER) == 0
    assert store.write_verdicts([(1, PASSES), (2, PASSES)], LATER) == 0
    assert store.write_verdicts([(1, PASSES), (2, FILTERED)], LATER) == 1
    assert (state(store, 1).changed_at, state(store, 2).changed_at) == (NOON, LATER)


def test_how_long_a_show_waits_for_an_id_is_counted_from_the_first_time(store):
    save(store, make.show(), verdict=WAITS)
    again = Verdict(ShowState.PENDING_TVDB, "other", "no_tvdb_id", "it has no TVDB id")
    save(store, make.show(), verdict=again, now=LATER)
    assert (state(store).rule, state(store).pending_since) == ("other", NOON)
    save(store, make.show(), now=LATER)
    assert state(store).pending_since is None


def test_who_waited_too_long_is_given_up_until_an_id_is_there(store):
    save(store, make.show(1, tvdb_id=None), verdict=WAITS)
    save(store, make.show(2, tvdb_id=None), verdict=WAITS, now=LATER)
    assert store.abandon(LATER, LATER) == 1
    assert (state(store, 1).state, state(store, 1).code) == (ShowState.FAILED, ABANDONED)
    save(store, make.show(1, tvdb_id=None, title="Renamed"), verdict=WAITS, now=LATER)
    assert state(store, 1).state is ShowState.FAILED
    save(store, make.show(1, tvdb_id=7), now=LATER)
    assert state(store, 1).state is ShowState.PENDING


def test_what_failed_is_tried_again_only_once_its_id_is_another(store):
    save(store, make.show())
    store.set_state(1, ShowState.FAILED, now=NOON, code="tvdb_unknown", attempts=1)
    assert store.write_verdicts([(1, PASSES)], LATER) == 0
    assert save(store, make.show(rating=9.0)) == 0
    assert save(store, make.show(tvdb_id=77)) == 1
    assert state(store).state is ShowState.PENDING


def test_what_a_person_approved_needs_no_review_again(store):
    save(store, make.show(), verdict=REVIEW)
    store.set_state(1, ShowState.PENDING, now=NOON, code=APPROVED, sentence="approved by hand")
    assert store.write_verdicts([(1, REVIEW)], LATER) == 0
    assert state(store).state is ShowState.PENDING
    assert store.write_verdicts([(1, FILTERED)], LATER) == 1


def test_a_show_that_is_no_longer_listed_is_gone_but_not_if_it_was_added(store):
    save(store, make.show(1), make.show(2))
    store.set_state(2, ShowState.ADDED, now=NOON, series_id=5)
    assert store.unlist({1, 2, 99}, LATER) == 1
    assert (state(store, 1).state, state(store, 1).code) == (ShowState.GONE, UNLISTED)
    assert state(store, 2).state is ShowState.ADDED
    save(store, make.show(1), now=LATER)  # it is back
    assert state(store, 1).state is ShowState.PENDING


def test_shows_are_found_by_state_and_by_words(store):
    save(store, *(make.show(n, title=f"The 100% {n}") for n in (1, 2, 3)))
    save(store, make.show(4, title="Éclair"), make.show(5, title="the bridge"), verdict=FILTERED)

    def found(*asked, **options):
        return [show.tvmaze_id for show, _ in store.list(*asked, **options)]

    assert found() == [5, 4, 3, 2, 1]
    assert found(limit=2, offset=1) == [4, 3]
    assert found(ShowState.PENDING) == [3, 2, 1]
    assert found(ShowState.FILTERED, "BRIDGE") == [5]
    assert found(None, "100% 2") == [2]
    assert found(None, "_") == []
    assert (store.count(), store.count(ShowState.PENDING), store.count(None, "100%")) == (5, 3, 3)
    assert store.counts_by_reason() == {"language": 2}


def test_all_shows_are_read_a_few_at_a_time_while_others_write(store):
    save(store, *(make.show(n) for n in range(1, 1201)))
    reading = store.all_known()
    assert next(reading)[0].tvmaze_id == 1
    store.write_verdicts([(n, FILTERED) for n in range(1, 1201)], LATER)
    assert sum(1 for _ in reading) == 1199
    assert store.counts() == {"filtered": 1200}
    assert store.updated_map() == dict.fromkeys(range(1, 1201), 1_700_000_000)


def test_two_threads_that_decide_about_one_show_take_turns(store):
    save(store, make.show())

    def decide(number: int) -> None:
        for _ in range(5):
            store.set_state(1, ShowState.ADDED, now=NOON, series_id=number)
            store.write_verdicts([(1, FILTERED)], LATER)

    threads = [threading.Thread(target=decide, args=(n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state(store).state is ShowState.ADDED


def test_marks_are_kept_replaced_and_removed(store):
    store.set_meta({"a": "1", "b": "2"})
    store.set_meta({"a": "3", "b": None})
    assert store.all_meta() == {"a": "3"}


def test_nobody_decides_about_a_show_that_is_not_there(store):
    with pytest.raises(KeyError):
        store.set_state(1, ShowState.SKIPPED, now=NOON)
