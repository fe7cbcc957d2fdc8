from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.history.days import local_day
from movie_sync.history.reading.moments import UNKNOWN, when
from movie_sync.table_cells import Malformed

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 1, 5, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T20:15:00.000Z", "2026-01-05T20:15:00Z", "2026-01-05 20:15:00 UTC",
        "2026-01-05T21:15:00+01:00", "2026-01-05 21:15", "2026-01-05T21:15:00", "1767644100",
        "1767644100000", "1767644100.0",
    ],
)  # fmt: skip
def test_a_moment_is_read_however_it_is_written(text):
    assert when(text, BERLIN).at == EVENING
    assert not when(text, BERLIN).day_only


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31", "2026/1/31", "2026.01.31", "31.1.2026", "31.01.2026", "31/01/2026",
        "1/31/2026", "31 Jan 2026", "31. January 2026", "Jan 31, 2026", "January 31 2026",
    ],
)  # fmt: skip
def test_a_day_is_noon_there_and_says_so(text):
    found = when(text, BERLIN)
    assert (found.at, found.day) == (datetime(2026, 1, 31, 11, tzinfo=UTC), date(2026, 1, 31))


@pytest.mark.parametrize("text", ["", "unknown", "null", "0", "1970-01-01", "1970-01-01T00:00:01Z"])
def test_no_date_and_the_first_of_all_dates_are_unknown(text):
    assert when(text, BERLIN) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    ["01/02/2026", "2026-02-30", "32.1.2026", "5 Foo 2026", "yesterday", "2026", "20:15",
     "0001-01-01T00:00:00Z", "1855-01-01", "2026-01-05T25:00:00Z", "9" * 30, "12-01-05", "-1"],
)  # fmt: skip
def test_a_date_that_cannot_be_or_may_be_two_is_refused(text):
    with pytest.raises(Malformed, match=r'has the date ".*"; write it as 2026-01-31'):
        when(text, BERLIN)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(text):
    try:
        found = when(text, BERLIN)
    except Malformed:
        return
    assert found.at is None or found.at.tzinfo is UTC


minutes = st.integers(-30_000_000, 40_000_000).filter(lambda at: abs(at) > 2 * 24 * 60)


@given(minutes, st.sampled_from(["Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu"]))
def test_what_python_writes_is_read_as_it_was(at, zone):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=at)
    there = moment.astimezone(ZoneInfo(zone))
    assert when(there.isoformat(), BERLIN).at == moment
    day = local_day(moment, there.tzinfo)
    assert when(day.isoformat(), there.tzinfo).day == day
