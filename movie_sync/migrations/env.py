"""What Alembic runs: every step that is missing, on the connection and in the transaction of
`db.py`, so that all of them are done or none is."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
