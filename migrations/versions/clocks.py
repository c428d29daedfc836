"""by when a task is due, and the clocks of tickets"""

import sqlalchemy as sa
from alembic import op

revision = 'clocks'
down_revision = 'engine'


def upgrade() -> None:
    op.add_column('task', sa.Column('due_at', sa.String(24), nullable=True))
    op.create_table(
        'clock',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('due_at', sa.String(24), nullable=True),
        sa.Column('time_left', sa.BigInteger(), nullable=True),
        sa.Column('since', sa.String(24), nullable=False),
        sa.Column('calendar', sa.String(40), nullable=True),
        sa.Column('version', sa.Integer(), nullable=True),
        sa.Column('zone', sa.String(40), nullable=False),
        sa.Column('pauses', sa.JSON(), nullable=False),
        sa.Column('told_at', sa.String(24), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_clock_tenant_id'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id'], name='fk_clock_tenant_id_ticket_id'
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'ticket_id', name='pk_clock'),
    )
