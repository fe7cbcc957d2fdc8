import threading

import pytest

from movie_sync.errors import Unavailable
from movie_sync.library.flights import Flights

LONG_S = 30.0


@pytest.mark.parametrize("answer", ["yes", Unavailable("tmdb", "no answer")])
def test_all_who_come_meanwhile_get_the_one_answer(answer):
    flights, asked, come, held = Flights(), [], [], threading.Event()

    def ask():
        asked.append(1)
        held.wait(LONG_S)
        if isinstance(answer, Exception):
            raise answer
        return answer

    found = []

    def run():
        come.append(1)
        try:
            found.append(flights.share("movie:1", ask))
        except Unavailable as error:
            found.append(error)

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    while not asked or len(come) < 8:
        threading.Event().wait(0.001)
    threading.Event().wait(0.05)  # who has come is waiting by now, or nearly all are
    held.set()
    for thread in threads:
        thread.join(LONG_S)
    assert found == [answer] * 8
    assert len(asked) < 8


def test_another_question_does_not_wait():
    flights = Flights()
    assert flights.share("a", lambda: flights.share("b", lambda: "b")) == "b"


def test_what_was_answered_is_not_kept():
    flights, asked = Flights(), []
    for number in range(3):
        assert flights.share("a", lambda number=number: asked.append(number)) is None
    assert asked == [0, 1, 2]
