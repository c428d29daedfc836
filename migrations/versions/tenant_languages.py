"""further languages of a tenant"""

import sqlalchemy as sa
from alembic import op

revision = 'tenant_languages'
down_revision = 'intake'


def upgrade() -> None:
    op.add_column('tenant', sa.Column('languages', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    op.drop_column('tenant', 'languages')
