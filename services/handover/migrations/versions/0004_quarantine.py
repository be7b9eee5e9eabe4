"""quarantine: which preserved packages are good in no store."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quarantine",
        sa.Column("objid", sa.String(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("is_quarantined", sa.Boolean(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("objid", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_dossier_id"), "quarantine", ["dossier_id"], unique=False)
