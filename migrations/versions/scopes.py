"""how far members see, and whose records are"""

import sqlalchemy as sa
from alembic import op

revision = 'scopes'
down_revision = 'jobs'


def upgrade() -> None:
    op.create_table(
        'row_scope',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('subject', sa.String(60), nullable=False),
        sa.Column('area', sa.String(10), nullable=False),
        sa.Column('reach', sa.String(10), nullable=False),
        sa.Column('units', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_row_scope_tenant_id'),
        sa.PrimaryKeyConstraint('tenant_id', 'subject', 'area', name='pk_row_scope'),
    )
    # Records that are there belong to nobody: whoever sees all records (the default) sees them as before, and nobody else.
    with op.batch_alter_table('record') as record:
        record.add_column(sa.Column('created_by', sa.String(60)))
        record.add_column(sa.Column('unit_id', sa.String(36)))
        record.create_foreign_key('fk_record_tenant_id_unit_id', 'unit', ['tenant_id', 'unit_id'], ['tenant_id', 'id'])


def downgrade() -> None:
    with op.batch_alter_table('record') as record:
        record.drop_constraint('fk_record_tenant_id_unit_id', type_='foreignkey')
        record.drop_column('unit_id')
        record.drop_column('created_by')
    op.drop_table('row_scope')
