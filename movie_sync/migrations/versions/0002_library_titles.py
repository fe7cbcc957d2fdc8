"""The library's titles, and what the world says of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _collections()
    _titles()
    _title_facts()
    _title_keys()
    _provider_refs()
    _seasons()
    _episodes()
    _people()
    _title_credits()
    _tmdb_cache()
    _images()


def _collections() -> None:
    op.create_table(
        "collections",
        sa.Column("tmdb_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("poster", sa.Text),
        sa.Column("backdrop", sa.Text),
    )


def _titles() -> None:
    op.create_table(
        "titles",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("year", sa.Integer),
        sa.Column("sort_key", SORTED, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("genres", sa.Text, nullable=False),
        sa.Column("original_language", sa.String),
        sa.Column("runtime_min", sa.Integer),
        sa.Column("premiered_on", sa.Date),
        sa.Column("status", sa.String),
        sa.Column("rating", sa.Float),
        sa.Column("poster", sa.Text),
        sa.Column("collection_id", sa.Integer, sa.ForeignKey("collections.tmdb_id")),
        sa.Column("files", sa.Integer, server_default="0", nullable=False),
        sa.Column("gone_files", sa.Integer, server_default="0", nullable=False),
        sa.Column("broken_files", sa.Integer, server_default="0", nullable=False),
        sa.Column("episodes_owned", sa.Integer, server_default="0", nullable=False),
        sa.Column("size_bytes", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("lines", sa.Integer),
        sa.Column("hdr", sa.String),
        sa.Column("audio_languages", sa.Text, nullable=False),
        sa.Column("source_ids", sa.Text, nullable=False),
        sa.Column("plays", sa.Integer, server_default="0", nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("merged_into", sa.Integer),
    )
    op.create_index("titles_by_collection", "titles", ["collection_id"])


def _title_facts() -> None:
    op.create_table(
        "title_facts",
        sa.Column(
            "title_id",
            sa.Integer,
            sa.ForeignKey("titles.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("original_title", sa.Text),
        sa.Column("other_titles", sa.Text, nullable=False),
        sa.Column("overview", sa.Text),
        sa.Column("tagline", sa.Text),
        sa.Column("ended_on", sa.Date),
        sa.Column("countries", sa.Text, nullable=False),
        sa.Column("votes", sa.Integer),
        sa.Column("backdrop", sa.Text),
    )


def _title_keys() -> None:
    op.create_table(
        "title_keys",
        sa.Column("key", SORTED, primary_key=True),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id"), primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("strict", sa.Boolean, nullable=False),
    )
    op.create_index("title_keys_by_title", "title_keys", ["title_id"])


def _provider_refs() -> None:
    op.create_table(
        "provider_refs",
        sa.Column("entity", sa.String, primary_key=True),
        sa.Column("provider", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("entity_id", sa.Integer, nullable=False),
    )
    op.create_index("provider_refs_by_entity", "provider_refs", ["entity", "entity_id"])


def _seasons() -> None:
    op.create_table(
        "seasons",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("overview", sa.Text),
        sa.Column("aired_on", sa.Date),
        sa.Column("poster", sa.Text),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    )
    op.create_index("seasons_by_number", "seasons", ["title_id", "number"], unique=True)


def _episodes() -> None:
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id"), nullable=False),
        sa.Column("season_id", sa.Integer, sa.ForeignKey("seasons.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("absolute", sa.Integer),
        sa.Column("name", sa.Text),
        sa.Column("overview", sa.Text),
        sa.Column("aired_on", sa.Date),
        sa.Column("runtime_min", sa.Integer),
        sa.Column("still", sa.Text),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    )
    op.create_index("episodes_by_absolute", "episodes", ["title_id", "absolute"])
    op.create_index("episodes_by_day", "episodes", ["title_id", "aired_on"])
    op.create_index("episodes_by_number", "episodes", ["season_id", "number"], unique=True)


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("tmdb_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("profile", sa.Text),
    )


def _title_credits() -> None:
    op.create_table(
        "title_credits",
        sa.Column(
            "title_id",
            sa.Integer,
            sa.ForeignKey("titles.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.tmdb_id"), nullable=False),
        sa.Column("cast", sa.Boolean, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("department", sa.String),
    )
    op.create_index("title_credits_by_person", "title_credits", ["person_id"])


def _tmdb_cache() -> None:
    op.create_table(
        "tmdb_cache",
        sa.Column("cache_key", sa.Text, primary_key=True),
        sa.Column("cache_value", sa.Text),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("tmdb_cache_by_expiry", "tmdb_cache", ["expires_at"])


def _images() -> None:
    op.create_table(
        "images",
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("size", sa.String, primary_key=True),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("images_by_use", "images", ["used_at"])
