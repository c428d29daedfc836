"""the lines of a partner by day, and those of a ticket"""

from alembic import op
from sqlalchemy import text

revision = 'ledger_indexes'
down_revision = 'pack_icon'

FROM_TICKETS = text('ticket_id IS NOT NULL')


def upgrade() -> None:
    op.create_index('ix_ledger_line_partner', 'ledger_line', ['tenant_id', 'settlement_key', 'partner_id', 'date'])
    op.create_index(
        'ix_ledger_line_ticket', 'ledger_line', ['tenant_id', 'ticket_id'],
        sqlite_where=FROM_TICKETS, postgresql_where=FROM_TICKETS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index('ix_ledger_line_ticket', 'ledger_line')
    op.drop_index('ix_ledger_line_partner', 'ledger_line')
