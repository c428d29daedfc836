"""secrets of tenants, sealed"""

import sqlalchemy as sa
from alembic import op

revision = 'tenant_secrets'
down_revision = '0001'


def upgrade() -> None:
    op.create_table(
        'secret',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('key', sa.String(80), nullable=False),
        sa.Column('title', sa.String(100), nullable=False),
        sa.Column('sealed', sa.Text(), nullable=False),
        sa.Column('set_at', sa.String(24), nullable=False),
        sa.Column('set_by', sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_secret_tenant_id'),
        sa.PrimaryKeyConstraint('tenant_id', 'key', name='pk_secret'),
    )


def downgrade() -> None:
    op.drop_table('secret')
