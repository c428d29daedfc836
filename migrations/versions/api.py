"""API tokens, and what requests with an idempotency key were answered"""

import sqlalchemy as sa
from alembic import op

revision = 'api'
down_revision = 'second_factor'


def upgrade() -> None:
    op.create_table('api_answered',
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('principal', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=100), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('location', sa.String(length=300), nullable=False),
    sa.Column('at', sa.String(length=24), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_api_answered_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'principal', 'key', name=op.f('pk_api_answered'))
    )
    with op.batch_alter_table('api_answered', schema=None) as batch_op:
        batch_op.create_index('ix_api_answered_at', ['tenant_id', 'at'], unique=False)

    op.create_table('api_token',
    sa.Column('tenant_id', sa.String(length=36), nullable=False),
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('member_id', sa.String(length=36), nullable=True),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('hint', sa.String(length=12), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.String(length=24), nullable=False),
    sa.Column('created_by', sa.String(length=120), nullable=False),
    sa.Column('expires_at', sa.String(length=24), nullable=False),
    sa.Column('last_used_at', sa.String(length=24), nullable=True),
    sa.Column('revoked_at', sa.String(length=24), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['member.tenant_id', 'member.id'], name=op.f('fk_api_token_tenant_id_member_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_api_token_tenant_id')),
    sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('tenant_id', 'hash', name=op.f('uq_api_token_tenant_id_hash'))
    )
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.create_index('ix_api_token_member', ['tenant_id', 'member_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('api_token', schema=None) as batch_op:
        batch_op.drop_index('ix_api_token_member')

    op.drop_table('api_token')
    with op.batch_alter_table('api_answered', schema=None) as batch_op:
        batch_op.drop_index('ix_api_answered_at')

    op.drop_table('api_answered')
