"""second factors, their recovery codes, and tenants that demand one"""

import sqlalchemy as sa
from alembic import op

revision = 'second_factor'
down_revision = 'sessions'


def upgrade() -> None:
    op.create_table(
        'second_factor',
        sa.Column('account_id', sa.String(36), nullable=False),
        sa.Column('sealed', sa.Text(), nullable=False),
        sa.Column('last_step', sa.Integer(), nullable=False),
        sa.Column('enrolled_at', sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_second_factor_account_id'),
        sa.PrimaryKeyConstraint('account_id', name='pk_second_factor'),
    )
    op.create_table(
        'recovery_code',
        sa.Column('account_id', sa.String(36), nullable=False),
        sa.Column('hash', sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name='fk_recovery_code_account_id'),
        sa.PrimaryKeyConstraint('account_id', 'hash', name='pk_recovery_code'),
    )
    op.add_column('tenant', sa.Column('second_factor', sa.Boolean(), nullable=False, server_default=sa.false()))
