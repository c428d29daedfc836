"""a tenant's own calendar"""

import sqlalchemy as sa
from alembic import op

revision = 'calendars'
down_revision = 'letters'


def upgrade() -> None:
    op.add_column('tenant', sa.Column('calendar', sa.String(40), nullable=True))
