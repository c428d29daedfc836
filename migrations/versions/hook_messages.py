"""webhooks in that send messages"""

import sqlalchemy as sa
from alembic import op

revision = 'hook_messages'
down_revision = 'schedules'


def upgrade() -> None:
    op.add_column('hook', sa.Column('message', sa.String(40), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('hook') as hook:
        hook.drop_column('message')
