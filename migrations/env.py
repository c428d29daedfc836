"""Runs the migrations on the application's own engine. Called by Flask-Migrate; there is no offline mode."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db

with database.engines[None].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadatas[None],
        render_as_batch=True,  # SQLite alters a table by copying it
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
