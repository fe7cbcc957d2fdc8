"""The tables of the history: what was watched, how it was liked, and who was told of it.

A play is one watching of one work, however many tell of it: what each calls it is a telling, so
that a day that Trakt, Viki and a media server all tell of is one play, and can be taken back from
each. Nothing of a person's is ever deleted: a date says that it is gone, and why. Plays get their
numbers from the one writer, so that a number is never used again.

`episode_id` 0, where it is part of a key, is a film, or a show as a whole.
"""

from sqlalchemy import (
    BigInteger,
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
)

from movie_sync import metadata_tables  # noqa: F401 - the tables that these point to
from movie_sync.tables import Moment, metadata

plays = Table(
    "plays",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),  # of who told first
    Column("source", String, nullable=False),  # likewise
    Column("title_id", ForeignKey("titles.id"), nullable=False),
    Column("episode_id", ForeignKey("episodes.id")),
    Column("watched_at", Moment),
    Column("at_s", BigInteger, nullable=False),  # the same in seconds, to sort by; 0: not known
    Column("local_day", Date),  # where it was watched
    Column("day_only", Boolean, nullable=False),
    Column("zone", String),
    Column("noted_at", Moment, nullable=False),
    Column("sync_id", Integer),  # that brought it
    Column("deleted_at", Moment),
    Column("deleted_by", String),  # "hand", "undo", "gone": told by none any more
    Index("plays_by_time", "at_s", "id"),
    Index("plays_by_day", "local_day", "deleted_at"),  # to count them, nothing else is read
    Index("plays_by_title", "title_id", "at_s", "id"),
    Index("plays_by_episode", "episode_id"),
)

play_tellings = Table(
    "play_tellings",
    metadata,
    Column("key", Text, primary_key=True),  # "trakt:4115573597", "viki:1000001v:1"
    Column("play_id", ForeignKey("plays.id"), nullable=False),
    Column("source", String, nullable=False),
    Column("told_id", String),  # there
    Column("watched_at", Moment),  # as it was told, whatever the play's became
    Column("sync_id", Integer),
    Column("noted_at", Moment, nullable=False),
    Column("gone_at", Moment),
    Column("gone_by", String),  # "undo", "gone": told no more
    Index("play_tellings_by_play", "play_id"),
    # No index for what is asked but once in a while: to read all of it takes less than to keep it.
    sqlite_with_rowid=False,
)

# Works whose ids name two titles of ours: a person says which is meant, and that holds from then.
work_questions = Table(
    "work_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("work", Text, nullable=False, unique=True),  # its kind and all its ids
    Column("shown", Text, nullable=False),  # a `Work` in JSON
    Column("sentence", Text, nullable=False),
    Column("title_ids", Text, nullable=False),  # a JSON array of numbers
    Column("asked_at", Moment, nullable=False),
    Column("title_id", ForeignKey("titles.id")),  # the answer
    Column("settled_at", Moment),
)

# Plays of these, until then.
waiting_plays = Table(
    "waiting_plays",
    metadata,
    Column("key", Text, primary_key=True),
    Column("question_id", ForeignKey("work_questions.id"), nullable=False),
    Column("play", Text, nullable=False),  # a `Play` in JSON
    Column("sync_id", Integer),
    Column("noted_at", Moment, nullable=False),
    Index("waiting_plays_by_question", "question_id"),
)

# What is watched, in step with the plays that are there.
seen = Table(
    "seen",
    metadata,
    Column("title_id", ForeignKey("titles.id"), primary_key=True, autoincrement=False),
    Column("episode_id", Integer, primary_key=True, autoincrement=False),
    Column("plays", Integer, nullable=False),
    Column("first_at", Moment),
    Column("last_at", Moment),
    Column("last_s", BigInteger, nullable=False),
    Index("seen_by_time", "last_s", "title_id"),
    sqlite_with_rowid=False,
)

ratings = Table(
    "ratings",
    metadata,
    Column("title_id", ForeignKey("titles.id"), primary_key=True, autoincrement=False),
    Column("season", Integer, primary_key=True, autoincrement=False),  # -1: not of a season
    Column("episode_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("tenths", Integer, nullable=False),
    Column("rated_at", Moment),
    Column("noted_at", Moment, nullable=False),
    Column("sync_id", Integer),
    Column("gone_at", Moment),
)

wishes = Table(
    "wishes",
    metadata,
    Column("title_id", ForeignKey("titles.id"), primary_key=True, autoincrement=False),
    Column("season", Integer, primary_key=True, autoincrement=False),  # as of a rating
    Column("episode_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("listed_at", Moment),
    Column("noted_at", Moment, nullable=False),
    Column("sync_id", Integer),
    Column("gone_at", Moment),
)

progress = Table(
    "progress",
    metadata,
    Column("title_id", ForeignKey("titles.id"), primary_key=True, autoincrement=False),
    Column("episode_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("at_s", BigInteger, nullable=False),
    Column("position_s", Integer),
    Column("duration_s", Integer),
    Column("credits_s", Integer),
    Index("progress_by_time", "at_s", "title_id", "episode_id"),
)

# What each provider is to be told, or was.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("play_id", ForeignKey("plays.id"), nullable=False),
    Column("provider", String, nullable=False),
    Column("account", String, nullable=False),
    Column("state", String, nullable=False),
    Column("why", Text),
    Column("sync_id", Integer),  # that sent it last
    Column("remote_ids", Text, nullable=False),  # a JSON array of texts
    Column("made_at", Moment, nullable=False),
    Column("tried_at", Moment),
    Index("outbox_by_play", "play_id", "provider", "account", unique=True),
    Index("outbox_by_state", "provider", "account", "state", "id"),
    Index("outbox_by_sync", "sync_id"),
)

syncs = Table(
    "syncs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # "import", "push", "viki", "undo" ...
    Column("provider", String),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("state", String, nullable=False),
    Column("counts", Text, nullable=False),  # a JSON object of numbers
    Column("options", Text, nullable=False),  # a JSON object
    Column("problems", Text, nullable=False),  # a JSON array of sentences, the first of them
    Column("problem", Text),  # why it ended
    Column("undoes", Integer),  # another sync
    Index("syncs_by_kind", "kind", "id"),
)

# How far a sync is, moved in the same transaction as what it tells of.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("sync_id", ForeignKey("syncs.id"), primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

# How far a provider was read, and what it said changed last, likewise.
marks = Table(
    "marks",
    metadata,
    Column("provider", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
)

viki_containers = Table(
    "viki_containers",
    metadata,
    Column("id", String, primary_key=True),  # "36951c"
    Column("title_id", ForeignKey("titles.id")),
    Column("title", Text, nullable=False),
    Column("facts", Text, nullable=False),  # a `viki_shapes.Container` in JSON
    Column("billboard", Text),  # a `viki_watching.Glance` in JSON: what was read of it last
    Column("read_at", Moment),  # its videos
    Column("listed_at", Moment, nullable=False),  # first
    Column("standing", Text),  # a `matching.Standing` in JSON
    Column("state", String, nullable=False),  # of it; "new" before there is one
    Column("retry_at", Moment),  # likewise
    Index("viki_containers_by_state", "state", "id"),
    Index("viki_containers_by_title", "title_id"),
)

# Facts and marker; the columns of the marker are those of `viki_watching.Viewing`.
viki_videos = Table(
    "viki_videos",
    metadata,
    Column("id", String, primary_key=True),  # "1167658v"
    Column("container_id", ForeignKey("viki_containers.id"), nullable=False),
    Column("number", Integer),
    Column("facts", Text),  # a `viki_shapes.Video` in JSON; None: only a marker told of it
    Column("furthest_s", Integer),
    Column("furthest_at", Moment),
    Column("last_s", Integer),
    Column("last_at", Moment),
    Column("duration_s", Integer),
    Column("credits_s", Integer),
    Column("plays", Integer, nullable=False),
    Column("watched_at", Moment),
    Column("last_play_at", Moment),
    Column("anew", Boolean, nullable=False),
    Index("viki_videos_by_container", "container_id", "number"),
)

# Every answer to "which title is this container", the newest last. Only ever added to.
matches = Table(
    "matches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("container_id", ForeignKey("viki_containers.id"), nullable=False),
    Column("state", String, nullable=False),  # of `match_models.State`
    Column("confidence", Float, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("ids", Text, nullable=False),  # a JSON object of texts
    Column("mapping", Text, nullable=False),  # a `match_models.Mapping` in JSON
    Column("choices", Text, nullable=False),  # a JSON array of `match_models.Choice`, best first
    Column("made_by", String, nullable=False),  # "hand", "auto"
    Column("made_at", Moment, nullable=False),
    Index("matches_by_container", "container_id", "id"),
)
