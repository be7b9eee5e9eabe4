"""swept incoming: when a dossier was preserved and released, when an upload grew, and strays."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stray",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stray")),
    )
    with op.batch_alter_table("scan_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("preserved_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("released_at", UtcDateTime(), nullable=True))
    op.execute(
        "UPDATE scan_order SET preserved_at = (SELECT max(verified_at) FROM copy"
        " WHERE copy.dossier_id = scan_order.dossier_id) WHERE state = 'preserved'"
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("grown_at", UtcDateTime(), nullable=True))
    op.execute("UPDATE upload SET grown_at = created_at")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.alter_column("grown_at", existing_type=UtcDateTime(), nullable=False)
        batch_op.create_index(batch_op.f("ix_upload_grown_at"), ["grown_at"], unique=False)
