"""who an account is at a provider"""

import sqlalchemy as sa
from alembic import op

revision = 'identities'
down_revision = 'proven_accounts'


def upgrade() -> None:
    op.create_table(
        'identity',
        sa.Column('issuer', sa.String(300), nullable=False),
        sa.Column('subject', sa.String(255), nullable=False),
        sa.Column('account_id', sa.String(36), nullable=False),
        sa.Column('created_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_identity_account_id'),
        sa.PrimaryKeyConstraint('issuer', 'subject', name='pk_identity'),
    )
    op.create_index('ix_identity_account_id', 'identity', ['account_id'])
