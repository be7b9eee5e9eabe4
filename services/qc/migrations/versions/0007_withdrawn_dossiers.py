"""which approval of a dossier is the newest, which no longer hold, and what kind of documents it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COLUMNS = ("approved_version", "withdrawn_version")


def upgrade() -> None:
    with op.batch_alter_table("inspected_dossier", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=True))
    with op.batch_alter_table("inspected_dossier", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.alter_column(name, server_default=None)
