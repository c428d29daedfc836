"""tokens with parents and a memory, undo of a step, and who stands in for whom"""

import sqlalchemy as sa
from alembic import op

revision = 'engine'
down_revision = 'calendars'


def upgrade() -> None:
    with op.batch_alter_table('token') as token:
        token.add_column(sa.Column('parent', sa.Integer()))
        token.add_column(sa.Column('memo', sa.JSON(), nullable=False, server_default='{}'))
    op.create_index(
        'ix_token_parent', 'token', ['tenant_id', 'ticket_id', 'parent'],
        sqlite_where=sa.text('parent IS NOT NULL'), postgresql_where=sa.text('parent IS NOT NULL'),
    )
    with op.batch_alter_table('ticket') as ticket:
        ticket.add_column(sa.Column('memo', sa.JSON(), nullable=False, server_default='{}'))
        ticket.add_column(sa.Column('suspended', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index('ix_task_token', 'task', ['tenant_id', 'ticket_id', 'token'])
    with op.batch_alter_table('history') as history:
        history.add_column(sa.Column('said', sa.JSON(), nullable=False, server_default='{}'))
        history.add_column(sa.Column('undo', sa.JSON()))
    op.create_table(
        'absence',
        sa.Column('tenant_id', sa.String(36), nullable=False),
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('member_id', sa.String(36), nullable=False),
        sa.Column('deputy_id', sa.String(36), nullable=False),
        sa.Column('since', sa.String(24), nullable=False),
        sa.Column('until', sa.String(24), nullable=False),
        sa.Column('note', sa.String(200), nullable=False),
        sa.Column('by', sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'member_id'], ['member.tenant_id', 'member.id']),
        sa.ForeignKeyConstraint(['tenant_id', 'deputy_id'], ['member.tenant_id', 'member.id']),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id']),
        sa.PrimaryKeyConstraint('tenant_id', 'id'),
    )
    op.create_index('ix_absence_member', 'absence', ['tenant_id', 'member_id', 'until'])


def downgrade() -> None:
    op.drop_table('absence')
    with op.batch_alter_table('history') as history:
        history.drop_column('undo')
        history.drop_column('said')
    op.drop_index('ix_task_token', 'task')
    with op.batch_alter_table('ticket') as ticket:
        ticket.drop_column('suspended')
        ticket.drop_column('memo')
    op.drop_index('ix_token_parent', 'token')
    with op.batch_alter_table('token') as token:
        token.drop_column('memo')
        token.drop_column('parent')
