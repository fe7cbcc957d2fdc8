import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from movie_sync.errors import BadAnswer, Blocked, FilesError, NotAuthorised, Unavailable
from movie_sync.films.items import film_of
from movie_sync.films.slots import want_versions
from movie_sync.films.wanted import read_watchlists, want_films, watch_latest
from movie_sync.films.watchlists import Memory
from movie_sync.models import State
from tests import make
from tests.fakes import FakeIndexer, FakeSource

HOUR = timedelta(hours=1)
ALICE, BOB = "letterboxd:alice", "letterboxd:bob"
DOWN = Unavailable("letterboxd", "/alice/watchlist/ answered 503")


@pytest.fixture
def memory(tmp_path):
    return Memory(tmp_path / "watchlist.json")


@pytest.fixture
def look(queue, memory):
    """Read these sources, `hours` after noon."""

    def read(*sources, hours=0):
        return read_watchlists(sources, queue, memory, HOUR, make.NOON + hours * HOUR)

    return read


def lists(*films, by=ALICE, **changes):
    return FakeSource(make.watchlist(*films, source=by, **changes), name=by)


def only(queue):
    (item,) = queue.iter(State.PENDING)
    return item


def ids(queue, state=State.PENDING):
    return [item.id for item in queue.iter(state)]


def test_what_is_listed_is_wanted(queue, look):
    again = look(lists(make.film(1, imdb_id="tt0000001"), make.film(2)))
    assert ids(queue) == ["film:letterboxd:1", "film:letterboxd:2"]
    assert [item.wanted_by for item in queue.iter(State.PENDING)] == [(ALICE,), (ALICE,)]
    assert again == make.NOON + HOUR


def test_a_source_is_read_when_its_time_has_come_and_not_before(look):
    source = lists(make.film())
    look(source)
    look(source, hours=0.9)
    assert source.asked == 1
    look(source, hours=1)
    assert source.asked == 2


def test_each_source_has_its_own_time(look):
    down = FakeSource(DOWN, name=BOB)
    assert look(lists(make.film()), down) == make.NOON + timedelta(minutes=5)


def test_with_no_source_there_is_nothing_to_do_for_a_while(look):
    assert look() == make.NOON + HOUR


@pytest.mark.parametrize(
    "error", [DOWN, Blocked("x", "no"), BadAnswer("x", "new"), NotAuthorised("x", "no"),
              FilesError("gone")]
)  # fmt: skip
def test_a_source_that_fails_holds_up_no_other_and_changes_nothing(queue, look, memory, error):
    look(lists(make.film(1)), lists(make.film(2), by=BOB))
    before = [list(queue.iter(state)) for state in State]
    failing, other = FakeSource(error, name=ALICE), lists(make.film(2), by=BOB)
    look(failing, other, hours=1)
    assert (failing.asked, other.asked) == (1, 1)
    assert [list(queue.iter(state)) for state in State] == before
    assert memory.of(ALICE).problem.endswith("1 films kept")
    assert memory.of(BOB).problem is None


def test_a_failure_is_logged_once_with_the_name_of_its_list(look, caplog):
    source = FakeSource(DOWN, name=ALICE)
    with caplog.at_level(logging.INFO):
        look(source)
        look(source, hours=1)
    assert caplog.messages == [
        "letterboxd:alice: /alice/watchlist/ answered 503; nothing was added"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (make.film(1), make.film(1)),
        (make.film(1, imdb_id="tt0000001"), make.film(key="imdb:tt0000001", imdb_id="tt0000001")),
        (make.film(1, tmdb_id=7), make.film(key="tmdb:7", tmdb_id=7, title="Otherwise", year=None)),
        (make.film(1, title="WALL·E"), make.film(key="title:walle:1999", title="Wall-E")),
        (
            make.film(1, original_title="Gisaengchung"),
            make.film(key="title:gisaengchung:1999", title="Gisaengchung"),
        ),
        (make.film(key="title:x:1999"), make.film(1, imdb_id="tt0000001")),
    ],
)
def test_a_film_on_two_lists_is_one_item_with_two_wants(queue, look, first, second):
    look(lists(first), lists(second, by=BOB))
    assert only(queue).wanted_by == (ALICE, BOB)
    assert only(queue).id == f"film:{first.key}"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (make.film(1, imdb_id="tt1"), make.film(key="imdb:tt2", imdb_id="tt2")),
        (make.film(1, tmdb_id=1), make.film(key="tmdb:2", tmdb_id=2)),
        (make.film(1, year=1999), make.film(key="title:film1:2000", year=2000)),
        (make.film(1, year=None), make.film(key="title:film1:", year=None)),
        (make.film(1, title="Home"), make.film(2, title="Home")),
    ],
    ids=["imdb", "tmdb", "a year off", "no year", "one site tells them apart"],
)
def test_films_that_only_look_alike_stay_two(queue, look, first, second):
    look(lists(first), lists(second, by=BOB))
    assert len(ids(queue)) == 2


def test_a_film_is_set_aside_when_its_last_want_goes(queue, look):
    both, rest = [make.film(n) for n in range(8)], [make.film(n) for n in range(1, 8)]
    look(lists(*both), lists(*both, by=BOB))
    for hour in (1, 2, 3):
        look(lists(*rest), hours=hour)
    assert queue.get("film:letterboxd:0")[0] is State.PENDING
    assert queue.get("film:letterboxd:0")[1].wanted_by == (BOB,)
    for hour in (4, 5, 6):
        look(lists(*rest, by=BOB), hours=hour)
    assert ids(queue, State.REMOVED) == ["film:letterboxd:0"]


def test_a_film_that_is_listed_again_comes_back(queue, look):
    look(lists(make.film(1), make.film(2)))
    for hour in (1, 2, 3):
        look(lists(make.film(2)), hours=hour)
    assert ids(queue, State.REMOVED) == ["film:letterboxd:1"]
    look(lists(make.film(1), make.film(2)), hours=4)
    assert queue.get("film:letterboxd:1")[0] is State.PENDING


def test_what_a_person_removed_stays_removed_though_it_is_listed(queue, look):
    look(lists(make.film(1)))
    queue.remove("film:letterboxd:1")
    look(lists(make.film(1)), lists(make.film(1), by=BOB), hours=1)
    assert ids(queue, State.REMOVED) == ["film:letterboxd:1"]


def test_a_film_that_is_only_called_otherwise_now_is_not_gone(queue, look):
    by_title = make.film(key="title:film1:1999")
    by_id = make.film(1, key="imdb:tt0000001", imdb_id="tt0000001")
    others = [make.film(n) for n in range(2, 8)]
    look(lists(by_title, *others))
    for hour in (1, 2, 3, 4):
        look(lists(by_id, *others), hours=hour)
    state, item = queue.get("film:title:film1:1999")
    assert (state, item.wanted_by) == (State.PENDING, (ALICE,))


def test_a_merged_film_is_known_by_its_old_name_and_leaves_by_it(queue, look):
    look(lists(make.film(1), make.film(2)), lists(make.film(3), by=BOB))
    queue.merge("film:letterboxd:1", "film:letterboxd:3")
    look(lists(make.film(1), make.film(2)), hours=1)
    assert queue.get("film:letterboxd:1") is None
    assert queue.get("film:letterboxd:3")[1].wanted_by == (BOB, ALICE)
    for hour in (2, 3, 4):
        look(lists(make.film(2)), hours=hour)
    assert queue.get("film:letterboxd:3")[1].wanted_by == (BOB,)


def test_a_film_merged_after_it_left_still_leaves(queue, look):
    look(lists(make.film(1), make.film(2)), lists(make.film(3), by=BOB))
    look(lists(make.film(2)), hours=1)
    queue.merge("film:letterboxd:1", "film:letterboxd:3")
    for hour in (2, 3):
        look(lists(make.film(2)), hours=hour)
    assert queue.get("film:letterboxd:3")[1].wanted_by == (BOB,)


def test_what_is_done_or_under_way_stays_though_it_left_every_list(queue, look):
    look(lists(*(make.film(n) for n in range(8))))
    done, loading = queue.take("film"), queue.take("film")
    queue.complete(done.id)
    for hour in (1, 2, 3):
        look(lists(*(make.film(n) for n in range(2, 8))), hours=hour)
    assert queue.get(done.id)[0] is State.COMPLETED
    assert queue.get(loading.id)[0] is State.ACTIVE


def test_a_broken_off_reading_adds_and_says_why(queue, look, memory):
    look(lists(make.film(1), make.film(2)))
    problem = "page 2 of 3 was not read and its films stay as they are: answered 503"
    for hour in (1, 2, 3, 4):
        look(lists(make.film(3), complete=False, problem=problem), hours=hour)
    assert ids(queue) == [f"film:letterboxd:{n}" for n in (1, 2, 3)]
    assert memory.of(ALICE).problem == problem


def test_an_item_that_a_person_broke_by_hand_does_not_stop_the_reading(queue, look):
    queue.put_many([make.item(9, data={"year": "soon", "imdb_id": 5})])
    look(lists(make.film(1)))
    assert "film:letterboxd:1" in ids(queue)


def test_wanting_twice_changes_nothing(queue):
    films = [make.film(1), make.film(2), make.film(1)]
    assert want_films(queue, films, "hand", make.NOON) == 2
    assert want_films(queue, films, "hand", make.NOON) == 0
    assert ids(queue) == ["film:letterboxd:1", "film:letterboxd:2"]


def test_a_thousand_films_against_a_thousand_others_are_soon_compared(queue, look):
    look(lists(*(make.film(n, imdb_id=f"tt{n:07}") for n in range(1000))))
    others = [make.film(key=f"imdb:tt{n:07}", imdb_id=f"tt{n:07}") for n in range(500, 1500)]
    look(lists(*others, by=BOB))
    assert len(ids(queue)) == 1500


def nobody_offers(queue, number=1, **changes):
    item = make.item(number, **changes)
    queue.put_many([item])
    queue.take("film")
    queue.fail(item.id, "no indexer lists it", make.NOON + HOUR, counted=False)
    return item.id


def test_the_newest_releases_bring_a_film_back_with_one_call(parts, queue):
    for number in (1, 2, 3):
        nobody_offers(queue, number)
    watch_latest(parts, make.NOON)
    assert ids(queue) == ["film:letterboxd:1"]
    assert parts.indexers[0].asked == ["latest"]


def test_the_newest_releases_are_known_by_id_too(parts, queue):
    nobody_offers(queue, 5, title="Filmul 5", data={"imdb_id": "tt0000005"})
    indexer = FakeIndexer(make.release(imdb_id="tt0000005"))
    watch_latest(replace(parts, indexers=[indexer]), make.NOON)
    assert ids(queue) == ["film:letterboxd:5"]


def test_a_newest_release_that_would_not_be_taken_brings_nothing_back(parts, queue):
    nobody_offers(queue)
    watch_latest(replace(parts, indexers=[FakeIndexer(make.release(seeders=0))]), make.NOON)
    nobody_offers(
        queue,
        2,
        data={"year": 1999, "blocked": [{"release": "fake:7", "why": "no film"}]},
        title="Film 1 (1999)",
    )
    watch_latest(parts, make.NOON)
    assert "film:letterboxd:2" not in ids(queue)


def test_nobody_is_asked_for_newest_releases_when_no_film_waits(parts, queue):
    queue.put_many([make.item(1)])
    watch_latest(parts, make.NOON)
    assert parts.indexers[0].asked == []


def test_a_film_that_a_person_skipped_stays_skipped_whatever_is_offered(parts, queue):
    queue.skip(nobody_offers(queue))
    watch_latest(parts, make.NOON)
    assert ids(queue, State.FAILED) == ["film:letterboxd:1"]
    assert parts.indexers[0].asked == []


def test_an_indexer_that_is_silent_hides_no_other(parts, queue):
    nobody_offers(queue)
    dead = FakeIndexer(error=NotAuthorised("dead", "login refused"), name="dead")
    watch_latest(replace(parts, indexers=[dead, *parts.indexers]), make.NOON)
    assert ids(queue) == ["film:letterboxd:1"]


def test_ids_that_were_learnt_stay_with_the_item(queue, look):
    look(lists(make.film(1, imdb_id="tt0000001", runtime_min=90)))
    look(lists(make.film(1)), hours=1)
    assert film_of(only(queue)).imdb_id == "tt0000001"


def placed(queue, name, **data):
    """Film 1 is in the library, as this release."""
    queue.put_many([make.item(1)])
    queue.take("film")
    release = {"indexer": "fake", "id": "1", "name": name}
    queue.complete("film:letterboxd:1", data={"year": 1999, "release": release} | data)


def test_a_better_release_that_is_newly_offered_reopens_what_is_done(parts, queue):
    placed(queue, "Film.1.1999.720p.BluRay.x264-GRP")
    watch_latest(parts, make.NOON)
    assert ids(queue) == ["film:letterboxd:1"]


def test_what_is_good_enough_is_not_reopened(parts, queue):
    placed(queue, "Film.1.1999.1080p.BluRay.x264-GRP")
    watch_latest(parts, make.NOON)
    assert ids(queue) == []


def test_versions_of_a_film_share_what_is_newly_offered(parts, queue):
    nobody_offers(queue)
    want_versions(queue, ["hd"])
    queue.take("film")
    queue.fail("film:letterboxd:1@hd", "none", make.NOON + HOUR, counted=False)
    watch_latest(replace(parts, versions={"hd": parts.profile}), make.NOON)
    assert ids(queue) == ["film:letterboxd:1", "film:letterboxd:1@hd"]


def test_a_film_leaves_a_list_in_all_its_versions(queue, look):
    look(lists(make.film(1), make.film(2)))
    want_versions(queue, ["hd"])
    for hour in (1, 2, 3):
        look(lists(make.film(2)), hours=hour)
    assert ids(queue) == ["film:letterboxd:2", "film:letterboxd:2@hd"]


def test_a_release_whose_quality_only_a_search_tells_wakes_a_film_once(parts, queue):
    nobody_offers(queue)
    unknown = FakeIndexer(make.release(name="Film 1 (1999)", id="x"))
    watch_latest(replace(parts, indexers=[unknown]), make.NOON)
    assert ids(queue) == ["film:letterboxd:1"]
    queue.take("film")
    queue.fail("film:letterboxd:1", "too small", make.NOON + HOUR, counted=False)
    watch_latest(replace(parts, indexers=[unknown]), make.NOON)
    assert ids(queue) == []


def test_whose_list_dropped_a_film_in_the_library_is_kept_in_mind(queue, look):
    look(lists(make.film(1), make.film(2)))
    queue.complete("film:letterboxd:1")
    for hours in range(1, 4):
        look(lists(make.film(3), make.film(4)), hours=hours)
    left = queue.get("film:letterboxd:1")[1]
    assert (left.wanted_by, left.data["left"]) == ((), [ALICE])
    assert "left" not in queue.get("film:letterboxd:2")[1].data


def test_nothing_better_is_looked_for_where_nobody_wants_the_film(parts):
    parts.queue.put_many(
        [make.item(1, data={"year": 1999, "release": {"name": "Film.1.1999.CAM"}})]
    )
    parts.queue.complete("film:letterboxd:1")
    parts.queue.unwant(["film:letterboxd:1"], ALICE)
    watch_latest(parts, make.NOON)
    assert parts.indexers[0].asked == []
