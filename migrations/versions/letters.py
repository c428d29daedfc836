"""letters of the platform itself, and wake-ups for them"""

import sqlalchemy as sa
from alembic import op

revision = 'letters'
down_revision = 'file_size'


def upgrade() -> None:
    op.create_table(
        'letter',
        sa.Column('id', sa.String(36), nullable=False),
        sa.Column('email', sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_letter'),
    )
    with op.batch_alter_table('wakeup') as batch_op:
        batch_op.drop_constraint('fk_wakeup_tenant_id', type_='foreignkey')


def downgrade() -> None:
    op.execute("DELETE FROM wakeup WHERE tenant_id = 'platform'")
    with op.batch_alter_table('wakeup') as batch_op:
        batch_op.create_foreign_key('fk_wakeup_tenant_id', 'tenant', ['tenant_id'], ['id'])
    op.drop_table('letter')
