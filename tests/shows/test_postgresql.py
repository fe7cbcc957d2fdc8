"""What only a server can do; everything else of the store is tried with both in test_store.py."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from movie_sync import history_tables  # noqa: F401 - all tables
from movie_sync.db import Database
from movie_sync.errors import NotAuthorised
from movie_sync.shows.store import ShowStore
from movie_sync.shows.verdict import ShowState, Verdict
from movie_sync.tables import metadata
from tests import make

pytestmark = pytest.mark.slow

PASSES = Verdict(ShowState.PENDING, "mine", "passes", "fits mine")


@pytest.fixture
def login(cluster):
    return cluster.new_database()


def opened(login):
    url, password = login
    return Database(url, backup=None, password=password)


def test_migrations_make_the_tables_that_the_code_knows(login):
    db = opened(login)
    with db.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    db.close()


def test_programs_that_start_at_the_same_time_make_the_tables_once(login):
    made = []
    threads = [threading.Thread(target=lambda: made.append(opened(login))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    for db in made:
        db.close()


def test_two_programs_that_write_at_once_take_turns(login):
    stores = [ShowStore(opened(login)) for _ in range(2)]

    def write(store):
        for n in range(1, 31):
            store.save([make.show(n)], {n: PASSES}, make.NOON, highest_id=n)

    threads = [threading.Thread(target=write, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].counts() == {"pending": 30}
    for store in stores:
        store.db.close()


def test_a_wrong_password_is_told_of_without_it(login):
    url, _ = login
    with pytest.raises(NotAuthorised, match=r"credentials set database\.password") as caught:
        opened((url, "hunter2"))
    assert "hunter2" not in str(caught.value)


def test_a_connection_that_was_cut_is_made_anew(login, cluster):
    db = opened(login)
    store = ShowStore(db)
    store.set_meta({"a": "1"})
    cluster.cut_connections()
    assert store.meta("a") == "1"
    db.close()
