from datetime import timedelta

import pytest

from movie_sync.errors import Away, ConfigError, NotAuthorised, Unavailable
from movie_sync.library.rounds import (
    AWAY_AGAIN,
    IDLE_S,
    LOGIN_AGAIN,
    PART_AGAIN,
    WRITTEN_AGAIN,
    Place,
    Rounds,
)
from movie_sync.library.rows import SourceRow
from movie_sync.library_settings import Source
from tests.make import NOON

HOUR = timedelta(hours=1)


def place(name, hours=12.0):
    return Place(name, "folder", Source(path=f"/{name}", hours=hours), lambda remembered: None)


def row(name="films", *, at=NOON, problem=None, complete=True):
    return SourceRow(
        id=1, name=name, kind="folder", last_scan_at=at, problem=problem,
        last_complete_at=at if complete else None,
    )  # fmt: skip


def rounds(*names):
    return Rounds({name: place(name) for name in names or ("films",)})


def name_of(turn):
    return turn and turn.place.name


def test_what_was_never_looked_at_is_due_and_what_was_is_so_after_its_hours():
    of = rounds()
    assert name_of(of.next({}, NOON)) == "films"
    known = {"films": row()}
    assert of.next(known, NOON + 11 * HOUR) is None
    assert name_of(of.next(known, NOON + 12 * HOUR)) == "films"


def test_a_wish_goes_before_all_and_is_fulfilled_once():
    of, known = rounds("films", "nas"), {"films": row(), "nas": row("nas")}
    of.wish(["nas"], accept=True)
    turn = of.next(known, NOON)
    assert (turn.place.name, turn.only, turn.accept) == ("nas", None, True)
    assert of.next(known, NOON) is None


@pytest.mark.parametrize(("error", "wait"), [
    (Away("it is away"), AWAY_AGAIN), (Unavailable("plex", "no answer"), AWAY_AGAIN),
    (NotAuthorised("plex", "refused"), LOGIN_AGAIN), (ConfigError("wrong"), LOGIN_AGAIN),
])  # fmt: skip
def test_a_source_that_failed_is_tried_again_later_and_holds_up_no_other(error, wait):
    of = rounds("films", "nas")
    of.failed("films", error, NOON)
    assert name_of(of.next({}, NOON)) == "nas"
    known = {"nas": row("nas")}
    assert of.next(known, NOON + wait - HOUR / 100) is None
    assert name_of(of.next(known, NOON + wait)) == "films"


def test_a_look_that_left_a_part_out_is_no_reason_to_look_at_once_again():
    of, known = rounds(), {"films": row(at=NOON - 20 * HOUR)}
    of.ended("films", NOON, complete=False)
    assert of.next(known, NOON) is None
    assert name_of(of.next(known, NOON + PART_AGAIN)) == "films"


def test_a_problem_that_the_last_run_of_the_program_left_is_looked_at_soon():
    known = {"films": row(problem="it is away")}
    assert rounds().next(known, NOON) is None
    assert name_of(rounds().next(known, NOON + AWAY_AGAIN)) == "films"


def test_a_clock_that_was_put_back_has_everything_looked_at():
    assert name_of(rounds().next({"films": row(at=NOON + HOUR)}, NOON)) == "films"


def test_changed_folders_are_looked_at_together_and_alone():
    of, known = rounds(), {"films": row()}
    of.note("films", ["/films/a"])
    of.note("films", ["/films/b"])
    assert of.next(known, NOON).only == {"/films/a", "/films/b"}
    of.note("films", ["/films/a"])
    of.note("films", None)
    assert of.next(known, NOON).only is None
    of.note("gone", ["/x"])
    assert of.next(known, NOON) is None


def test_what_is_being_written_is_looked_at_soon_again_and_nothing_else_with_it():
    of, known = rounds(), {"films": row()}
    of.being_written("films", ["/films/New/New.mkv"], NOON)
    assert of.next(known, NOON) is None
    assert of.idle_s(known, NOON) == WRITTEN_AGAIN.total_seconds()
    assert of.next(known, NOON + WRITTEN_AGAIN).only == {"/films/New"}
    assert of.idle_s(known, NOON) == IDLE_S
