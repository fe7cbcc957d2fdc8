from datetime import date

import pytest

from movie_sync.release_episodes import find

DAYS = [
    ("Show.2015.03.12.720p.HDTV", date(2015, 3, 12)),
    ("Show - 2015-03-12 - Name", date(2015, 3, 12)),
    ("Show 2011 12 05 HDTV", date(2011, 12, 5)),
    ("2015.03.12 - Show - HDTV", date(2015, 3, 12)),
    ("1999.Show.2013.04.09.HDTV", date(2013, 4, 9)),
    ("Show (1955) - 1954-01-23 - Name", date(1954, 1, 23)),
    ("Show.2012.16.02.PDTV", date(2012, 2, 16)),
    ("Show.13.03.2015.720p", date(2015, 3, 13)),
    ("Show_03.13.2015_720p", date(2015, 3, 13)),
    ("Show.05.05.2015.720p", date(2015, 5, 5)),
    ("Show 20150312 720p", date(2015, 3, 12)),
    ("Show.150312.720p.HDTV", date(2015, 3, 12)),
    ("Show 9th Nov 2021 720", date(2021, 11, 9)),
    ("Show 12 Mar 2025 1080p", date(2025, 3, 12)),
    ("Show Mar 12th, 2025", date(2025, 3, 12)),
    ("Show.2025.Mar.12.720p", date(2025, 3, 12)),
    ("Show 22nd July 2025", date(2025, 7, 22)),
    ("Show July 22nd 2014 HDTV", date(2014, 7, 22)),
    ("Show.2015.03.12.1984.720p.WEB", date(2015, 3, 12)),  # the title of an episode
    ("Show.S02E03.2019.05.06.720p", date(2019, 5, 6)),
    ("Show E76 2024 08 08 1080p", date(2024, 8, 8)),
    ("Show.E12.251019.1080p", date(2025, 10, 19)),
]
# Days that none can tell: of either of two months, or when no show was.
NO_DAYS = [
    "Show - 05-06-2024 HDTV 1080p",
    "Show.2098.10.14.HDTV",
    "Show - 1950-10-14 - Name",
    "Show.2015.13.32.HDTV",
    "Show.31.02.2015.HDTV",
]


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_a_daily_show_is_of_its_day(name, day):
    found = find(name)
    assert found
    assert found.air_date == day


@pytest.mark.parametrize("name", NO_DAYS)
def test_a_day_that_is_not_sure_is_not_guessed(name):
    assert find(name) is None
