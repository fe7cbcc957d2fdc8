from dataclasses import replace
from datetime import timedelta

import pytest

from movie_sync.films import upgrades
from movie_sync.films.story import What
from movie_sync.films.upgrades import look_for_better, settle
from movie_sync.models import State
from movie_sync.settings import Profile
from tests import make

ID = "film:letterboxd:1"
DAY = timedelta(days=1)


@pytest.fixture
def placed(queue):
    """Puts film `number` into the library, as this release."""

    def place(name, number=1, **data):
        queue.put_many([make.item(number)])
        queue.take("film")
        release = {"indexer": "fake", "id": str(number), "name": name}
        held = {"release": release, "path": f"/films/{number}.mkv", "handle": "h"}
        queue.complete(f"film:letterboxd:{number}", data=held | data, completed_at=make.NOON)

    return place


def later(days):
    return make.NOON + days * DAY


def test_a_film_below_the_cutoff_is_looked_for_again_after_a_week(parts, queue, placed):
    placed("Film.1.1999.720p.BluRay.x264-GRP")
    assert look_for_better(parts, later(6)) == 0
    assert look_for_better(parts, later(7)) == 1
    assert queue.get(ID)[0] is State.PENDING


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("Film.1.1999.1080p.BluRay.x264-GRP", Profile()),
        ("Film.1.1999.720p.BluRay.x264-GRP", Profile(upgrade=False)),
        ("Film.1.1999.720p.BluRay.x264-GRP", Profile(cutoff="720p")),
    ],
)
def test_what_is_good_enough_stays(parts, placed, name, profile):
    placed(name)
    assert look_for_better(replace(parts, profile=profile), later(100)) == 0


def test_a_file_that_we_did_not_place_is_never_replaced(parts, queue):
    queue.put_many([make.item(1)])
    queue.take("film")
    queue.complete(ID, data={"path": "/films/own 720p.mkv"}, completed_at=make.NOON)
    assert look_for_better(parts, later(100)) == 0


def test_a_release_that_a_person_does_not_want_is_replaced_by_any(parts, queue, placed):
    placed("Film.1.1999.1080p.BluRay.x264-GRP", replace_by_any=True)
    assert upgrades.floor(queue.get(ID)[1]) is None
    assert look_for_better(parts, later(7)) == 1


def test_where_nothing_better_comes_it_is_looked_for_ever_more_rarely(parts, queue, placed):
    placed("Film.1.1999.720p.BluRay.x264-GRP")
    at = later(7)
    for days in (7, 14, 30, 30):
        assert look_for_better(parts, at) == 1
        settle(parts, queue.take("film"), "no indexer lists it", at)
        assert queue.get(ID)[0] is State.COMPLETED
        assert look_for_better(parts, at + (days - 1) * DAY) == 0
        at += days * DAY
    (event,) = parts.stories.read(ID)
    assert (event.what, event.times) == (What.WAITS, 4)
    assert event.text == "keeps what it has: no indexer lists it"


def test_a_large_library_is_bettered_a_few_films_at_a_time(parts, placed):
    for number in range(1, 9):
        placed(f"Film.{number}.1999.720p.BluRay.x264-GRP", number)
    assert look_for_better(parts, later(7)) == upgrades.MOST_REOPENED
