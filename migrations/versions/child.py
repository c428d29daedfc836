"""which ticket has begun which"""

import sqlalchemy as sa
from alembic import op

revision = 'child'
down_revision = 'holding'


def upgrade() -> None:
    op.create_table(
        'child',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('parent_id', sa.String(36), nullable=False),
        sa.Column('token', sa.Integer(), nullable=False),
        sa.Column('awaited', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id']),
        sa.ForeignKeyConstraint(['tenant_id', 'parent_id'], ['ticket.tenant_id', 'ticket.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'ticket_id'),
    )
    op.create_index('ix_child_parent', 'child', ['tenant_id', 'parent_id', 'ticket_id'])


def downgrade() -> None:
    op.drop_table('child')
