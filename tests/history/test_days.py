from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.errors import ConfigError
from movie_sync.history.days import day_of, local_day, noon, zone_named
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind

ZONES = (
    "UTC", "Europe/Berlin", "America/St_Johns", "America/Sao_Paulo", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Casablanca",
)  # fmt: skip
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(1971, 1, 1), date(2036, 12, 31))
HEAT = Work(kind=Kind.FILM, title="Heat")


def play(at, zone=None):
    return Play(key="1", source="hand", work=HEAT, watched_at=at, zone=zone)


@given(days, st.none() | zones)
def test_noon_lies_on_its_day_wherever_it_is(day, zone):
    assert local_day(noon(day, zone), zone) == day


@given(days, zones, st.integers(0, 23))
def test_each_hour_of_a_day_is_of_that_day_also_when_the_clocks_change(day, zone, hour):
    there = datetime(day.year, day.month, day.day, hour, 30, tzinfo=zone)
    told = there.astimezone(UTC)
    skipped = told.astimezone(zone).hour != hour
    assert skipped or local_day(told, zone) == day


def test_a_day_that_a_zone_left_out_is_the_next_one():
    apia = ZoneInfo("Pacific/Apia")
    assert local_day(noon(date(2011, 12, 30), apia), apia) == date(2011, 12, 31)


def test_the_day_is_not_that_of_utc():
    late = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    assert local_day(late, ZoneInfo("Europe/Berlin")) == date(2026, 1, 6)
    assert local_day(late, ZoneInfo("America/New_York")) == date(2026, 1, 5)


def test_summer_time_moves_midnight():
    before_midnight_in_winter = timedelta(hours=22, minutes=30)
    berlin = ZoneInfo("Europe/Berlin")
    winter = datetime(2026, 1, 5, tzinfo=UTC) + before_midnight_in_winter
    summer = datetime(2026, 7, 5, tzinfo=UTC) + before_midnight_in_winter
    assert (local_day(winter, berlin).day, local_day(summer, berlin).day) == (5, 6)


def test_a_play_has_the_day_of_where_it_was_watched():
    late = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    assert day_of(play(late), ZoneInfo("UTC")) == date(2026, 1, 5)
    assert day_of(play(late, "Asia/Tokyo"), ZoneInfo("UTC")) == date(2026, 1, 6)
    assert day_of(play(late, "Asia/Nowhere"), ZoneInfo("UTC")) == date(2026, 1, 5)
    assert day_of(play(None), ZoneInfo("UTC")) is None


@pytest.mark.parametrize("name", ["Europe/Nowhere", "../etc/passwd", "/etc/passwd", "Europe", "\0"])
def test_a_zone_that_there_is_not_is_named(name):
    with pytest.raises(ConfigError, match="is no time zone that is known here"):
        zone_named(name)


def test_no_zone_is_that_of_the_machine():
    assert zone_named("") is None
    assert zone_named("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")
