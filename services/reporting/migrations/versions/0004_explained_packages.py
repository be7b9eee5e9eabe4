"""packages that were explained instead of replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ledger_package", schema=None) as batch_op:
        batch_op.add_column(sa.Column("explanation", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("ledger_package", schema=None) as batch_op:
        batch_op.alter_column("explanation", server_default=None)
