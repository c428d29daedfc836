"""ways of notices, and what members have chosen"""

import sqlalchemy as sa
from alembic import op

revision = 'channels'
down_revision = 'webhooks'


def upgrade() -> None:
    op.create_table(
        'channel',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('title', sa.String(100), nullable=False),
        sa.Column('kind', sa.String(10), nullable=False),
        sa.Column('settings', sa.JSON(), nullable=False),
        sa.Column('minute', sa.String(16), nullable=False),
        sa.Column('sent', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_channel_tenant_id'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name='pk_channel'),
    )
    op.create_table(
        'preference',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('member_id', sa.String(36), nullable=False),
        sa.Column('channel_id', sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_preference_tenant_id'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'member_id'], ['member.tenant_id', 'member.id'], name='fk_preference_tenant_id_member_id'
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'channel_id'], ['channel.tenant_id', 'channel.id'], name='fk_preference_tenant_id_channel_id'
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'member_id', name='pk_preference'),
    )


def downgrade() -> None:
    op.drop_table('preference')
    op.drop_table('channel')
