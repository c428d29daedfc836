"""what one ticket at a time has to itself, and who waits for it"""

import sqlalchemy as sa
from alembic import op

revision = 'holding'
down_revision = 'task_indexes'


def upgrade() -> None:
    op.create_table(
        'holding',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('place', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('name', sa.String(40), nullable=False),
        sa.Column('key', sa.String(200), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('token', sa.Integer(), nullable=False),
        sa.Column('node', sa.String(40), nullable=False),
        sa.Column('granted', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'place'),
    )
    op.create_index('ix_holding_name', 'holding', ['tenant_id', 'name', 'key', 'place'])
    op.create_index('ix_holding_ticket', 'holding', ['tenant_id', 'ticket_id'])


def downgrade() -> None:
    op.drop_table('holding')
