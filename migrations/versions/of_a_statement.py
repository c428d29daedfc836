"""the lines of a statement, and the tickets about something, are looked up; all of the company's were read for them"""

import sqlalchemy as sa
from alembic import op

revision = 'of_a_statement'
down_revision = 'bulk_principal'

INDEXES = (
    ('ix_ledger_line_statement', 'ledger_line', ['tenant_id', 'statement_id', 'date', 'id'], 'statement_id'),
    ('ix_ticket_subject', 'ticket', ['tenant_id', 'subject'], 'subject'),
)


def upgrade() -> None:
    for name, table, columns, value in INDEXES:
        given = sa.text(f'{value} IS NOT NULL')
        op.create_index(name, table, columns, sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)
