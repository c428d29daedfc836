"""an absence of some workflows"""

import sqlalchemy as sa
from alembic import op

revision = 'absence_workflows'
down_revision = 'schedule_tried'


def upgrade() -> None:
    op.add_column('absence', sa.Column('workflows', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    op.drop_column('absence', 'workflows')
