from datetime import date

import pytest

from movie_sync.errors import BadAnswer, Blocked, Refused, Unavailable
from movie_sync.films.identity import LeftAlone, look_up
from tests import make
from tests.fakes import FakeFacts

FILM = make.film()
KNOWN = make.film(imdb_id="tt0000001")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def asked_at(error, clock, minutes):
    """The minutes at which a source that fails so is really asked, if somebody wants to always."""
    facts = FakeFacts(error=error)
    source, found = LeftAlone(facts, monotonic=clock), []
    for minute in range(minutes):
        clock.now, before = minute * 60.0, len(facts.asked)
        look_up([source], FILM, make.NOON.date())
        if len(facts.asked) > before:
            found.append(minute)
    return found


def test_a_closed_door_is_knocked_at_ever_more_rarely(clock):
    assert asked_at(Blocked("x", "closed"), clock, 500) == [0, 15, 45, 105, 225, 465]


def test_a_source_that_is_down_is_left_alone_for_a_while(clock):
    assert asked_at(Unavailable("x", "down"), clock, 40) == [0, 1, 2, 7, 22]
    assert asked_at(Unavailable("x", "slow down", 600), clock, 12) == [0, 10]


def test_an_odd_page_of_one_film_says_nothing_of_the_next(clock):
    assert asked_at(BadAnswer("x", "odd"), clock, 3) == [0, 1, 2]


def test_an_answer_ends_the_caution(clock):
    facts = FakeFacts(KNOWN, error=Blocked("x", "closed"))
    source = LeftAlone(facts, monotonic=clock)
    for clock.now in (0, 900):
        look_up([source], FILM, make.NOON.date())
    facts.error = None
    clock.now = 900 + 1800
    assert look_up([source], FILM, make.NOON.date()) == KNOWN
    facts.error = Blocked("x", "closed")
    look_up([source], FILM, make.NOON.date())
    facts.error = None
    clock.now += 900
    assert look_up([source], FILM, make.NOON.date()) == KNOWN


def test_the_next_source_is_asked_where_one_cannot_tell():
    sources = [FakeFacts(error=Blocked("x", "closed")), FakeFacts(), FakeFacts(KNOWN)]
    assert look_up(sources, FILM, make.NOON.date()) == KNOWN


def test_a_film_whose_id_is_known_is_not_asked_about():
    facts = FakeFacts()
    assert look_up([facts], KNOWN, make.NOON.date()) == KNOWN
    assert facts.asked == []


def test_that_it_is_a_series_is_passed_on():
    with pytest.raises(Refused):
        look_up([LeftAlone(FakeFacts(error=Refused("x", "is a series")))], FILM, make.NOON.date())


def test_a_date_that_lies_ahead_is_asked_for_anew():
    class Dates(FakeFacts):
        adds = ("home_release_on",)

    source, today = Dates(), make.NOON.date()
    for day, asked in ((date(2026, 1, 4), 0), (today, 0), (date(2026, 1, 6), 1), (None, 2)):
        look_up([source], make.film(home_release_on=day), today)
        assert len(source.asked) == asked
