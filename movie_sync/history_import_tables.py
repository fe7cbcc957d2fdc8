"""The table of what an import has read and not yet stored, or will not store.

An import reads all of a source before it stores any of it, for the days of a series are told only
by all of its plays. A row goes when it is stored; one with a reason stays, so that the reason can
be read and the row be tried again.
"""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from movie_sync import history_tables  # noqa: F401 - the tables that these point to
from movie_sync.tables import Moment, metadata

import_rows = Table(
    "import_rows",
    metadata,
    Column("key", Text, primary_key=True),  # of the play; of others as `import_rows.key_of` has it
    Column("sync_id", ForeignKey("syncs.id"), nullable=False),  # that read it last
    Column("source", String, nullable=False),
    Column("what", String, nullable=False),  # "play", "rating", "wish", "problem"
    Column("bundle", Text, nullable=False),  # the film or the show: rows of one are stored together
    Column("title", Text, nullable=False),  # for a person
    Column("told", Text, nullable=False),  # a `Play`, `Rating` or `Wish` in JSON
    Column("why", Text),  # it is left out; None: it waits
    Column("noted_at", Moment, nullable=False),
    Index("import_rows_by_bundle", "sync_id", "bundle"),
    Index("import_rows_by_source", "source", "key"),
)
