"""The tables of the database, as the newest migration leaves them.

What the world says of a show and what this program made of it are two tables, so that news of a
show can never undo a decision. Dates are days; moments are in UTC.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

# Every migration, oldest first; a database of another one is newer than we.
VERSIONS = ("0001", "0002", "0003", "0004", "0005")

metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


# Facts only, field for field those of `models.Show`.
shows = Table(
    "shows",
    metadata,
    Column("tvmaze_id", Integer, primary_key=True, autoincrement=False),
    Column("tvdb_id", Integer),
    Column("imdb_id", String),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("type", String),
    Column("language", String),
    Column("genres", Text, nullable=False),  # a JSON array of texts
    Column("status", String),
    Column("runtime_min", Integer),
    Column("premiered_on", Date),
    Column("ended_on", Date),
    Column("rating", Float),
    Column("network", String),
    Column("web_channel", String),
    Column("country", String),
    Column("updated_s", BigInteger, nullable=False),
    Column("read_at", Moment, nullable=False),
)

# What became of it here. Nothing that is read from outside is written to this one.
show_states = Table(
    "show_states",
    metadata,
    Column("tvmaze_id", ForeignKey("shows.tvmaze_id"), primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("rule", String, nullable=False),
    Column("code", String, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("compared", Text, nullable=False),  # a JSON object
    Column("instance", String),  # of Sonarr
    Column("series_id", Integer),  # there
    Column("added_at", Moment),
    Column("pending_since", Moment),  # waits for a TVDB id since
    Column("changed_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Index("show_states_by_state", "state", "tvmaze_id"),
    Index("show_states_by_code", "state", "code"),
)

# How far a reading is, and the like: moved in the same transaction as what it tells of.
meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)
