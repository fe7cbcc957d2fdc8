from datetime import timedelta

import pytest

from movie_sync.errors import NotFound
from movie_sync.films.watchlists import Cause, Listed
from movie_sync.models import State
from movie_sync.views import sources
from tests import make

ALICE, BOB = "letterboxd:alice", "letterboxd:bob"
HELD = 'it lacks 2 of 3 films; all 3 stay as they are; if that is right, say "watchlist confirm"'


def listed(**changes):
    films = {f"letterboxd:{n}": f"film:letterboxd:{n}" for n in (1, 2, 3)}
    return Listed(**({"films": films, "read_at": make.NOON} | changes))


def test_a_list_that_was_never_read_is_told_of():
    (one,) = sources.told({}, [ALICE])
    assert (one.name, one.films, one.followed, one.read_at, one.next_at) == (
        ALICE, 0, True, None, None
    )  # fmt: skip


def test_what_is_followed_comes_first_and_what_was_comes_behind():
    found = sources.told({BOB: listed(), ALICE: listed()}, [BOB])
    assert [(one.name, one.followed) for one in found] == [(BOB, True), (ALICE, False)]


def test_a_list_that_lacks_many_films_says_so_without_the_command():
    known = listed(problem=HELD, cause=Cause.CONFIRM, absent={"letterboxd:1": 1, "letterboxd:2": 1})
    (one,) = sources.told({ALICE: known}, [ALICE])
    assert (one.held, one.absent) == (True, 2)
    assert one.problem == "it lacks 2 of 3 films; all 3 stay as they are"


def test_a_blocked_list_says_since_when():
    since = make.NOON - timedelta(days=2)
    blocked = listed(problem="answers with a challenge", problem_since=since, cause=Cause.BLOCKED)
    down = listed(problem="did not answer", problem_since=since, cause=Cause.OTHER)
    found = sources.told({ALICE: blocked, BOB: down}, [ALICE, BOB])
    assert [one.blocked_since for one in found] == [since, None]


def test_absent_films_are_named_with_who_else_wants_them(queue):
    queue.put_many([
        make.item(1, title="Nosferatu (1922)"),
        make.item(2, title="Charade (1963)", wanted_by=(ALICE, BOB)),
    ])  # fmt: skip
    known = {ALICE: listed(absent={f"letterboxd:{n}": 1 for n in (1, 2, 3)})}
    found = sources.absent(known, queue, ALICE)
    assert [(one.title, one.state, one.others) for one in found] == [
        ("Charade (1963)", State.PENDING, (BOB,)),
        ("film:letterboxd:3", None, ()),
        ("Nosferatu (1922)", State.PENDING, ()),
    ]


def test_nothing_is_told_of_a_list_that_there_is_not(queue):
    with pytest.raises(NotFound, match="nobody: there is no such watchlist"):
        sources.absent({ALICE: listed()}, queue, "nobody")
