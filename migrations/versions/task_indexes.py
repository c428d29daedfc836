"""a task that nobody has, or nobody has done, stands in no index of whose it is"""

import sqlalchemy as sa
from alembic import op

revision = 'task_indexes'
down_revision = 'workflow_index'

INDEXES = {'ix_task_assignee': ['tenant_id', 'assignee_id', 'state'], 'ix_task_done_by': ['tenant_id', 'done_by', 'done_at']}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        given = sa.text(f'{columns[1]} IS NOT NULL')
        op.drop_index(name, 'task')
        op.create_index(name, 'task', columns, sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, 'task')
        op.create_index(name, 'task', columns)
