"""verdicts that were refused for good, so that their keys get the same answer when they come again."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_verdict",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_refused_verdict")),
    )
    op.create_index(op.f("ix_refused_verdict_at"), "refused_verdict", ["at"])
