"""who entered a receipt that came in a file."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_by", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.alter_column("entered_by", server_default=None)
