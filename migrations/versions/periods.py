"""lines and statements of any period, not of months only; settling in batches"""

import sqlalchemy as sa
from alembic import op

revision = 'periods'
down_revision = 'bulk'
OLD, NEW = 'uq_statement_tenant_id_settlement_key_partner_id_month_currency', 'uq_statement_period'


def upgrade() -> None:
    rename('month', 'period', sa.String(10), OLD, NEW)
    op.create_table(
        'settle_batch',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('work', sa.String(10), nullable=False),
        sa.Column('settlement_key', sa.String(40), nullable=False),
        sa.Column('of', sa.String(36), nullable=False),
        sa.Column('cursor', sa.String(80), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('seen', sa.Integer(), nullable=False),
        sa.Column('made', sa.Integer(), nullable=False),
        sa.Column('kept', sa.Integer(), nullable=False),
        sa.Column('faulty', sa.Integer(), nullable=False),
        sa.Column('faults', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(10), nullable=False),
        sa.Column('principal', sa.String(60), nullable=False),
        sa.Column('by', sa.String(120), nullable=False),
        sa.Column('at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    running = sa.text("state = 'running'")
    op.create_index(
        'uq_settle_batch_running', 'settle_batch', ['tenant_id', 'settlement_key', 'of'],
        unique=True, sqlite_where=running, postgresql_where=running,
    )


def downgrade() -> None:
    op.drop_table('settle_batch')
    rename('period', 'month', sa.String(7), NEW, OLD)


def rename(old: str, new: str, kind: sa.String, old_constraint: str, new_constraint: str) -> None:
    op.drop_index(f'ix_ledger_line_{old}', 'ledger_line')
    for table in ('statement', 'ledger_line'):
        op.execute(f'ALTER TABLE {table} RENAME COLUMN {old} TO {new}')
        if op.get_context().dialect.name == 'postgresql':
            op.alter_column(table, new, type_=kind)
    if op.get_context().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE statement RENAME CONSTRAINT {old_constraint} TO {new_constraint}')
    op.create_index(f'ix_ledger_line_{new}', 'ledger_line', ['tenant_id', 'settlement_key', new, 'partner_id'])
