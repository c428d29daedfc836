"""sessions on the server, and tries that are counted"""

import sqlalchemy as sa
from alembic import op

revision = 'sessions'
down_revision = 'tenant_secrets'


def upgrade() -> None:
    op.create_table(
        'session',
        sa.Column('id', sa.String(64), nullable=False),
        sa.Column('account_id', sa.String(36), nullable=False),
        sa.Column('created_at', sa.String(24), nullable=False),
        sa.Column('seen_at', sa.String(24), nullable=False),
        sa.Column('expires_at', sa.String(24), nullable=False),
        sa.Column('agent', sa.String(300), nullable=False),
        sa.Column('address', sa.String(45), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_session_account_id'),
        sa.PrimaryKeyConstraint('id', name='pk_session'),
    )
    op.create_index('ix_session_account_id', 'session', ['account_id'])
    op.create_index('ix_session_expires_at', 'session', ['expires_at'])
    op.create_table(
        'attempt',
        sa.Column('key', sa.String(64), nullable=False),
        sa.Column('since', sa.String(24), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('key', name='pk_attempt'),
    )
    op.create_index('ix_attempt_since', 'attempt', ['since'])
