from datetime import timedelta

import msgspec
import pytest

from movie_sync.breaker import Breaker
from movie_sync.errors import Unavailable
from movie_sync.models import State
from movie_sync.needs import Trouble
from movie_sync.notice_settings import NEEDS_YOU
from movie_sync.queue_moves import BY_HAND
from movie_sync.shows import show_items
from tests import make
from tests.test_errands import Ear, House, titles

ADDED, FAILED = ("show_added",), ("show_failed",)


@pytest.fixture
def ear():
    return Ear()


@pytest.fixture
def make_house(tmp_path, ear):
    houses = []

    def made(events=(*ADDED, *FAILED), **settings):
        houses.append(House(tmp_path, ear, events=events, **settings))
        houses[-1].run()
        return houses[-1]

    yield made
    for house in houses:
        house.queue.close()


def put(house, *numbers, rule="korean drama"):
    shows = [make.show(number, premiered_on=None) for number in numbers]
    now = house.clock.now
    house.queue.put_many([show_items.of(one, rule, "main", now, default=True) for one in shows])


def add(house, outcome="added"):
    item = house.queue.take("show")
    house.queue.complete(item.id, data={**item.data, "outcome": outcome})


def refuse(house, why='Sonarr "main": there is no series with that TVDB id'):
    item = house.queue.take("show")
    house.queue.fail(item.id, why, None, permanent=True)


def test_the_shows_of_one_pass_are_one_notice(make_house, ear):
    house = make_house()
    put(house, 1, 2)
    put(house, 3, rule="anime")
    for _ in range(3):
        add(house)
        house.run(seconds=10)
    house.run(hours=1)
    assert titles(ear) == ["Added to Sonarr: 3 shows"]
    [notice] = ear.heard
    assert notice.text == "korean drama: Show 1, Show 2\nanime: Show 3"
    assert not notice.urgent
    assert [show["tvmaze_id"] for show in notice.shows] == [1, 2, 3]
    assert notice.shows[0]["url"].startswith("https://www.tvmaze.com/shows/1")


def test_one_show_is_told_by_its_name(make_house, ear):
    house = make_house(page_url="http://nas:5000/")
    put(house, 1)
    add(house)
    house.run()
    assert titles(ear) == ["Added to Sonarr: Show 1"]
    assert ear.heard[0].link == "http://nas:5000/shows/all?state=added"


def test_what_was_added_before_an_outage_is_told_while_others_still_wait(make_house, ear):
    house = make_house()
    put(house, 1, 2)
    add(house)
    house.run()
    assert titles(ear) == []
    house.run(minutes=1)
    assert titles(ear) == ["Added to Sonarr: Show 1"]
    add(house)
    house.run()
    assert titles(ear)[1:] == ["Added to Sonarr: Show 2"]


def test_a_pass_without_end_is_told_every_half_hour(make_house, ear):
    house = make_house()
    put(house, *range(1, 100))
    for _ in range(62):
        add(house)
        house.run(seconds=30)
    assert titles(ear) == ["Added to Sonarr: 61 shows"]


def test_what_sonarr_had_already_is_no_news(make_house, ear):
    house = make_house()
    put(house, 1)
    add(house, outcome="exists")
    house.run(hours=1)
    assert titles(ear) == []


def test_shows_that_sonarr_does_not_take_are_told_with_the_reason_of_each(make_house, ear):
    house = make_house(events=NEEDS_YOU)
    put(house, 1, 2)
    refuse(house)
    refuse(house, 'Sonarr "main": its title is used already')
    house.run()
    [notice] = ear.heard
    assert (notice.event, notice.title) == ("show_failed", "Sonarr did not take 2 shows")
    assert notice.urgent
    assert notice.text == (
        'Show 1: Sonarr "main": there is no series with that TVDB id\n'
        'Show 2: Sonarr "main": its title is used already\n'
        '"shows approve" tries it again.'
    )


def test_what_a_person_took_out_is_no_failure(make_house, ear):
    house = make_house()
    put(house, 1, 2)
    [first, second] = house.queue.iter(State.PENDING)
    house.queue.remove(first.id, by=BY_HAND)
    house.queue.fail(second.id, "skipped by hand", None, permanent=True)
    house.run(hours=1)
    assert titles(ear) == []


def test_adds_are_not_told_unless_a_person_wants_them(make_house, ear):
    house = make_house(events=NEEDS_YOU)
    put(house, 1)
    add(house)
    house.run(hours=1)
    assert titles(ear) == []


def test_a_restart_between_two_adds_keeps_the_first(make_house, ear):
    house = make_house()
    put(house, 1, 2)
    add(house)
    house.run()
    house.again()
    add(house)
    house.run()
    house.again()
    house.run(hours=1)
    assert titles(ear) == ["Added to Sonarr: 2 shows"]


def test_a_crash_before_the_mark_moved_doubles_no_notice(make_house, ear):
    house = make_house()
    put(house, 1)
    add(house)
    house.errands._notices.of_shows(house.queue.changed_since(0)[1], house.queue, house.clock.now)
    house.again()
    house.run()
    house.run(hours=1)
    assert titles(ear) == ["Added to Sonarr: Show 1"]


def test_a_notice_with_shows_is_the_same_after_it_was_stored(make_house, ear):
    house = make_house()
    put(house, 1)
    add(house)
    house.run()
    [notice] = ear.heard
    assert msgspec.convert(msgspec.to_builtins(notice), type(notice)) == notice


def test_the_day_names_shows_that_were_added(make_house, ear):
    house = make_house(events=(), digest_at="08:00")
    put(house, 1)
    add(house)
    house.run(hours=22)
    assert "added to Sonarr: Show 1" in ear.heard[0].text


def test_an_outage_of_sonarr_is_told_once_however_many_workers_miss_it(make_house, ear):
    house = make_house(events=NEEDS_YOU)
    error = Unavailable("sonarr.main", "no answer in 15 s")

    def ask():
        raise error

    with pytest.raises(Unavailable):
        Breaker(house.home, "sonarr.main", clock=house.clock.timestamp).call(ask)
    later = timedelta(hours=7)
    house.errands._trouble = lambda: [
        Trouble(sentence=str(error), name=name, cause="Unavailable", since=house.clock.now - later)
        for name in ("shows", "adding")
    ]
    house.run(hours=7)
    assert [notice.text for notice in ear.heard] == [
        "sonarr.main: no answer in 15 s. See that it runs, and that its address is right."
    ]
