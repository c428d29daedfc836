"""what came of a workflow that began by itself"""

import sqlalchemy as sa
from alembic import op

revision = 'schedule_tried'
down_revision = 'arrivals'


def upgrade() -> None:
    op.add_column('schedule', sa.Column('tried_at', sa.String(24)))
    op.add_column('schedule', sa.Column('wrong', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    op.drop_column('schedule', 'wrong')
    op.drop_column('schedule', 'tried_at')
