"""messages between tickets and from outside"""

import sqlalchemy as sa
from alembic import op

revision = 'messages'
down_revision = 'migrations'


def upgrade() -> None:
    op.create_table(
        'message',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('name', sa.String(40), nullable=False),
        sa.Column('key', sa.String(200), nullable=False),
        sa.Column('body', sa.JSON(), nullable=False),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    op.create_index('ix_message_name', 'message', ['tenant_id', 'name', 'key', 'id'])
    op.create_table(
        'awaiting',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('token', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(40), nullable=False),
        sa.Column('key', sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'ticket_id', 'token'),
    )
    op.create_index('ix_awaiting_name', 'awaiting', ['tenant_id', 'name', 'key', 'ticket_id'])
    op.create_table(
        'posted',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('source', sa.String(60), nullable=False),
        sa.Column('message_id', sa.String(100), nullable=False),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'source', 'message_id'),
    )
    op.create_index('ix_posted_at', 'posted', ['tenant_id', 'source', 'at'])


def downgrade() -> None:
    for table in ('posted', 'awaiting', 'message'):
        op.drop_table(table)
