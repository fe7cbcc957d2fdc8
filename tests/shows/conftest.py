import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from movie_sync.db import Database
from movie_sync.shows.store import ShowStore
from tests.shows.postgresql import Cluster, binaries


@pytest.fixture(scope="session")
def cluster(tmp_path_factory) -> Iterator[Cluster]:
    """A PostgreSQL of its own, for as long as the tests run."""
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: the store is NOT tested with it")
    with Cluster(folder) as started:
        yield started


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory) -> Path:
    """A new database, to be copied: its tables are made but once."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    Database(path, backup=None).close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request, tmp_path: Path) -> Iterator[Database]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("empty_library"), tmp_path / "library.db")
        opened = Database(path, backup=None)
    else:
        url, password = request.getfixturevalue("cluster").new_database()
        opened = Database(url, backup=None, password=password)
    yield opened
    opened.close()


@pytest.fixture
def store(db: Database) -> ShowStore:
    return ShowStore(db)
