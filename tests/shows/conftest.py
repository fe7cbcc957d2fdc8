import pytest

from movie_sync.db import Database
from movie_sync.shows.store import ShowStore


@pytest.fixture
def store(db: Database) -> ShowStore:
    return ShowStore(db)
