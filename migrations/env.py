"""Runs the migrations as the owner of the tables, outside of the walls. Called by Flask-Migrate; there is no offline mode."""

from alembic import context
from flask import current_app

from dougong.platform.store import owner_connection

database = current_app.extensions["migrate"].db

with owner_connection() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadatas[None],
        render_as_batch=True,  # SQLite alters a table by copying it
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
