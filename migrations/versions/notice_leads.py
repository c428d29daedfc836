"""a notice may lead to several tickets, and count them"""

import sqlalchemy as sa
from alembic import op

revision = 'notice_leads'
down_revision = 'absence_workflows'


def upgrade() -> None:
    op.add_column('notice', sa.Column('leads', sa.String(300), nullable=False, server_default=''))
    op.add_column('notice', sa.Column('count', sa.Integer(), nullable=False, server_default='1'))


def downgrade() -> None:
    op.drop_column('notice', 'count')
    op.drop_column('notice', 'leads')
