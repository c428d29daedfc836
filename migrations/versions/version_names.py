"""a version may have a name"""

import sqlalchemy as sa
from alembic import op

revision = 'version_names'
down_revision = 'presence'


def upgrade() -> None:
    op.add_column('version', sa.Column('name', sa.String(100), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('version', 'name')
