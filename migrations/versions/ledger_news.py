"""what has come since of a partner's lines is found in an index, with its days"""

from alembic import op

revision = 'ledger_news'
down_revision = 'bulk_how'

OF_PARTNER = ['tenant_id', 'settlement_key', 'partner_id', 'date']


def upgrade() -> None:
    op.drop_index('ix_ledger_line_partner', 'ledger_line')
    op.create_index('ix_ledger_line_partner', 'ledger_line', [*OF_PARTNER, 'at'])


def downgrade() -> None:
    op.drop_index('ix_ledger_line_partner', 'ledger_line')
    op.create_index('ix_ledger_line_partner', 'ledger_line', OF_PARTNER)
