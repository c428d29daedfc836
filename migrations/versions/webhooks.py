"""webhooks, out and in"""

import sqlalchemy as sa
from alembic import op

revision = 'webhooks'
down_revision = 'identities'


def upgrade() -> None:
    op.create_table(
        'webhook',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('title', sa.String(100), nullable=False),
        sa.Column('url', sa.String(1000), nullable=False),
        sa.Column('events', sa.JSON(), nullable=False),
        sa.Column('active', sa.Boolean(), nullable=False),
        sa.Column('created_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_webhook_tenant_id'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name='pk_webhook'),
    )
    op.create_table(
        'delivery',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('webhook_id', sa.String(36), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('event', sa.String(30), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('problem', sa.JSON(), nullable=True),
        sa.Column('at', sa.String(24), nullable=False),
        sa.Column('tried_at', sa.String(24), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_delivery_tenant_id'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'webhook_id'], ['webhook.tenant_id', 'webhook.id'], name='fk_delivery_tenant_id_webhook_id'
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id'], name='fk_delivery_tenant_id_ticket_id'
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name='pk_delivery'),
    )
    op.create_index('ix_delivery_webhook', 'delivery', ['tenant_id', 'webhook_id', 'id'])
    op.create_table(
        'hook',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('title', sa.String(100), nullable=False),
        sa.Column('workflow_key', sa.String(40), nullable=False),
        sa.Column('created_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_hook_tenant_id'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name='pk_hook'),
    )
    op.create_table(
        'received',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('hook_id', sa.String(36), nullable=False),
        sa.Column('message_id', sa.String(100), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_received_tenant_id'),
        sa.ForeignKeyConstraint(['tenant_id', 'hook_id'], ['hook.tenant_id', 'hook.id'], name='fk_received_tenant_id_hook_id'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id'], name='fk_received_tenant_id_ticket_id'
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'hook_id', 'message_id', name='pk_received'),
    )
    op.create_index('ix_received_at', 'received', ['tenant_id', 'hook_id', 'at'])


def downgrade() -> None:
    for table in ('received', 'hook', 'delivery', 'webhook'):
        op.drop_table(table)
