"""on SQLite, rows of a ticket that have no id of their own lie in their primary key: one tree to write instead of two"""

from alembic import op

revision = 'clustered'
down_revision = 'hook_messages'

TABLES = ('token', 'candidate', 'involved', 'history')


def upgrade() -> None:
    rebuild(with_rowid=False)


def downgrade() -> None:
    rebuild(with_rowid=True)


def rebuild(with_rowid: bool) -> None:
    if op.get_context().dialect.name != 'sqlite':
        return
    for name in TABLES:
        with op.batch_alter_table(name, recreate='always', table_kwargs={'sqlite_with_rowid': with_rowid}):
            pass
