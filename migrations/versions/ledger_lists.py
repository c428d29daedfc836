"""lines and statements are listed, and those of a period counted, from an index"""

from alembic import op

revision = 'ledger_lists'
down_revision = 'ledger_indexes'

PERIOD = ['tenant_id', 'settlement_key', 'period']


def upgrade() -> None:
    op.create_index('ix_ledger_line_date', 'ledger_line', [*PERIOD, 'date', 'id', 'partner_id', 'statement_id'])
    op.create_index('ix_statement_period', 'statement', [*PERIOD, 'partner_title', 'state'])


def downgrade() -> None:
    op.drop_index('ix_statement_period', 'statement')
    op.drop_index('ix_ledger_line_date', 'ledger_line')
