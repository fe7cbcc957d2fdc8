"""The library's files, where each is from, and what was decided about it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    _sources()
    _scans()
    _assets()
    _asset_media()
    _sightings()
    _asset_episodes()
    _markers()
    _sidecars()
    _asset_views()
    _assignments()
    _choices()
    _review_items()


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("scan_began_at", sa.DateTime(timezone=True)),
        sa.Column("last_scan_at", sa.DateTime(timezone=True)),
        sa.Column("last_complete_at", sa.DateTime(timezone=True)),
        sa.Column("away_since", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.Text),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("name"),
    )


def _scans() -> None:
    op.create_table(
        "scans",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source_id", sa.Integer, sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("problem", sa.Text),
    )
    op.create_index("scans_by_source", "scans", ["source_id", "id"])


def _assets() -> None:
    op.create_table(
        "assets",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id")),
        sa.Column("edition", sa.Text),
        sa.Column("version", sa.Text),
        sa.Column("part", sa.Integer),
        sa.Column("extra", sa.String),
        sa.Column("matched_by", sa.String),
        sa.Column("confidence", sa.Float),
        sa.Column("sentence", sa.Text),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True)),
        sa.Column("probe", sa.String, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("duration_ms", sa.BigInteger),
        sa.Column("lines", sa.Integer),
        sa.Column("video_codec", sa.String),
        sa.Column("hdr", sa.String),
        sa.Column("audio_languages", sa.Text, nullable=False),
        sa.Column("text_languages", sa.Text, nullable=False),
        sa.Column("checksum", sa.String),
        sa.Column("discovered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("merged_into", sa.Integer),
        sa.UniqueConstraint("path"),
    )
    op.create_index("assets_by_checksum", "assets", ["checksum"])
    op.create_index("assets_by_probe", "assets", ["probe", "id"])
    op.create_index("assets_by_state", "assets", ["state", "id"])
    op.create_index("assets_by_title", "assets", ["title_id"])


def _asset_media() -> None:
    op.create_table(
        "asset_media",
        sa.Column(
            "asset_id",
            sa.Integer,
            sa.ForeignKey("assets.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("media", sa.Text, nullable=False),
        sa.Column("probed", sa.Boolean, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    )


def _sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column(
            "source_id",
            sa.Integer,
            sa.ForeignKey("sources.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("uri", sa.Text, primary_key=True),
        sa.Column("asset_id", sa.Integer, sa.ForeignKey("assets.id"), nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("mtime_ns", sa.BigInteger, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
    )
    op.create_index("sightings_by_asset", "sightings", ["asset_id"])
    op.create_index("sightings_by_first", "sightings", ["source_id", "first_at"])
    op.create_index(
        "sightings_gone",
        "sightings",
        ["source_id", "size_bytes"],
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )


def _asset_episodes() -> None:
    op.create_table(
        "asset_episodes",
        sa.Column(
            "asset_id",
            sa.Integer,
            sa.ForeignKey("assets.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "episode_id",
            sa.Integer,
            sa.ForeignKey("episodes.id"),
            primary_key=True,
            autoincrement=False,
        ),
    )
    op.create_index("asset_episodes_by_episode", "asset_episodes", ["episode_id"])


def _markers() -> None:
    op.create_table(
        "markers",
        sa.Column(
            "asset_id",
            sa.Integer,
            sa.ForeignKey("assets.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("start_ms", sa.BigInteger, nullable=False),
        sa.Column("end_ms", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text),
    )


def _sidecars() -> None:
    op.create_table(
        "sidecars",
        sa.Column(
            "asset_id",
            sa.Integer,
            sa.ForeignKey("assets.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("source_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("language", sa.String),
        sa.Column("forced", sa.Boolean, nullable=False),
        sa.Column("hearing_impaired", sa.Boolean, nullable=False),
    )


def _asset_views() -> None:
    op.create_table(
        "asset_views",
        sa.Column(
            "asset_id",
            sa.Integer,
            sa.ForeignKey("assets.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column(
            "source_id",
            sa.Integer,
            sa.ForeignKey("sources.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("offset_ms", sa.BigInteger, nullable=False),
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("asset_id", sa.Integer, sa.ForeignKey("assets.id"), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id")),
        sa.Column("episode_ids", sa.Text, nullable=False),
        sa.Column("edition", sa.Text),
        sa.Column("version", sa.Text),
        sa.Column("part", sa.Integer),
        sa.Column("matched_by", sa.String),
        sa.Column("confidence", sa.Float),
        sa.Column("sentence", sa.Text),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )
    op.create_index("assignments_by_asset", "assignments", ["asset_id", "id"])
    op.create_index("assignments_by_title", "assignments", ["title_id"])


def _choices() -> None:
    op.create_table(
        "choices",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )
    op.create_index("choices_by_kind", "choices", ["kind", "id"])
    op.create_index("choices_by_subject", "choices", ["subject"])


def _review_items() -> None:
    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("asset_id", sa.Integer, sa.ForeignKey("assets.id")),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id")),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("candidates", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("choice_id", sa.Integer, sa.ForeignKey("choices.id")),
    )
    op.create_index("review_items_by_asset", "review_items", ["asset_id"])
    op.create_index("review_items_by_state", "review_items", ["state", "id"])
    op.create_index(
        "review_items_open",
        "review_items",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
