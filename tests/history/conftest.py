from datetime import UTC

import pytest

from movie_sync.history.store import HistoryStore
from tests.history.imports import House


@pytest.fixture
def store(db):
    return HistoryStore(db, UTC)


@pytest.fixture
def house(db):
    """With a film, two shows, and a Trakt of somebody who watched them."""
    made = House(db)
    made.world.film(28, "Heat", 1995, imdb="tt0113277", tmdb=949)
    made.world.film(29, "Ronin", 1998, imdb="tt0122690", tmdb=8195)
    made.world.show(7, "Dark", 2017, {0: 2, 1: 10, 2: 8}, tmdb=70523, tvdb=334824)
    made.world.show(8, "Lost", 2004, {1: 25}, tmdb=4607)
    return made
