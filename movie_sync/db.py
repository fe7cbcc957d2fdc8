"""The database of what this program knows: SQLite in the home, or PostgreSQL by address.

One writer at a time, readers beside it. What is written in one `write()` is stored whole, or not
at all. Older tables are brought to today's form when it is opened, after a backup; those of a
newer version are refused. Imported only when an area needs it, for SQLAlchemy is large.
"""

import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from movie_sync.backup import backup_before
from movie_sync.errors import (
    ConfigError,
    FilesError,
    MovieSyncError,
    NotAuthorised,
    Unavailable,
)
from movie_sync.tables import VERSIONS

if TYPE_CHECKING:
    from movie_sync.settings import Config

log = logging.getLogger(__name__)

FILE = "library.db"
PASSWORD = "database.password"  # noqa: S105 - the name of the credential
BUSY_S = 10.0  # a writer of another process is waited for so long
CACHE_KIB = 1024  # of each connection; the system keeps the file in memory anyway
MIGRATIONS = Path(__file__).parent / "migrations"
ONE_WRITER = 0x4D_53  # the advisory lock in PostgreSQL: "MS"

_NOT_THERE = re.compile('(database|role) ".*" does not exist')
_REFUSED = re.compile("authentication failed|no password supplied|permission denied")

Backup = Callable[[str], object]  # called with the reason


class Database:
    """For any number of threads.

    Args:
        url: a file, or the address of a PostgreSQL database.
        backup: called before the form of a file is changed; where it raises, nothing is.
        password: of PostgreSQL; it stands in no address.

    Raises:
        FilesError: it cannot be opened or brought to today's form, or is of a newer version.
        Unavailable: the server does not answer.
        NotAuthorised: it refuses the login.
        ConfigError: it has no such database.
    """

    def __init__(
        self,
        url: str | Path,
        *,
        backup: Backup | None,
        password: str | None = None,
        migrations: Path = MIGRATIONS,
        versions: Sequence[str] = VERSIONS,
    ) -> None:
        self.path = url if isinstance(url, Path) else None
        self.name = str(url) if self.path else "the database"
        self._engine = _engine(url, password)
        self._writing = threading.Lock()
        try:
            self._migrate(backup, migrations, versions)
        except BaseException:
            self.close()
            raise

    @property
    def is_sqlite(self) -> bool:
        return self.path is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """See the database as it is at the first question, whatever is written meanwhile."""
        with self._named(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, by one writer at a time. An error leaves everything as it was.

        Raises:
            FilesError: full, locked, damaged or closed; nothing of it was stored.
            Unavailable: the server does not answer; nothing of it was stored.
        """
        with self._named(), self._writing, self._engine.connect() as connection:
            begin = connection.execution_options(movie_sync_writes=True)
            with begin.begin():
                if not self.is_sqlite:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_WRITER})"))
                yield connection

    def check(self) -> None:
        """Raises what is wrong."""
        with self.read() as connection:
            connection.execute(text("SELECT 1 FROM meta LIMIT 1")).first()

    def close(self) -> None:
        """Let go of every connection. What is asked of it later raises."""
        self._engine.dispose()
        _close_for_good(self._engine)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Our names for its failures. The library's own texts hold whole rows."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> MovieSyncError:
        cause = error.orig if isinstance(error, DBAPIError) else error
        what = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
        if not self.is_sqlite and _REFUSED.search(what):
            mend = "nothing was stored; set another by `credentials set database.password`"
            return NotAuthorised("database", f"the login was refused; {mend}")
        if not self.is_sqlite and (absent := _NOT_THERE.search(what)):
            return ConfigError(
                f"database_url: {absent[0]} on that server; make it there, or name another one"
            )
        lost = isinstance(error, PoolTimeout) or getattr(error, "connection_invalidated", False)
        if not self.is_sqlite and (lost or type(cause).__name__ == "OperationalError"):
            return Unavailable("database", f"{what}; nothing was stored")
        return FilesError(f"{self.name}: {what}; nothing was stored")

    def _migrate(self, backup: Backup | None, folder: Path, versions: Sequence[str]) -> None:
        """Only where its version is not ours; reading it is one small question."""
        with self.read() as connection:
            version = self._version(connection, versions)
        if version == versions[-1]:
            return
        if version and self.is_sqlite and backup:
            backup(f"the database goes from version {version} to {versions[-1]}")
        with self.write() as connection:
            if self._version(connection, versions) != versions[-1]:  # perhaps another was first
                _upgrade(connection, folder)
        if version:
            log.info("%s: brought from version %s to %s", self.name, version, versions[-1])

    def _version(self, connection: Connection, versions: Sequence[str]) -> str | None:
        """None where it is empty."""
        there = set(inspect(connection).get_table_names())
        if "alembic_version" not in there:
            if self.is_sqlite and there:
                raise FilesError(f"{self.name} is of another program; nothing was changed")
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if found is not None and found not in versions:
            raise FilesError(
                f"{self.name} was written by a newer Movie Sync (its version is {found}, this one "
                f"knows {versions[-1]}); nothing was changed; install that one again, or restore "
                "a backup"
            )
        return str(found) if found is not None else None


def open_database(home: Path, config: "Config", password: str | None = None) -> Database:
    """The one that the settings name, else the file in the home.

    Raises:
        ConfigError: the driver for it is not installed, or the address is none.
        FilesError, Unavailable: see `Database`.
    """
    url = config.database_url or home / FILE
    return Database(url, backup=lambda why: backup_before(home, why), password=password)


def _engine(url: str | Path, password: str | None) -> Engine:
    if isinstance(url, Path):
        engine = create_engine(
            URL.create("sqlite", database=str(url)), connect_args={"timeout": BUSY_S}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        address = make_url(url).set(drivername="postgresql+psycopg")
        return create_engine(
            address.set(password=password) if password else address,
            pool_pre_ping=True,
            connect_args={"connect_timeout": int(BUSY_S)},
        )
    except (ImportError, NoSuchModuleError):
        what = 'needs a driver: pip install "movie-sync[postgresql]"'
        raise ConfigError(f"database_url {what}; shows wait for it") from None
    except (SQLAlchemyError, ValueError):
        raise ConfigError("database_url is no address of a database; shows wait for one") from None


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # else the module begins transactions when it likes
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",  # a power cut may take the last transactions, but never half of one
        "foreign_keys=ON",
        f"cache_size=-{CACHE_KIB}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer says so at once: one that read first could find its turn gone.
    writes = connection.get_execution_options().get("movie_sync_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _close_for_good(engine: Engine) -> None:
    """Else it would open new connections, to a file that perhaps another owns by now."""

    def refuse(*_: object) -> None:
        raise sqlite3.ProgrammingError("the database is closed")

    event.listen(engine, "do_connect", refuse)


def _upgrade(connection: Connection, folder: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise FilesError(f"the database could not be brought up to date: {error}") from error
