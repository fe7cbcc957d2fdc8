import pytest

from movie_sync.db import Database
from movie_sync.library.store import LibraryStore


@pytest.fixture
def store(db: Database) -> LibraryStore:
    return LibraryStore(db)
