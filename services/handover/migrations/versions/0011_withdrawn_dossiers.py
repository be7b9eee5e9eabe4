"""which dossiers stand on an approved list, and which were withdrawn from it."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listed_dossier",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("approved_version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_version", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_listed_dossier")),
    )
