"""a file of lines is read in slices: how far it is, and the turn of each line, by which it is counted"""

import sqlalchemy as sa
from alembic import op

revision = 'intake_pieces'
down_revision = 'tenant_languages'

TURN = sa.String(180).with_variant(sa.String(180, collation='C'), 'postgresql')


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':  # the walls, which are raised again after the migrations
        for table in ('intake', 'intake_line'):
            op.execute(f'ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY')
    for name in ('rows', 'taken'):
        op.add_column('intake', sa.Column(name, sa.Integer(), nullable=False, server_default='0'))
    op.execute('UPDATE intake SET rows = good + repeated + faulty, taken = good + repeated + faulty')
    op.add_column('intake_line', sa.Column('turn', TURN, nullable=False, server_default=''))
    op.execute('UPDATE intake_line SET turn = CAST(1000000 + place AS VARCHAR(7))')
    op.drop_index('ix_intake_line_place', 'intake_line')
    op.drop_column('intake_line', 'place')
    op.create_index('ix_intake_line_turn', 'intake_line', ['tenant_id', 'intake_id', 'turn'])
    op.create_index('uq_intake_line_source', 'intake_line', ['tenant_id', 'intake_id', 'source'], unique=True)


def downgrade() -> None:
    op.drop_index('uq_intake_line_source', 'intake_line')
    op.drop_index('ix_intake_line_turn', 'intake_line')
    op.add_column('intake_line', sa.Column('place', sa.Integer(), nullable=False, server_default='0'))
    op.drop_column('intake_line', 'turn')
    op.create_index('ix_intake_line_place', 'intake_line', ['tenant_id', 'intake_id', 'place'])
    for name in ('rows', 'taken'):
        op.drop_column('intake', name)
