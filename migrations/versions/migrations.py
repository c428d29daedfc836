"""running tickets that go over to another version"""

import sqlalchemy as sa
from alembic import op

revision = 'migrations'
down_revision = 'clocks'


def upgrade() -> None:
    op.create_table(
        'migration',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('workflow_id', sa.String(36), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('mapping', sa.JSON(), nullable=False),
        sa.Column('cursor', sa.String(36), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('moved', sa.Integer(), nullable=False),
        sa.Column('stuck', sa.Integer(), nullable=False),
        sa.Column('reasons', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('back_of', sa.String(36)),
        sa.Column('by', sa.String(120), nullable=False),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'workflow_id'], ['document.tenant_id', 'document.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    op.create_index('ix_migration_workflow', 'migration', ['tenant_id', 'workflow_id', 'id'])
    op.create_table(
        'migrated',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('migration_id', sa.String(36), nullable=False),
        sa.Column('ticket_id', sa.String(36), nullable=False),
        sa.Column('from_version', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(6), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'migration_id'], ['migration.tenant_id', 'migration.id']),
        sa.ForeignKeyConstraint(['tenant_id', 'ticket_id'], ['ticket.tenant_id', 'ticket.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'migration_id', 'ticket_id'),
    )


def downgrade() -> None:
    op.drop_table('migrated')
    op.drop_table('migration')
