"""wake-ups carry queue and attempt, effects may be timers, executors have a heartbeat"""

import sqlalchemy as sa
from alembic import op

revision = 'jobs'
down_revision = 'search'


def upgrade() -> None:
    op.create_table(
        'executor',
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('place', sa.String(120), nullable=False),
        sa.Column('started_at', sa.String(24), nullable=False),
        sa.Column('seen_at', sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_executor'),
    )
    with op.batch_alter_table('wakeup') as batch_op:
        batch_op.add_column(sa.Column('queue', sa.String(10), nullable=False, server_default='effects'))
        batch_op.add_column(sa.Column('attempt', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('since', sa.String(24), nullable=False, server_default=''))
        batch_op.alter_column('due_at', existing_type=sa.String(24), nullable=True)
    op.execute('UPDATE wakeup SET since = due_at')
    if op.get_bind().dialect.name == 'postgresql':  # its owner is to see every tenant's rows; the walls are raised again afterwards
        op.execute('ALTER TABLE effect NO FORCE ROW LEVEL SECURITY')
    op.execute("""UPDATE wakeup SET queue = CASE WHEN (SELECT kind FROM effect WHERE effect.tenant_id = wakeup.tenant_id
                  AND effect.id = wakeup.effect_id) IN ('webhook', 'send') THEN 'calls' ELSE 'effects' END,
                  attempt = coalesce((SELECT attempts FROM effect WHERE effect.tenant_id = wakeup.tenant_id
                  AND effect.id = wakeup.effect_id), 0)""")
    with op.batch_alter_table('effect') as batch_op:
        batch_op.add_column(sa.Column('token', sa.Integer(), nullable=True))
        batch_op.create_index('ix_effect_state', ['tenant_id', 'state', 'id'])
    there = sa.text('token IS NOT NULL')
    op.create_index('ix_effect_token', 'effect', ['tenant_id', 'ticket_id', 'token'], sqlite_where=there, postgresql_where=there)
    op.execute("""INSERT INTO wakeup (tenant_id, effect_id, queue, attempt, since)
                  SELECT tenant_id, id, CASE WHEN kind IN ('webhook', 'send') THEN 'calls' ELSE 'effects' END, attempts, at
                  FROM effect WHERE state = 'dead'""")


def downgrade() -> None:
    op.execute('DELETE FROM wakeup WHERE due_at IS NULL')
    op.drop_index('ix_effect_token', 'effect')
    with op.batch_alter_table('effect') as batch_op:
        batch_op.drop_index('ix_effect_state')
        batch_op.drop_column('token')
    with op.batch_alter_table('wakeup') as batch_op:
        batch_op.alter_column('due_at', existing_type=sa.String(24), nullable=False)
        batch_op.drop_column('since')
        batch_op.drop_column('attempt')
        batch_op.drop_column('queue')
    op.drop_table('executor')
