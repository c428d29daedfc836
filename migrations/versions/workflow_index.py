"""the last tickets of a workflow that were done stand at the end of the index"""

from alembic import op

revision = 'workflow_index'
down_revision = 'clustered'


def upgrade() -> None:
    op.drop_index('ix_ticket_workflow', 'ticket')
    op.create_index('ix_ticket_workflow', 'ticket', ['tenant_id', 'workflow_id', 'state', 'id'])


def downgrade() -> None:
    op.drop_index('ix_ticket_workflow', 'ticket')
    op.create_index('ix_ticket_workflow', 'ticket', ['tenant_id', 'workflow_id', 'state'])
