"""accounts whose owner is known"""

import sqlalchemy as sa
from alembic import op

revision = 'proven_accounts'
down_revision = 'api'


def upgrade() -> None:
    op.add_column('account', sa.Column('proven', sa.Boolean(), nullable=False, server_default=sa.true()))
