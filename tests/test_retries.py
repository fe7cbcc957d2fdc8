from datetime import timedelta

import pytest

from movie_sync.retries import Retries, soon
from tests import make

HOURS = [timedelta(hours=hours) for hours in range(200)]


def retries(chance=0.0, **changes):
    return Retries(**changes, chance=lambda: chance)


def test_each_failure_doubles_the_wait_up_to_a_day():
    waits = [retries().after_failure(failures) for failures in range(7)]
    assert waits == [HOURS[hours] for hours in (1, 2, 4, 8, 16, 24, 24)]


def test_the_wait_begins_and_grows_as_the_person_wishes():
    waits = [
        retries(interval_s=60, multiplier=3.0).after_failure(failures) for failures in (0, 1, 2)
    ]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 3, 9)]


def test_chance_keeps_apart_what_failed_together():
    assert retries(chance=0.5).after_failure(0) == timedelta(minutes=66)
    assert retries(chance=1.0).after_failure(0) == timedelta(minutes=72)
    assert retries(chance=1.0).after_failure(9) == HOURS[24]


def test_a_wait_is_never_shorter_than_the_service_asked_for():
    assert retries().after_failure(0, least_s=7200) == HOURS[2]
    assert retries().after_failure(2, least_s=7200) == HOURS[4]


@pytest.mark.parametrize("failures", [50, 5000])
@pytest.mark.parametrize("multiplier", [1.0, 10.0, 1000.0])
def test_any_number_of_failures_is_borne(failures, multiplier):
    wait = retries(multiplier=multiplier).after_failure(failures)
    assert wait == (HOURS[1] if multiplier == 1.0 else HOURS[24])


def test_what_nobody_offers_is_looked_for_ever_more_seldom_and_never_given_up():
    waits = [retries().after_nothing_found(searches) for searches in (0, 1, 2, 3, 4, 5, 6, 500)]
    assert waits == [HOURS[hours] for hours in (6, 12, 24, 48, 72, 168, 168, 168)]


def test_who_wants_faster_retries_wants_these_faster_too_but_nobody_waits_longer():
    assert retries(interval_s=60).after_nothing_found(0) == timedelta(minutes=6)
    assert retries(interval_s=36_000).after_nothing_found(0) == HOURS[6]
    assert retries(chance=1.0).after_nothing_found(0) == timedelta(hours=7.2)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-60, "in 0 s"),
        (40, "in 40 s"),
        (119, "in 119 s"),
        (120, "in 2 min"),
        (1500, "in 25 min"),
        (7200, "in 2 h"),
        (90_000, "in 25 h"),
        (604_800, "in 7 d"),
    ],
)
def test_a_time_is_told_as_a_distance(seconds, text):
    assert soon(make.NOON + timedelta(seconds=seconds), make.NOON) == text
