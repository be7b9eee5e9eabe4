"""what was done by filter with a criterion."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bulk_marking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("act", sa.String(), nullable=False, server_default="give"))
    with op.batch_alter_table("bulk_marking", schema=None) as batch_op:
        batch_op.alter_column("act", server_default=None)
