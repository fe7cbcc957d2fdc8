from datetime import date, timedelta

import pytest

from movie_sync.films.availability import not_before
from tests import make

TODAY = make.NOON.date()
WEEK = timedelta(days=7)


def coming(**facts):
    return not_before(make.film(**facts), make.NOON)


@pytest.mark.parametrize(
    "facts",
    [
        {"year": 1999},
        {"year": None},
        {"year": TODAY.year},
        {"home_release_on": TODAY},
        {"home_release_on": TODAY - WEEK, "premiered_on": TODAY + WEEK},
        {"premiered_on": TODAY},
    ],
)
def test_what_is_out_may_be_looked_for(facts):
    assert coming(**facts) is None


def test_a_film_that_can_be_had_at_home_soon_waits_for_that_day():
    at, why = coming(home_release_on=date(2026, 1, 8), premiered_on=date(2025, 11, 1))
    assert (at.date(), at.hour) == (date(2026, 1, 8), 0)
    assert why == "it can be had at home from 2026-01-08 on; looked for from then on"


def test_a_film_that_nobody_has_seen_yet_waits_for_its_premiere():
    at, why = coming(premiered_on=date(2026, 1, 9), year=2026)
    assert at.date() == date(2026, 1, 9)
    assert why == "it is first shown on 2026-01-09; looked for from then on"


def test_dates_far_ahead_are_asked_for_anew_each_week():
    at, why = coming(year=2028)
    assert at == make.NOON + WEEK
    assert why == "it is a film of 2028; looked for from then on"
