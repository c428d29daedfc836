"""who does something to several tickets at once; what all statements come to is added up from an index"""

import sqlalchemy as sa
from alembic import op

revision = 'bulk_principal'
down_revision = 'ledger_news'

FIGURES = ['net', 'tax', 'gross', 'count']


def upgrade() -> None:
    op.add_column('bulk', sa.Column('principal', sa.String(60), nullable=False, server_default=''))
    op.create_index('ix_statement_totals', 'statement', ['tenant_id', 'settlement_key', 'currency', 'state', *FIGURES])


def downgrade() -> None:
    op.drop_index('ix_statement_totals', 'statement')
    op.drop_column('bulk', 'principal')
