"""The catalogue of shows, what became of each, and how far its reading is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _shows()
    _show_states()
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _shows() -> None:
    op.create_table(
        "shows",
        sa.Column("tvmaze_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("tvdb_id", sa.Integer),
        sa.Column("imdb_id", sa.String),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("type", sa.String),
        sa.Column("language", sa.String),
        sa.Column("genres", sa.Text, nullable=False),
        sa.Column("status", sa.String),
        sa.Column("runtime_min", sa.Integer),
        sa.Column("premiered_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("rating", sa.Float),
        sa.Column("network", sa.String),
        sa.Column("web_channel", sa.String),
        sa.Column("country", sa.String),
        sa.Column("updated_s", sa.BigInteger, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )


def _show_states() -> None:
    op.create_table(
        "show_states",
        sa.Column(
            "tvmaze_id",
            sa.Integer,
            sa.ForeignKey("shows.tvmaze_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("compared", sa.Text, nullable=False),
        sa.Column("instance", sa.String),
        sa.Column("series_id", sa.Integer),
        sa.Column("added_at", sa.DateTime(timezone=True)),
        sa.Column("pending_since", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("show_states_by_state", "show_states", ["state", "tvmaze_id"])
    op.create_index("show_states_by_code", "show_states", ["state", "code"])
