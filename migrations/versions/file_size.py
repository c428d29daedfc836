"""how much a tenant keeps is read from the index alone"""

from alembic import op

revision = 'file_size'
down_revision = 'scopes'


def upgrade() -> None:
    op.create_index('ix_file_size', 'file', ['tenant_id', 'size'])


def downgrade() -> None:
    op.drop_index('ix_file_size', 'file')
