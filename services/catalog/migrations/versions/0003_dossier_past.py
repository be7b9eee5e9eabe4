"""the past of dossiers: what each act changed."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier_past",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_past_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "version", name=op.f("pk_dossier_past")),
    )
