"""what the checker of a reading form said of it; not known of those made before."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proofs", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.alter_column("proofs", server_default=None)
