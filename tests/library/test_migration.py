"""A database of a version without a library becomes one with it, and keeps what it holds."""

import sqlite3
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from movie_sync import history_import_tables, history_tables
from movie_sync.backup import automatic
from movie_sync.database_copy import whole
from movie_sync.db import MIGRATIONS, Database, open_database
from movie_sync.library.store import LibraryStore
from movie_sync.settings import Config
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState, Verdict
from movie_sync.tables import VERSIONS
from tests import make
from tests.library.things import NOON, found

assert history_import_tables  # so that all tables are known
BEFORE = VERSIONS[:1]  # of the version that had no library


@pytest.fixture
def older(tmp_path: Path) -> dict:
    """The migrations as far as they went before there was a library."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for part in ("env.py", "versions/0001_shows.py"):
        (folder / part).write_text((MIGRATIONS / part).read_text())
    return {"backup": None, "migrations": folder, "versions": BEFORE}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request, tmp_path: Path):
    if request.param == "sqlite":
        return tmp_path / "library.db", None
    return request.getfixturevalue("cluster").new_database()


def test_what_was_there_is_kept_and_the_library_is_empty(place, older):
    url, password = place
    old = Database(url, password=password, **older)
    passes = Verdict(ShowState.PENDING, "mine", "passes", "fits mine")
    ShowStore(old).save([make.show()], {1: passes}, NOON)
    old.close()
    db = Database(url, backup=None, password=password)
    assert ShowStore(db).get(1)[0] == make.show()
    store = LibraryStore(db)
    assert store.counts().files == 0
    store.save_found("films", [found()], NOON)
    assert store.counts().files == 1
    with db.read() as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection), history_tables.metadata) == []
        )
    db.close()


def test_a_backup_takes_the_library_along(tmp_path, older):
    path = tmp_path / "library.db"
    Database(path, **older).close()
    db = open_database(tmp_path, Config())
    LibraryStore(db).save_found("films", [found()], NOON)
    (before,) = automatic(tmp_path)
    with zipfile.ZipFile(before) as archive:
        assert "library.db" in archive.namelist()
    with whole(path) as copy:
        (tmp_path / "copy.db").write_bytes(copy.read())
    db.close()
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        rows = connection.execute("SELECT path FROM assets").fetchall()
    connection.close()
    assert rows == [(found().path,)]
