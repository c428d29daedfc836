"""who has a draft open just now"""

import sqlalchemy as sa
from alembic import op

revision = 'presence'
down_revision = 'child'


def upgrade() -> None:
    op.create_table(
        'presence',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('document_id', sa.String(36), nullable=False),
        sa.Column('page', sa.String(36), nullable=False),
        sa.Column('member_id', sa.String(36), nullable=False),
        sa.Column('name', sa.String(120), nullable=False),
        sa.Column('seen_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'document_id'], ['document.tenant_id', 'document.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'document_id', 'page'),
    )


def downgrade() -> None:
    op.drop_table('presence')
