"""The tables of what is owned: titles, their files, and why each file is taken for what it is.

An asset is one file, however many sources tell of it: what each tells is a sighting, so that a
folder and a media server that both show a file show one. Nothing here is ever deleted where a
person or the history may still name it: `deleted_at` says that it is gone. Assets get their
numbers from the one writer, so that a number is never used again.
"""

from typing import Any

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
    TypeDecorator,
    text,
)

from movie_sync.tables import Moment, metadata

# In order of its code points, whatever language the database was made for.
SORTED = Text().with_variant(Text(collation="C"), "postgresql")
# Bytes of a file's name that are no UTF-8, as Python has them, and as a database may keep them.
_BYTES = {0xDC00 + byte: 0x10FF00 + byte for byte in range(0x80, 0x100)}
_BACK = {kept: byte for byte, kept in _BYTES.items()}


class FileName(TypeDecorator[str]):
    """A path or an address of a source, also one whose bytes are no text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value if value is None or value.isascii() else value.translate(_BYTES)

    def process_result_value(self, value: str | None, dialect: Any) -> str | None:
        return value if value is None or value.isascii() else value.translate(_BACK)


sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("scan_began_at", Moment),  # the newest, done or not
    Column("last_scan_at", Moment),
    Column("last_complete_at", Moment),
    Column("away_since", Moment),
    Column("problem", Text),
    Column("deleted_at", Moment),
)

scans = Table(
    "scans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("complete", Boolean, nullable=False),
    Column("counts", Text, nullable=False),  # a JSON object of numbers
    Column("problem", Text),
    Index("scans_by_source", "source_id", "id"),
)

# What a list of titles shows and is sorted by; the rest of what is told of one is in title_facts.
titles = Table(
    "titles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Integer),
    Column("sort_key", SORTED, nullable=False),
    Column("search", Text, nullable=False),  # the words of all its titles, folded
    Column("genres", Text, nullable=False),  # a JSON array of texts
    Column("original_language", String),
    Column("runtime_min", Integer),
    Column("premiered_on", Date),
    Column("status", String),
    Column("rating", Float),
    Column("poster", Text),
    Column("collection_id", ForeignKey("collections.tmdb_id")),
    # Of its files that are there, kept in step with them by `statements.refresh`.
    Column("files", Integer, nullable=False, server_default="0"),
    Column("gone_files", Integer, nullable=False, server_default="0"),
    Column("broken_files", Integer, nullable=False, server_default="0"),
    Column("episodes_owned", Integer, nullable=False, server_default="0"),
    Column("size_bytes", BigInteger, nullable=False, server_default="0"),
    Column("lines", Integer),  # of the best picture
    Column("hdr", String),
    Column("audio_languages", Text, nullable=False),  # ",en,ro,"
    Column("source_ids", Text, nullable=False),  # ",1,3,"
    Column("plays", Integer, nullable=False, server_default="0"),
    Column("added_at", Moment),  # its first file
    Column("created_at", Moment, nullable=False),
    Column("facts_at", Moment),  # when the world was asked last
    Column("deleted_at", Moment),
    Column("merged_into", Integer),
    # No index for each way to sort: to read all of these short rows takes less than to find them.
    Index("titles_by_collection", "collection_id"),
)

title_keys = Table(
    "title_keys",
    metadata,
    Column("key", SORTED, primary_key=True),
    Column("title_id", ForeignKey("titles.id"), primary_key=True),
    Column("kind", String, nullable=False),
    Column("strict", Boolean, nullable=False),  # a title as it is written
    Index("title_keys_by_title", "title_id"),
)

# One id of one provider names one entity of its kind: TMDB numbers films and shows apart.
provider_refs = Table(
    "provider_refs",
    metadata,
    Column("entity", String, primary_key=True),  # "film", "show", "season", "episode"
    Column("provider", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("entity_id", Integer, nullable=False),
    Index("provider_refs_by_entity", "entity", "entity_id"),
)

seasons = Table(
    "seasons",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title_id", ForeignKey("titles.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text),
    Column("overview", Text),
    Column("aired_on", Date),
    Column("poster", Text),
    Column("deleted_at", Moment),
    Index("seasons_by_number", "title_id", "number", unique=True),
)

episodes = Table(
    "episodes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title_id", ForeignKey("titles.id"), nullable=False),
    Column("season_id", ForeignKey("seasons.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("absolute", Integer),
    Column("name", Text),
    Column("overview", Text),
    Column("aired_on", Date),
    Column("runtime_min", Integer),
    Column("still", Text),
    Column("deleted_at", Moment),
    Index("episodes_by_number", "season_id", "number", unique=True),
    Index("episodes_by_day", "title_id", "aired_on"),
    Index("episodes_by_absolute", "title_id", "absolute"),
)

assets = Table(
    "assets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("path", FileName, unique=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("content", String, nullable=False),  # another one is another content
    Column("state", String, nullable=False),
    Column("title_id", ForeignKey("titles.id")),
    Column("edition", Text),
    Column("version", Text),  # what a person calls it beside others: "for the projector"
    Column("part", Integer),
    Column("extra", String),
    Column("matched_by", String),
    Column("confidence", Float),
    Column("sentence", Text),
    Column("by_hand", Boolean, nullable=False),
    Column("matched_at", Moment),
    Column("probe", String, nullable=False),
    Column("problem", Text),  # what a probe said of it
    Column("duration_ms", BigInteger),
    Column("lines", Integer),
    Column("video_codec", String),
    Column("hdr", String),
    Column("audio_languages", Text, nullable=False),
    Column("text_languages", Text, nullable=False),
    Column("checksum", String),  # SHA-256
    Column("discovered_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    Column("merged_into", Integer),
    Index("assets_by_title", "title_id"),
    Index("assets_by_state", "state", "id"),
    Index("assets_by_probe", "probe", "id"),
    Index("assets_by_checksum", "checksum"),
)

asset_media = Table(
    "asset_media",
    metadata,
    Column("asset_id", ForeignKey("assets.id"), primary_key=True, autoincrement=False),
    Column("media", Text, nullable=False),  # `media_models.Media` in JSON
    Column("probed", Boolean, nullable=False),  # or told by a server
    Column("told_at", Moment, nullable=False),
)

# What one source tells of one file.
sightings = Table(
    "sightings",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Column("uri", FileName, primary_key=True),
    Column("asset_id", ForeignKey("assets.id"), nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("path", FileName),
    Column("size_bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("told", Text, nullable=False),  # a JSON array of `library_models.Told`
    Column("problem", Text),
    Column("first_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    Index("sightings_by_asset", "asset_id"),
    Index("sightings_by_first", "source_id", "first_at"),
    # To know a file again that has moved.
    Index(
        "sightings_gone",
        "source_id",
        "size_bytes",
        sqlite_where=text("deleted_at IS NOT NULL"),
        postgresql_where=text("deleted_at IS NOT NULL"),
    ),
)

asset_episodes = Table(
    "asset_episodes",
    metadata,
    Column("asset_id", ForeignKey("assets.id"), primary_key=True, autoincrement=False),
    Column("episode_id", ForeignKey("episodes.id"), primary_key=True, autoincrement=False),
    Index("asset_episodes_by_episode", "episode_id"),
)

# Of markers and sidecars, those of one teller are replaced together; 0 is the probe.
markers = Table(
    "markers",
    metadata,
    Column("asset_id", ForeignKey("assets.id"), primary_key=True, autoincrement=False),
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    Column("title", Text),
)

sidecars = Table(
    "sidecars",
    metadata,
    Column("asset_id", ForeignKey("assets.id"), primary_key=True, autoincrement=False),
    Column("source_id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("path", FileName, nullable=False),
    Column("what", String, nullable=False),
    Column("language", String),
    Column("forced", Boolean, nullable=False),
    Column("hearing_impaired", Boolean, nullable=False),
)

asset_views = Table(
    "asset_views",
    metadata,
    Column("asset_id", ForeignKey("assets.id"), primary_key=True, autoincrement=False),
    Column("source_id", ForeignKey("sources.id"), primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    Column("last_at", Moment),
    Column("offset_ms", BigInteger, nullable=False),
)
