"""what an administrator does to several tickets at once"""

import sqlalchemy as sa
from alembic import op

revision = 'bulk'
down_revision = 'version_names'


def upgrade() -> None:
    op.create_table(
        'bulk',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('verb', sa.String(10), nullable=False),
        sa.Column('reason', sa.String(2000), nullable=False),
        sa.Column('cursor', sa.String(36), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('refused', sa.Integer(), nullable=False),
        sa.Column('reasons', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('by', sa.String(120), nullable=False),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    op.create_table(
        'bulk_ticket',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('bulk_id', sa.String(36), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('state', sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'bulk_id'], ['bulk.tenant_id', 'bulk.id']),
        sa.ForeignKeyConstraint(['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'bulk_id', 'ticket_id'),
    )


def downgrade() -> None:
    for table in ('bulk_ticket', 'bulk'):
        op.drop_table(table)
