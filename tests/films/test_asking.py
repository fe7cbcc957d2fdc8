import logging
import threading

import pytest

from movie_sync.errors import BadAnswer, Blocked, NotAuthorised, Unavailable
from movie_sync.films.asking import LOGIN_REST_S, Rested, ask_all, latest
from tests import make
from tests.fakes import FakeIndexer

FILM = make.film()
DOWN = Unavailable("b", "did not answer within 15 s")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_all_indexers_are_asked_and_their_releases_come_together():
    one, two = FakeIndexer(make.release(id="1"), name="a"), FakeIndexer(make.release(id="2"))
    answer = ask_all([one, two], FILM)
    assert [release.id for release in answer.releases] == ["1", "2"]
    assert (answer.asked, answer.silent, answer.complete) == (("a", "fake"), (), True)


def test_they_are_asked_at_the_same_time():
    both = threading.Barrier(2, timeout=5)

    class Slow(FakeIndexer):
        def search(self, film):
            both.wait()
            return []

    assert ask_all([Slow(name="a"), Slow(name="b")], FILM).complete


def test_one_that_is_silent_is_named_and_the_answer_is_incomplete():
    answer = ask_all([FakeIndexer(make.release(), name="a"), FakeIndexer(error=DOWN)], FILM)
    assert len(answer.releases) == 1
    assert answer.silent == ("b: did not answer within 15 s",)
    assert not answer.complete


def test_where_all_are_silent_an_outage_is_told_before_other_trouble():
    with pytest.raises(Unavailable):
        ask_all([FakeIndexer(error=BadAnswer("a", "odd")), FakeIndexer(error=DOWN)], FILM)
    with pytest.raises(BadAnswer):
        ask_all([FakeIndexer(error=BadAnswer("a", "odd"))], FILM)


def test_a_silent_indexer_hides_no_newest_releases_of_others():
    assert len(latest([FakeIndexer(error=DOWN), FakeIndexer(make.release())])) == 1


def asked_at(indexer, clock, seconds):
    """At which of these times the indexer itself was asked."""
    rested, times = Rested(indexer, clock=clock), []
    for clock.now in seconds:
        before = len(indexer.asked)
        with pytest.raises(type(indexer.error)):
            rested.search(FILM)
        if len(indexer.asked) > before:
            times.append(clock.now)
    return times


def test_one_that_is_down_is_left_alone_longer_each_time():
    minutes = [minute * 60.0 for minute in range(40)]
    assert asked_at(FakeIndexer(error=DOWN), Clock(), minutes) == [0, 60, 360, 1260]


def test_its_own_wish_for_peace_is_kept():
    error = Unavailable("b", "asked us to slow down", retry_after_s=600)
    assert asked_at(FakeIndexer(error=error), Clock(), [0, 300, 599, 600]) == [0, 600]


def test_a_refused_login_is_not_tried_again_for_hours():
    times = [0, 60, LOGIN_REST_S - 1, LOGIN_REST_S]
    error = NotAuthorised("b", "login refused")
    assert asked_at(FakeIndexer(error=error), Clock(), times) == [0, LOGIN_REST_S]


def test_a_fault_about_one_film_keeps_no_other_from_being_asked():
    error = BadAnswer("b", "one row has no size")
    assert asked_at(FakeIndexer(error=error), Clock(), [0, 1, 2]) == [0, 1, 2]


def test_its_silence_and_its_return_are_told_once(caplog):
    caplog.set_level(logging.INFO)
    clock, indexer = Clock(), FakeIndexer(error=Blocked("b", "closed"), name="b")
    rested = Rested(indexer, clock=clock)
    for clock.now in (0, 100, 1000):
        with pytest.raises(Blocked):
            rested.latest()
    indexer.error, clock.now = None, 10_000.0
    assert rested.search(FILM) == []
    assert rested.search(FILM) == []
    assert caplog.messages == [
        "b: closed; the other indexers are asked without it",
        "b: answers again",
    ]
