import threading

import pytest

from movie_sync.errors import BadAnswer, Unavailable
from movie_sync.films.asking import Rested, ask_all, latest
from tests import make
from tests.fakes import FakeIndexer

FILM = make.film()
DOWN = Unavailable("b", "did not answer within 15 s")


def test_all_indexers_are_asked_and_their_releases_come_together():
    one, two = FakeIndexer(make.release(id="1"), name="a"), FakeIndexer(make.release(id="2"))
    answer = ask_all([one, two], FILM)
    assert [release.id for release in answer.releases] == ["1", "2"]
    assert (answer.asked, answer.silent, answer.complete) == (("a", "fake"), (), True)


def test_they_are_asked_at_the_same_time():
    both = threading.Barrier(2, timeout=60)

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


def test_of_outages_the_one_that_is_over_first_is_told():
    long, short = Unavailable("a", "down", 900), Unavailable("b", "down", 15)
    with pytest.raises(Unavailable) as caught:
        ask_all([FakeIndexer(error=long), FakeIndexer(error=short)], FILM)
    assert caught.value.retry_after_s == 15


def test_an_indexer_that_fails_is_left_alone_by_searches_and_by_who_looks_for_news():
    indexer = FakeIndexer(error=DOWN, name="b")
    rested = Rested(indexer, clock=lambda: 0.0)
    for ask in (rested.latest, lambda: rested.search(FILM), rested.latest):
        with pytest.raises(Unavailable, match="did not answer within 15 s"):
            ask()
    assert (rested.name, indexer.asked) == ("b", ["latest"])


def test_a_person_who_asks_how_it_is_is_told_now():
    indexer = FakeIndexer(error=DOWN)
    rested = Rested(indexer, clock=lambda: 0.0)
    with pytest.raises(Unavailable):
        rested.search(FILM)
    indexer.error = None
    assert rested.check() == "well"
    assert rested.search(FILM) == []
