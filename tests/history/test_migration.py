"""A database of a version without a history becomes one with it, and keeps what it holds."""

from datetime import UTC
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from movie_sync import history_tables
from movie_sync.db import MIGRATIONS, Database
from movie_sync.history.rows import Saved
from movie_sync.history.store import HistoryStore
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Kind
from tests.history.things import IDS, NOON, play

BEFORE = ("0001", "0002", "0003")


@pytest.fixture
def older(tmp_path: Path) -> dict:
    """The migrations as far as they went before there was a history."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    names = [one for one in MIGRATIONS.glob("versions/*.py") if one.stem[:4] in BEFORE]
    for part in (MIGRATIONS / "env.py", *names):
        (folder / part.relative_to(MIGRATIONS)).write_text(part.read_text())
    return {"backup": None, "migrations": folder, "versions": BEFORE}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def place(request, tmp_path: Path):
    if request.param == "sqlite":
        return tmp_path / "library.db", None
    return request.getfixturevalue("cluster").new_database()


def test_what_was_owned_is_kept_and_the_history_is_empty(place, older):
    url, password = place
    old = Database(url, password=password, **older)
    facts = Facts(kind=Kind.FILM, title="Mortal Engines", year=2018, ids=IDS)
    owned = LibraryStore(old).put_title(facts, NOON)
    old.close()
    db = Database(url, backup=None, password=password)
    store = HistoryStore(db, UTC)
    assert store.counts().plays == 0
    assert store.save_plays([play()], NOON) == Saved(new=1)
    assert store.plays()[0].title_id == owned
    with db.read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, history_tables.metadata) == []
    db.close()
