"""search: grams, and the words of tickets"""

import sqlalchemy as sa
from alembic import op

revision = 'search'
down_revision = 'inbox_index'

GRAM = sa.String(24).with_variant(sa.String(24, collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table(
        'search_gram',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('kind', sa.String(10), nullable=False),
        sa.Column('gram', GRAM, nullable=False),
        sa.Column('subject_id', sa.String(36), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name='fk_search_gram_tenant_id'),
        sa.PrimaryKeyConstraint('tenant_id', 'kind', 'gram', 'subject_id', name='pk_search_gram'),
        sqlite_with_rowid=False,
    )
    op.add_column('ticket', sa.Column('words', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('ticket', 'words')
    op.drop_table('search_gram')
