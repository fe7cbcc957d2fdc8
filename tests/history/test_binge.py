from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movie_sync.history.binge import MOST_A_DAY, first_plays, sessions, spread
from movie_sync.history.days import day_of, local_day, noon
from movie_sync.history_models import Play, Work
from movie_sync.library_models import Kind

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 1, 10, 18, tzinfo=UTC)
AIRED = date(2020, 3, 1)
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
).map(ZoneInfo)
FIRST = datetime(2025, 10, 20, tzinfo=UTC)  # the clocks go back in these days
moments = st.integers(0, 16 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
some = settings(max_examples=40)


def episode(number, at=EVENING, season=1, key=None, zone=None):
    work = Work(kind=Kind.SHOW, title="Taxi Driver", season=season, episode=number)
    named = key or f"trakt:{season}{number:03}"
    return Play(key=named, source="trakt", work=work, watched_at=at, zone=zone)


def film(at, key):
    work = Work(kind=Kind.FILM, title="Heat")
    return Play(key=key, source="trakt", work=work, watched_at=at)


def aired(count, season=1):
    return {(season, number): AIRED + timedelta(weeks=number) for number in range(1, count + 1)}


def days_of(plays, zone=BERLIN):
    return [day_of(play, zone) for play in plays]


def test_four_episodes_of_a_day_keep_their_dates():
    plays = [episode(number) for number in range(1, 5)]
    assert spread(plays, aired(4), BERLIN) == plays


def test_five_episodes_of_a_day_get_their_air_dates():
    plays = [episode(number) for number in range(1, 6)]
    found = spread(plays, aired(5), BERLIN)
    assert days_of(found) == [AIRED + timedelta(weeks=number) for number in range(1, 6)]
    assert all(play.day_only for play in found)
    assert [play.key for play in found] == [play.key for play in plays]


def test_an_episode_without_an_air_date_keeps_its_own():
    plays = [episode(number) for number in range(1, 6)]
    found = spread(plays, aired(4), BERLIN)
    assert found[-1] == plays[-1]
    assert days_of(found)[:4] == [AIRED + timedelta(weeks=number) for number in range(1, 5)]


@pytest.mark.parametrize("ahead", [0, 1, 400])
def test_an_air_date_on_or_after_the_day_of_the_play_is_not_taken(ahead):
    plays = [episode(number) for number in range(1, 6)]
    dates = aired(5) | {(1, 3): EVENING.date() + timedelta(days=ahead)}
    assert plays[2] in spread(plays, dates, BERLIN)


def test_the_day_is_that_of_the_person():
    around_midnight = [episode(number, EVENING + timedelta(hours=number)) for number in range(1, 7)]
    dates = aired(6)
    assert spread(around_midnight, dates, ZoneInfo("UTC"))[0].day_only
    assert spread(around_midnight, dates, BERLIN) == around_midnight


def test_the_day_on_which_the_clocks_go_back_is_one_day_of_25_hours():
    first = datetime(2025, 10, 25, 22, 5, tzinfo=UTC)  # 00:05 there
    plays = [episode(number, first + timedelta(hours=6 * (number - 1))) for number in range(1, 6)]
    assert set(days_of(plays)) == {date(2025, 10, 26)}
    assert all(play.day_only for play in spread(plays, aired(5), BERLIN))


def test_an_episode_that_was_seen_five_times_a_day_is_one():
    plays = [episode(1, EVENING + timedelta(minutes=at), key=f"trakt:{at}") for at in range(5)]
    assert spread(plays, aired(5), BERLIN) == plays[:1]


def test_specials_count_unless_told_otherwise():
    plays = [episode(number) for number in range(1, 5)] + [episode(1, season=0)]
    dates = aired(5) | {(0, 1): AIRED}
    assert all(play.day_only for play in spread(plays, dates, BERLIN))
    assert not any(play.day_only for play in spread(plays, dates, BERLIN, specials=False))


def test_specials_of_a_day_over_the_limit_are_given_their_air_dates_too():
    plays = [episode(number) for number in range(1, 6)] + [episode(1, season=0)]
    found = spread(plays, aired(5) | {(0, 1): AIRED}, BERLIN, specials=False)
    assert len(found) == 6
    assert all(play.day_only for play in found)


def test_the_earliest_date_of_an_episode_is_kept():
    early, late = episode(1, EVENING, key="a"), episode(1, EVENING + timedelta(days=9), key="b")
    undated = episode(1, None, key="c")
    assert spread([undated, late, early], {}, BERLIN) == [early]
    assert spread([undated], {}, BERLIN) == [undated]


def test_plays_without_a_date_make_no_binge():
    plays = [episode(number, None) for number in range(1, 9)]
    assert spread(plays, aired(8), BERLIN) == plays


def test_a_play_that_names_no_episode_is_left_out():
    whole = Play(
        key="x", source="trakt", work=Work(kind=Kind.SHOW, title="Taxi Driver"), watched_at=EVENING
    )
    assert spread([whole], {}, BERLIN) == []


@st.composite
def histories(draw):
    numbers = st.tuples(st.integers(0, 2), st.integers(1, 9))
    told = draw(st.lists(st.tuples(numbers, st.none() | moments), max_size=25))
    plays = [
        episode(number, at, season, key=str(at_)) for at_, ((season, number), at) in enumerate(told)
    ]
    dates = draw(st.dictionaries(numbers, st.dates(date(2025, 10, 1), date(2025, 11, 30))))
    return plays, dates


@some
@given(histories(), zones, st.booleans())
def test_no_episode_is_lost_doubled_or_moved_to_a_later_day(history, zone, specials):
    plays, dates = history
    found = spread(plays, dates, zone, specials=specials)
    first = first_plays(plays)
    by_key = {play.key: play for play in plays}
    assert sorted(play.key for play in found) == sorted(play.key for play in first.values())
    for play in found:
        told = by_key[play.key]
        number = (play.work.season, play.work.episode)
        if play != told:
            assert play.day_only
            assert day_of(play, zone) == dates[number] < day_of(told, zone)


@some
@given(histories(), zones)
def test_a_day_that_is_left_over_the_limit_had_no_air_dates_to_give(history, zone):
    plays, dates = history
    found = spread(plays, dates, zone)
    kept = [play for play in found if not play.day_only and play.watched_at]
    for day in {day_of(play, zone) for play in kept}:
        there = [play for play in kept if day_of(play, zone) == day]
        told = [play for play in first_plays(plays).values() if day_of(play, zone) == day]
        if len(told) > MOST_A_DAY:
            numbers = [(play.work.season, play.work.episode) for play in there]
            assert all(dates.get(number, day) >= day for number in numbers)


@some
@given(histories(), zones)
def test_done_twice_is_as_done_once(history, zone):
    plays, dates = history
    once = spread(plays, dates, zone)
    again = spread(once, {}, zone)
    assert again == once


# Films


def test_rewatches_on_other_days_are_all_kept():
    plays = [film(EVENING + timedelta(days=day), str(day)) for day in (400, 0, 30)]
    assert [play.key for play in sessions(plays, BERLIN)] == ["0", "30", "400"]


def test_a_film_has_one_session_a_local_day():
    plays = [film(EVENING + timedelta(hours=hour), str(hour)) for hour in (0, 2, 5)]
    assert [play.key for play in sessions(plays, ZoneInfo("UTC"))] == ["0"]
    assert [play.key for play in sessions(plays, BERLIN)] == ["0", "5"]


def test_a_day_that_the_history_has_is_no_new_session():
    plays = [film(EVENING, "a"), film(EVENING + timedelta(days=1), "b"), film(None, "c")]
    known = [local_day(EVENING, BERLIN)]
    assert [play.key for play in sessions(plays, BERLIN, known)] == ["b"]


def test_a_play_without_a_date_counts_only_alone():
    assert [play.key for play in sessions([film(None, "a"), film(None, "b")], BERLIN)] == ["a"]
    assert [play.key for play in sessions([film(None, "a"), film(EVENING, "b")], BERLIN)] == ["b"]


@some
@given(st.lists(moments, max_size=30), zones)
def test_each_day_of_a_film_is_there_once(times, zone):
    plays = [film(at, str(number)) for number, at in enumerate(times)]
    found = days_of(sessions(plays, zone), zone)
    assert found == sorted({local_day(at, zone) for at in times})


def test_an_air_date_is_noon_where_the_person_lives():
    plays = [episode(number, zone="Asia/Tokyo") for number in range(1, 6)]
    found = spread(plays, aired(5), BERLIN)
    assert found[0].watched_at == noon(AIRED + timedelta(weeks=1), BERLIN)
    assert found[0].zone is None
