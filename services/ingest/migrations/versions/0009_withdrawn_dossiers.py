"""withdrawn dossiers, and descriptions that were approved too late for what is sealed."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXTS = ("withdrawal_reason", "acceptance", "later_approval")


def upgrade() -> None:
    with op.batch_alter_table("scan_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("withdrawn_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_from", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("later_version", sa.Integer(), nullable=True))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("scan_order", schema=None) as batch_op:
        for name in ("withdrawn_version", *TEXTS):
            batch_op.alter_column(name, server_default=None)
