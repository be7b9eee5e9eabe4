"""open deliveries that are given up, because nobody can answer for them any more."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("giving_up_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("giving_up_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("given_up_by", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("given_up_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        for name in ("giving_up_reason", "given_up_by"):
            batch_op.alter_column(name, server_default=None)
