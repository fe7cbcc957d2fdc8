"""What an import of a history has read and not yet stored."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "import_rows",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("sync_id", sa.Integer, sa.ForeignKey("syncs.id"), nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("import_rows_by_bundle", "import_rows", ["sync_id", "bundle"])
    op.create_index("import_rows_by_source", "import_rows", ["source", "key"])
