"""what came to an address at which other systems file tickets"""

import sqlalchemy as sa
from alembic import op

revision = 'arrivals'
down_revision = 'of_a_statement'


def upgrade() -> None:
    op.create_table(
        'arrival',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('hook_id', sa.String(36), nullable=False),
        sa.Column('message_id', sa.String(100), nullable=False),
        sa.Column('status', sa.Integer(), nullable=False),
        sa.Column('problem', sa.JSON()),
        sa.Column('fields', sa.JSON(), nullable=False),
        sa.Column('ticket_id', sa.String(36)),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'hook_id'], ['hook.tenant_id', 'hook.id']),
        sa.ForeignKeyConstraint(['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    op.create_index('ix_arrival_hook', 'arrival', ['tenant_id', 'hook_id', 'id'])


def downgrade() -> None:
    op.drop_table('arrival')
