import json
import sqlite3
import threading
import time
import zipfile
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from movie_sync import config, history_tables  # noqa: F401 - all tables
from movie_sync.backup import automatic, backup_before
from movie_sync.db import MIGRATIONS, Database, open_database
from movie_sync.errors import ConfigError, FilesError, Unavailable
from movie_sync.settings import Config
from movie_sync.tables import VERSIONS, meta, metadata


@pytest.fixture
def path(tmp_path):
    return tmp_path / "library.db"


def opened(path: Path, **options) -> Database:
    return Database(path, **({"backup": None} | options))


def put(db: Database, key: str, value: str = "") -> None:
    with db.write() as connection:
        connection.execute(meta.insert().values(key=key, value=value))


def keys(db: Database) -> set[str]:
    with db.read() as connection:
        return set(connection.execute(meta.select()).scalars())


def with_another_step(folder: Path, body: str) -> Path:
    """The migrations, and one more."""
    made = folder / "migrations"
    (made / "versions").mkdir(parents=True)
    for part in (MIGRATIONS / "env.py", *MIGRATIONS.glob("versions/*.py")):
        (made / part.relative_to(MIGRATIONS)).write_text(part.read_text())
    lines = (
        "import sqlalchemy as sa",
        "from alembic import op",
        'revision = "new"',
        f'down_revision = "{VERSIONS[-1]}"',
        f"def upgrade():\n    {body}\n",
    )
    (made / "versions" / "new.py").write_text("\n".join(lines))
    return made


def test_migrations_make_the_tables_that_the_code_knows(path):
    db = opened(path)
    with db.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == VERSIONS[-1]
    db.close()
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert [one.revision for one in scripts.walk_revisions()] == list(reversed(VERSIONS))


def test_a_database_of_this_version_is_opened_without_a_backup_or_a_change(path):
    opened(path).close()
    before = path.read_bytes()
    asked = []
    db = opened(path, backup=asked.append, migrations=Path("/nowhere"))
    db.close()
    assert asked == []
    assert path.read_bytes() == before


def test_an_older_one_is_brought_up_to_date_after_a_backup(path, tmp_path):
    db = opened(path)
    put(db, "kept", "yes")
    db.close()
    folder = with_another_step(tmp_path, 'op.add_column("meta", sa.Column("note", sa.Text))')
    asked = []
    db = opened(path, backup=asked.append, migrations=folder, versions=(*VERSIONS, "new"))
    with db.read() as connection:
        assert connection.execute(text("SELECT value, note FROM meta")).all() == [("yes", None)]
    db.close()
    assert asked == [f"the database goes from version {VERSIONS[-1]} to new"]


def test_a_step_that_fails_leaves_everything_as_it_was(path, tmp_path):
    opened(path).close()
    body = 'op.add_column("meta", sa.Column("note", sa.Text)); op.execute("no sql")'
    folder = with_another_step(tmp_path, body)
    with pytest.raises(FilesError, match="nothing was stored"):
        opened(path, migrations=folder, versions=(*VERSIONS, "new"))
    db = opened(path)
    with db.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    db.close()


def test_without_a_backup_nothing_is_changed(path, tmp_path):
    opened(path).close()
    folder = with_another_step(tmp_path, 'op.drop_table("meta")')

    def full(why: str) -> None:
        raise FilesError("the disk is full")

    with pytest.raises(FilesError, match="the disk is full"):
        opened(path, backup=full, migrations=folder, versions=(*VERSIONS, "new"))
    db = opened(path)
    assert keys(db) == set()
    db.close()


def test_one_of_a_newer_version_is_refused_and_left_alone(path):
    opened(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(FilesError, match="written by a newer Movie Sync"):
        opened(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"this is no database at all" * 99, "not a database"), (b"", None)],
)
def test_a_file_that_is_none_is_told_of_and_an_empty_one_is_filled(path, content, what):
    path.write_bytes(content)
    if what:
        with pytest.raises(FilesError, match=what):
            opened(path)
        assert path.read_bytes() == content
    else:
        opened(path).close()


def test_a_database_of_another_program_is_not_touched(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE music (name)")
    connection.close()
    with pytest.raises(FilesError, match="of another program"):
        opened(path)


def test_what_is_written_in_one_go_is_stored_whole_or_not_at_all(path):
    db = opened(path)

    def write_two() -> None:
        with db.write() as connection:
            connection.execute(meta.insert().values(key="a", value=""))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_two()
    assert keys(db) == set()
    db.close()


def test_readers_go_on_beside_a_writer_and_writers_take_turns(path):
    db = opened(path)
    inside, go_on, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with db.write() as connection:
            connection.execute(meta.insert().values(key="a", value=""))
            inside.set()
            assert go_on.wait(60)
            order.append("first")

    def second() -> None:
        put(db, "b")
        order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert inside.wait(60)
    threads[1].start()
    assert keys(db) == set()
    go_on.set()
    for thread in threads:
        thread.join()
    assert order == ["first", "second"]
    assert keys(db) == {"a", "b"}
    db.close()


def test_another_process_that_writes_is_waited_for(path):
    db = opened(path)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO meta VALUES ('theirs', '')")
    later = threading.Timer(0.1, lambda: other.execute("COMMIT"))
    began = time.monotonic()
    later.start()
    put(db, "ours")
    assert time.monotonic() - began >= 0.09
    assert keys(db) == {"theirs", "ours"}
    later.join()
    other.close()
    db.close()


def test_a_disk_that_is_full_is_named_and_nothing_is_stored(path):
    db = opened(path)
    with db.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()

    def write_much() -> None:
        with db.write() as connection:
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
            connection.execute(meta.insert().values(key="a", value="x" * 1_000_000))

    with pytest.raises(FilesError, match="full; nothing was stored"):
        write_much()
    assert keys(db) == set()
    db.close()


def test_a_closed_one_says_so(path):
    db = opened(path)
    db.close()
    with pytest.raises(FilesError, match="closed"):
        put(db, "a")
    with pytest.raises(FilesError, match="closed"):
        keys(db)


def test_the_home_has_a_file_unless_the_settings_name_a_server(tmp_path):
    db = open_database(tmp_path, Config())
    assert db.is_sqlite
    db.close()
    assert (tmp_path / "library.db").exists()
    with pytest.raises(Unavailable, match="nothing was stored"):
        open_database(tmp_path, Config(database_url="postgresql://me@127.0.0.1:9/none"), "secret")
    with pytest.raises(ConfigError):
        open_database(tmp_path, Config(database_url="postgresql://me@host:x/none"))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hunter2@host/films",
        "postgresql://host/films?password=hunter2",
        "postgresql://host/films?sslmode=require&password=hunter2",
        "mysql://host/films",
        "host/films",
    ],
)
def test_an_address_with_a_password_is_refused_without_repeating_it(tmp_path, address):
    loaded = config.load(tmp_path, {"MOVIE_SYNC_DATABASE_URL": address}, {})
    assert loaded.config.database_url == ""
    (problem,) = loaded.problems
    assert problem.key == "database_url"
    assert "credentials set database.password" in problem.message
    assert "hunter2" not in problem.message


@pytest.mark.parametrize(
    "address", ["", "postgresql://me@host:5433/films", "postgresql://host/films?sslmode=require"]
)
def test_an_address_without_one_is_taken(tmp_path, address):
    (tmp_path / "config.json").write_text(json.dumps({"database_url": address}))
    loaded = config.load(tmp_path, {}, {})
    assert (loaded.config.database_url, loaded.problems) == (address, ())


def test_a_backup_before_a_change_holds_the_database_as_it_is_at_that_moment(tmp_path):
    db = open_database(tmp_path, Config())
    put(db, "in the log that SQLite writes ahead")
    backup_before(tmp_path, "a test")
    db.close()
    (path,) = automatic(tmp_path)
    with zipfile.ZipFile(path) as archive:
        archive.extract("library.db", tmp_path / "back")
    back = opened(tmp_path / "back" / "library.db")
    assert keys(back) == {"in the log that SQLite writes ahead"}
    back.close()
