"""connections to other systems"""

import sqlalchemy as sa
from alembic import op

revision = 'connections'
down_revision = 'messages'


def upgrade() -> None:
    op.create_table(
        'connection',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('key', sa.String(40), nullable=False),
        sa.Column('title', sa.String(100), nullable=False),
        sa.Column('url', sa.String(500), nullable=False),
        sa.Column('created_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
        sa.UniqueConstraint('tenant_id', 'key'),
    )


def downgrade() -> None:
    op.drop_table('connection')
