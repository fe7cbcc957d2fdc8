from datetime import timedelta

import pytest

from movie_sync.films.stalls import Stall, restored, to_note
from movie_sync.models import Phase, Transfer
from tests import make

DAY = timedelta(hours=24)


def looks(*seen, stall=None, every_s=60.0, begin=0.0):
    """Look again and again, each time at a phase and a progress."""
    stall = stall or Stall()
    for number, (phase, progress) in enumerate(seen):
        transfer = Transfer(handle="a" * 40, name="x", phase=Phase(phase), progress=progress)
        stall = stall.look(transfer, make.NOON + timedelta(seconds=begin + every_s * number))
    return stall


def test_time_counts_from_the_first_look_that_brought_nothing():
    stall = looks(("stalled", 0.4), ("stalled", 0.4), ("stalled", 0.4))
    assert (stall.for_s, stall.since) == (120.0, make.NOON)


def test_what_a_client_calls_it_does_not_matter():
    assert looks(("stalled", 0.4), ("loading", 0.4), ("stalled", 0.4)).for_s == 120.0


def test_a_byte_begins_it_anew():
    assert looks(("stalled", 0.4), ("stalled", 0.4), ("stalled", 0.4000001)).for_s == 0.0


def test_what_a_failed_check_takes_back_and_gives_again_is_no_progress():
    # A piece that is loaded, found damaged and thrown away, over and over.
    assert (
        looks(("loading", 0.4), ("loading", 0.39), ("loading", 0.4), ("loading", 0.39)).for_s == 180
    )


@pytest.mark.parametrize("phase", ["paused", "queued", "broken", "done"])
def test_time_in_which_it_could_get_nothing_does_not_count(phase):
    stall = looks(("stalled", 0.4), ("stalled", 0.4), (phase, 0.4), (phase, 0.4), ("stalled", 0.4),
                  ("stalled", 0.4))  # fmt: skip
    assert (stall.for_s, stall.since) == (120.0, make.NOON)


def test_a_download_that_is_moved_to_its_place_is_not_stalled():
    assert looks(("loading", 1.0), ("loading", 1.0)).for_s == 0.0


def test_a_check_that_shows_all_of_it_for_a_moment_is_no_measure():
    stall = looks(("queued", 1.0), ("loading", 0.4), ("loading", 0.41))
    assert (stall.for_s, stall.progress) == (0.0, 0.41)


def test_a_machine_that_slept_for_a_night_did_not_wait():
    assert looks(("stalled", 0.4), ("stalled", 0.4), every_s=8 * 3600).for_s == 600.0


def test_a_clock_that_is_set_back_takes_nothing_away():
    stall = looks(("stalled", 0.4), ("stalled", 0.4))
    assert looks(("stalled", 0.4), stall=stall, begin=-3600).for_s == 60.0


def test_the_time_without_the_client_does_not_count():
    stall = looks(("stalled", 0.4), ("stalled", 0.4)).rest()
    assert looks(("stalled", 0.4), ("stalled", 0.4), stall=stall, begin=500).for_s == 120.0


def test_it_is_noted_after_ten_minutes_and_then_every_hour():
    stall, data, noted = Stall(), {}, []
    for minute in range(200):
        stall = looks(("stalled", 0.4), stall=stall, begin=minute * 60)
        if news := to_note(stall, data, DAY):
            noted.append(minute)
            data |= news
    assert noted == [10, 70, 130, 190]
    assert data == {"stalled": {"since": "2026-01-05T12:00:00+00:00", "for_s": 11400.0,
                                "progress": 0.4}}  # fmt: skip


def test_what_was_noted_goes_on_in_another_run():
    noted = {"stalled": {"since": "2026-01-04T12:00:00+00:00", "for_s": 7200.0, "progress": 0.4}}
    stall = looks(("stalled", 0.4), ("stalled", 0.4), stall=restored(noted))
    assert (stall.for_s, stall.since) == (7260.0, make.NOON - DAY)
    assert to_note(stall, noted, DAY) == {}


def test_what_came_meanwhile_takes_the_note_away():
    noted = {"stalled": {"since": "2026-01-04T12:00:00+00:00", "for_s": 7200.0, "progress": 0.4}}
    assert to_note(looks(("stalled", 0.5), stall=restored(noted)), noted, DAY) == {"stalled": None}


def test_a_run_that_finds_less_than_there_was_counts_on_from_that():
    noted = {"stalled": {"since": "2026-01-04T12:00:00+00:00", "for_s": 7200.0, "progress": 0.4}}
    assert looks(("loading", 0.1), ("loading", 0.2), stall=restored(noted)).for_s == 0.0


@pytest.mark.parametrize("noted", [None, 5, {}, {"for_s": "x", "progress": 1, "since": "y"}])
def test_a_note_of_another_form_is_none(noted):
    assert restored({"stalled": noted}) == Stall()
