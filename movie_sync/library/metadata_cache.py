"""What TMDB told, kept in the table `tmdb_cache` until it is to be asked anew, and a while longer
for when it is away.

A value is JSON; none stands for "there is no such thing", which is worth remembering too.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select

from movie_sync.db import Database
from movie_sync.library.statements import upsert
from movie_sync.metadata_tables import tmdb_cache as table

AHEAD = timedelta(minutes=5)  # what was told later than this is of a clock that was wrong


class Kept(Struct, frozen=True):
    """An answer as it is kept."""

    value: str | None
    fetched_at: datetime
    expires_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return self.fetched_at - AHEAD <= now < self.expires_at


class Stats(Struct, frozen=True):
    """How much is kept."""

    entries: int
    expired: int
    absent: int  # "there is no such thing"
    characters: int
    kinds: dict[str, int]  # entries by the first word of their keys
    oldest: datetime | None
    newest: datetime | None


class MetadataCache:
    """For any number of threads and programs on one database. Raises as `Database` does."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def read(self, keys: Collection[str]) -> dict[str, Kept]:
        """Those that are kept, fresh or not."""
        columns = (table.c.cache_key, table.c.cache_value, table.c.fetched_at, table.c.expires_at)
        query = select(*columns).where(table.c.cache_key.in_(list(keys)))
        with self._db.read() as connection:
            return {key: Kept(*rest) for key, *rest in connection.execute(query)}

    def write(self, values: Mapping[str, str | None], now: datetime, lasts: timedelta) -> None:
        rows = [
            {"cache_key": key, "cache_value": value, "fetched_at": now, "expires_at": now + lasts}
            for key, value in values.items()
        ]
        with self._db.write() as connection:
            upsert(connection, table, rows)

    def clear(self) -> int:
        """Forget everything; says how many entries there were."""
        return self._delete()

    def clear_expired(self, now: datetime, since: timedelta = timedelta()) -> int:
        """Forget what has been expired for so long; says how many entries."""
        return self._delete(table.c.expires_at <= now - since)

    def stats(self, now: datetime | None = None) -> Stats:
        now = now or datetime.now(UTC)
        size = func.coalesce(func.length(table.c.cache_value), -1)
        query = select(table.c.cache_key, size, table.c.fetched_at, table.c.expires_at)
        kinds, expired, absent, characters = Counter[str](), 0, 0, 0
        oldest: datetime | None = None
        newest: datetime | None = None
        with self._db.read() as connection:
            for key, length, fetched_at, expires_at in connection.execute(query):
                kinds[key.partition(":")[0]] += 1
                expired += expires_at <= now
                absent += length < 0
                characters += max(length, 0)
                oldest = min(oldest or fetched_at, fetched_at)
                newest = max(newest or fetched_at, fetched_at)
        by_name = dict(sorted(kinds.items()))
        return Stats(kinds.total(), expired, absent, characters, by_name, oldest, newest)

    def _delete(self, *where: ColumnElement[bool]) -> int:
        with self._db.write() as connection:
            return connection.execute(table.delete().where(*where)).rowcount
