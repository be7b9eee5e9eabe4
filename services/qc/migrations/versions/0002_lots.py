"""which lot a dossier and its pages are in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("inspected_dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lot_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_inspected_dossier_lot_id"), ["lot_id"], unique=False)

    with op.batch_alter_table("inspected_page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lot_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "ix_inspected_page_lot",
            ["lot_id", "verdict", "is_sampled", "judgement", "dossier_id", "number"],
            unique=False,
        )
