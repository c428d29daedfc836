"""workflows that begin by themselves"""

import sqlalchemy as sa
from alembic import op

revision = 'schedules'
down_revision = 'connections'


def upgrade() -> None:
    op.create_table(
        'schedule',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('document_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('due_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'document_id'], ['document.tenant_id', 'document.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'document_id'),
    )


def downgrade() -> None:
    op.drop_table('schedule')
