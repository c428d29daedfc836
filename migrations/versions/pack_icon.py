"""the icon of a pack that was taken in, so that it is exported again as it came"""

import sqlalchemy as sa
from alembic import op

revision = 'pack_icon'
down_revision = 'intake_pieces'


def upgrade() -> None:
    op.add_column('installed_pack', sa.Column('icon', sa.String(40), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('installed_pack', 'icon')
