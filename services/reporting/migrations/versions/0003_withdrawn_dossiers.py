"""dossiers that were withdrawn from the plan."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ledger_dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("withdrawal", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("ledger_dossier", schema=None) as batch_op:
        for name in ("withdrawn_version", "withdrawal"):
            batch_op.alter_column(name, server_default=None)
