"""the inbox finds its tasks in the index alone"""

from alembic import op

revision = 'inbox_index'
down_revision = 'channels'


def upgrade() -> None:
    op.drop_index('ix_candidate_principal', 'candidate')
    op.create_index('ix_candidate_principal', 'candidate', ['tenant_id', 'principal', 'task_id'])


def downgrade() -> None:
    op.drop_index('ix_candidate_principal', 'candidate')
    op.create_index('ix_candidate_principal', 'candidate', ['tenant_id', 'principal'])
