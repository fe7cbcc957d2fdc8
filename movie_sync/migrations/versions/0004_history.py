"""What was watched, how it was liked, and who was told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    _plays()
    _play_tellings()
    _work_questions()
    _waiting_plays()
    _seen()
    _ratings()
    _wishes()
    _progress()
    _outbox()
    _syncs()
    _checkpoints()
    _marks()
    _viki_containers()
    _viki_videos()
    _matches()


def _plays() -> None:
    op.create_table(
        "plays",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id"), nullable=False),
        sa.Column("episode_id", sa.Integer, sa.ForeignKey("episodes.id")),
        sa.Column("watched_at", sa.DateTime(timezone=True)),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("local_day", sa.Date),
        sa.Column("day_only", sa.Boolean, nullable=False),
        sa.Column("zone", sa.String),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sync_id", sa.Integer),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_by", sa.String),
        sa.UniqueConstraint("key"),
    )
    op.create_index("plays_by_day", "plays", ["local_day", "deleted_at"])
    op.create_index("plays_by_episode", "plays", ["episode_id"])
    op.create_index("plays_by_time", "plays", ["at_s", "id"])
    op.create_index("plays_by_title", "plays", ["title_id", "at_s", "id"])


def _play_tellings() -> None:
    op.create_table(
        "play_tellings",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("play_id", sa.Integer, sa.ForeignKey("plays.id"), nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("told_id", sa.String),
        sa.Column("watched_at", sa.DateTime(timezone=True)),
        sa.Column("sync_id", sa.Integer),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
        sa.Column("gone_by", sa.String),
        sqlite_with_rowid=False,
    )
    op.create_index("play_tellings_by_play", "play_tellings", ["play_id"])


def _work_questions() -> None:
    op.create_table(
        "work_questions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("work", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("title_ids", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id")),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("work"),
    )


def _waiting_plays() -> None:
    op.create_table(
        "waiting_plays",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("question_id", sa.Integer, sa.ForeignKey("work_questions.id"), nullable=False),
        sa.Column("play", sa.Text, nullable=False),
        sa.Column("sync_id", sa.Integer),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("waiting_plays_by_question", "waiting_plays", ["question_id"])


def _seen() -> None:
    op.create_table(
        "seen",
        sa.Column(
            "title_id",
            sa.Integer,
            sa.ForeignKey("titles.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("episode_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("plays", sa.Integer, nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True)),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("last_s", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("seen_by_time", "seen", ["last_s", "title_id"])


def _ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column(
            "title_id",
            sa.Integer,
            sa.ForeignKey("titles.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("season", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("episode_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("tenths", sa.Integer, nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True)),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sync_id", sa.Integer),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
    )


def _wishes() -> None:
    op.create_table(
        "wishes",
        sa.Column(
            "title_id",
            sa.Integer,
            sa.ForeignKey("titles.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("season", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("episode_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("listed_at", sa.DateTime(timezone=True)),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sync_id", sa.Integer),
        sa.Column("gone_at", sa.DateTime(timezone=True)),
    )


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column(
            "title_id",
            sa.Integer,
            sa.ForeignKey("titles.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("episode_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("position_s", sa.Integer),
        sa.Column("duration_s", sa.Integer),
        sa.Column("credits_s", sa.Integer),
    )
    op.create_index("progress_by_time", "progress", ["at_s", "title_id", "episode_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("play_id", sa.Integer, sa.ForeignKey("plays.id"), nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("sync_id", sa.Integer),
        sa.Column("remote_ids", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
    )
    op.create_index("outbox_by_play", "outbox", ["play_id", "provider", "account"], unique=True)
    op.create_index("outbox_by_state", "outbox", ["provider", "account", "state", "id"])
    op.create_index("outbox_by_sync", "outbox", ["sync_id"])


def _syncs() -> None:
    op.create_table(
        "syncs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("provider", sa.String),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("problems", sa.Text, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("undoes", sa.Integer),
    )
    op.create_index("syncs_by_kind", "syncs", ["kind", "id"])


def _checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column(
            "sync_id", sa.Integer, sa.ForeignKey("syncs.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("provider", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )


def _viki_containers() -> None:
    op.create_table(
        "viki_containers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("title_id", sa.Integer, sa.ForeignKey("titles.id")),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("billboard", sa.Text),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.Text),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
    )
    op.create_index("viki_containers_by_state", "viki_containers", ["state", "id"])
    op.create_index("viki_containers_by_title", "viki_containers", ["title_id"])


def _viki_videos() -> None:
    op.create_table(
        "viki_videos",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("container_id", sa.String, sa.ForeignKey("viki_containers.id"), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("facts", sa.Text),
        sa.Column("furthest_s", sa.Integer),
        sa.Column("furthest_at", sa.DateTime(timezone=True)),
        sa.Column("last_s", sa.Integer),
        sa.Column("last_at", sa.DateTime(timezone=True)),
        sa.Column("duration_s", sa.Integer),
        sa.Column("credits_s", sa.Integer),
        sa.Column("plays", sa.Integer, nullable=False),
        sa.Column("watched_at", sa.DateTime(timezone=True)),
        sa.Column("last_play_at", sa.DateTime(timezone=True)),
        sa.Column("anew", sa.Boolean, nullable=False),
    )
    op.create_index("viki_videos_by_container", "viki_videos", ["container_id", "number"])


def _matches() -> None:
    op.create_table(
        "matches",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("container_id", sa.String, sa.ForeignKey("viki_containers.id"), nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("ids", sa.Text, nullable=False),
        sa.Column("mapping", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("matches_by_container", "matches", ["container_id", "id"])
