"""lines that wait for review before they are counted, and what of a settlement's pools is gone"""

import sqlalchemy as sa
from alembic import op

revision = 'intake'
down_revision = 'periods'


def upgrade() -> None:
    op.create_table(
        'intake',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('settlement_key', sa.String(40), nullable=False),
        sa.Column('source', sa.String(200), nullable=False),
        sa.Column('good', sa.Integer(), nullable=False),
        sa.Column('repeated', sa.Integer(), nullable=False),
        sa.Column('faulty', sa.Integer(), nullable=False),
        sa.Column('wrong', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('principal', sa.String(60), nullable=False),
        sa.Column('by', sa.String(120), nullable=False),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    op.create_table(
        'intake_line',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('intake_id', sa.String(36), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('source', sa.String(120), nullable=False),
        sa.Column('inputs', sa.JSON(), nullable=False),
        sa.Column('amount', sa.String(40), nullable=False),
        sa.Column('currency', sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'intake_id'], ['intake.tenant_id', 'intake.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    op.create_index('ix_intake_line_place', 'intake_line', ['tenant_id', 'intake_id', 'place'])
    op.create_table(
        'pool',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('settlement_key', sa.String(40), nullable=False),
        sa.Column('uid', sa.String(40), nullable=False),
        sa.Column('gone', sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'settlement_key', 'uid'),
    )


def downgrade() -> None:
    for table in ('pool', 'intake_line', 'intake'):
        op.drop_table(table)
