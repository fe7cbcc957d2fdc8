from datetime import timedelta

import pytest

from movie_sync.library.metadata_cache import AHEAD, Kept, MetadataCache, Stats
from tests.make import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def cache(db):
    return MetadataCache(db)


def test_what_was_told_is_kept_with_when_it_was_and_until_when_it_lasts(cache):
    cache.write({"movie:1": '{"id":1,"title":"등대지기"}', "movie:2": None}, NOON, DAY)
    assert cache.read(["movie:1", "movie:2", "movie:3"]) == {
        "movie:1": Kept('{"id":1,"title":"등대지기"}', NOON, NOON + DAY),
        "movie:2": Kept(None, NOON, NOON + DAY),
    }


def test_what_is_told_anew_takes_the_place_of_what_was(cache):
    cache.write({"movie:1": None}, NOON, DAY)
    cache.write({"movie:1": "{}"}, NOON + DAY, HOUR)
    assert cache.read(["movie:1"]) == {"movie:1": Kept("{}", NOON + DAY, NOON + DAY + HOUR)}


@pytest.mark.parametrize(
    ("fetched", "fresh"),
    [(-DAY, False), (-DAY + HOUR, True), (HOUR * 0, True), (AHEAD, True), (AHEAD + HOUR, False)],
)
def test_it_is_fresh_until_it_expires_and_never_from_the_future(fetched, fresh):
    assert Kept("{}", NOON + fetched, NOON + fetched + DAY).is_fresh(NOON) is fresh


def test_what_expired_goes_at_once_or_some_time_later(cache):
    cache.write({"movie:1": "{}"}, NOON - 10 * DAY, DAY)
    cache.write({"movie:2": "{}"}, NOON - 2 * DAY, DAY)
    cache.write({"movie:3": "{}"}, NOON, DAY)
    assert cache.clear_expired(NOON, 7 * DAY) == 1
    assert cache.clear_expired(NOON) == 1
    assert set(cache.read(["movie:1", "movie:2", "movie:3"])) == {"movie:3"}


def test_everything_can_be_forgotten(cache):
    cache.write({f"movie:{n}": "{}" for n in range(1200)}, NOON, DAY)
    assert cache.clear() == 1200
    assert cache.clear() == 0


def test_how_much_is_kept_is_said_by_kind(cache):
    assert cache.stats(NOON) == Stats(0, 0, 0, 0, {}, None, None)
    cache.write({"movie:1": "{}", "movie:1:credits": "[1]", "person:1": None}, NOON - DAY, HOUR)
    cache.write({"search:tv:a%3ab": "{}"}, NOON, HOUR)
    assert cache.stats(NOON) == Stats(
        entries=4, expired=3, absent=1, characters=7, kinds={"movie": 2, "person": 1, "search": 1},
        oldest=NOON - DAY, newest=NOON,
    )  # fmt: skip
