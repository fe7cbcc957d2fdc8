"""The tables of what the world says of titles, and of what was decided about the files.

Facts are replaced whole when they are asked for again; what a person decided is only ever added
to, and undone by a date.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from movie_sync import library_tables  # noqa: F401 - the tables that these point to
from movie_sync.tables import Moment, metadata

collections = Table(
    "collections",
    metadata,
    Column("tmdb_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("poster", Text),
    Column("backdrop", Text),
)

# What only the page of a title shows.
title_facts = Table(
    "title_facts",
    metadata,
    Column("title_id", ForeignKey("titles.id"), primary_key=True, autoincrement=False),
    Column("original_title", Text),
    Column("other_titles", Text, nullable=False),  # a JSON array of texts
    Column("overview", Text),
    Column("tagline", Text),
    Column("ended_on", Date),
    Column("countries", Text, nullable=False),  # a JSON array of ISO 3166
    Column("votes", Integer),
    Column("backdrop", Text),
)

people = Table(
    "people",
    metadata,
    Column("tmdb_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("profile", Text),
)

title_credits = Table(
    "title_credits",
    metadata,
    Column("title_id", ForeignKey("titles.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("person_id", ForeignKey("people.tmdb_id"), nullable=False),
    Column("cast", Boolean, nullable=False),  # else crew
    Column("role", Text, nullable=False),
    Column("department", String),
    Index("title_credits_by_person", "person_id"),
)

# Every answer to "what is this file", the newest last.
assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False),
    Column("state", String, nullable=False),
    Column("title_id", ForeignKey("titles.id")),
    Column("episode_ids", Text, nullable=False),  # a JSON array of numbers
    Column("edition", Text),
    Column("version", Text),
    Column("part", Integer),
    Column("matched_by", String),
    Column("confidence", Float),
    Column("sentence", Text),
    Column("by_hand", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("undone_at", Moment),
    Index("assignments_by_asset", "asset_id", "id"),
    Index("assignments_by_title", "title_id"),
)

# What a person decided: kept for ever, undone by a date.
choices = Table(
    "choices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # "match", "ignore", "trust", "split", "merge" ...
    Column("subject", Text, nullable=False),  # "asset:12", "title:7", "folder:films:/films/new/"
    Column("data", Text, nullable=False),  # a JSON object
    Column("sentence", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("undone_at", Moment),
    Index("choices_by_subject", "subject"),
    Index("choices_by_kind", "kind", "id"),
)

review_items = Table(
    "review_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", Text, nullable=False),  # as of a choice
    Column("asset_id", ForeignKey("assets.id")),
    Column("title_id", ForeignKey("titles.id")),
    Column("reason", String, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("confidence", Float),
    Column("candidates", Text, nullable=False),  # a JSON array, best first
    Column("state", String, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("choice_id", ForeignKey("choices.id")),
    Index("review_items_by_state", "state", "id"),
    Index("review_items_by_asset", "asset_id"),
    # One question at a time of one thing.
    Index(
        "review_items_open",
        "subject",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

tmdb_cache = Table(
    "tmdb_cache",
    metadata,
    Column("cache_key", Text, primary_key=True),
    Column("cache_value", Text),  # None: it is known not to be there
    Column("fetched_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("tmdb_cache_by_expiry", "expires_at"),
)

images = Table(
    "images",
    metadata,
    Column("path", String, primary_key=True),  # TMDB's
    Column("size", String, primary_key=True),  # "w500"
    Column("size_bytes", Integer, nullable=False),
    Column("fetched_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    Index("images_by_use", "used_at"),
)
