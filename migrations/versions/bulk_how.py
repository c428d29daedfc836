"""how several tickets are repaired: where to, from where, with which incident"""

import sqlalchemy as sa
from alembic import op

revision = 'bulk_how'
down_revision = 'ledger_lists'


def upgrade() -> None:
    op.add_column('bulk', sa.Column('how', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    op.drop_column('bulk', 'how')
