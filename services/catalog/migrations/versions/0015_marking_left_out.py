"""which dossiers were left out when an act of marking was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    left_out = sa.Column("left_out", sa.JSON(), nullable=False, server_default="[]")
    with op.batch_alter_table("bulk_marking") as batch_op:
        batch_op.add_column(left_out)
    with op.batch_alter_table("bulk_marking") as batch_op:
        batch_op.alter_column("left_out", server_default=None)
