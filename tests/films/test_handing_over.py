from dataclasses import replace

import pytest

from movie_sync.errors import BadAnswer, ConfigError, MovieSyncError, Unavailable
from movie_sync.films.items import item_of
from movie_sync.films.search import search_next
from movie_sync.giving import Given, Outcome
from movie_sync.models import Film, State
from tests import make


class FakeTarget:
    """Answers each film with this, or raises it."""

    name = "radarr"

    def __init__(self, answer: Given | MovieSyncError) -> None:
        self.answer = answer
        self.films: list[Film] = []

    def add(self, film: Film) -> Given:
        self.films.append(film)
        if isinstance(self.answer, MovieSyncError):
            raise self.answer
        return self.answer

    def check(self) -> str:
        return "answers"


ID = "film:letterboxd:1"


def with_target(parts, answer, **changes):
    parts.queue.put_many([item_of(make.film(**changes), "letterboxd:alice", make.NOON)])
    return replace(parts, target=FakeTarget(answer))


@pytest.mark.parametrize("outcome", [Outcome.ADDED, Outcome.EXISTS])
def test_a_film_goes_to_radarr_in_place_of_the_indexers(parts, outcome):
    parts = with_target(parts, Given(outcome, 7), tmdb_id=949)
    assert search_next(parts, make.NOON)
    state, item = parts.queue.get(ID)
    assert (state, item.data["how"], item.data["radarr_id"]) == (
        State.COMPLETED, "given to Radarr", 7,
    )  # fmt: skip
    assert parts.indexers[0].asked == []
    assert parts.target.films[0].tmdb_id == 949
    assert parts.stories.read(ID)[-1].what == "handed over"


def test_a_film_that_is_not_out_yet_is_radarrs_to_wait_for(parts):
    parts = with_target(parts, Given(Outcome.ADDED), year=2031)
    search_next(parts, make.NOON)
    assert parts.queue.get(ID)[0] is State.COMPLETED


@pytest.mark.parametrize(
    "error",
    [Unavailable("radarr", "x"), BadAnswer("radarr", "a page"), ConfigError("set radarr.url")],
)
def test_an_outage_uses_up_no_attempt_and_the_film_waits(parts, error):
    parts = with_target(parts, error)
    with pytest.raises(Unavailable if isinstance(error, BadAnswer) else type(error)):
        search_next(parts, make.NOON)
    state, item = parts.queue.get(ID)
    assert (state, item.attempts) == (State.PENDING, 0)


def test_a_film_that_radarr_does_not_take_fails_with_its_words(parts):
    parts = with_target(parts, Given(Outcome.UNKNOWN, None, "nobody knows it"))
    search_next(parts, make.NOON)
    state, item = parts.queue.get(ID)
    assert (state, item.attempts, item.last_error) == (State.FAILED, 1, "radarr: nobody knows it")


def test_a_film_that_lies_in_the_library_is_not_given_away(parts):
    parts = with_target(parts, Given(Outcome.ADDED))
    film = parts.library_folder / "Film 1 (1999)" / "Film 1 (1999).mkv"
    film.parent.mkdir()
    film.write_bytes(b"x")
    parts.library.add(make.film(), film)
    search_next(parts, make.NOON)
    assert parts.target.films == []
    assert parts.queue.get(ID)[1].data["how"] == "already there"
