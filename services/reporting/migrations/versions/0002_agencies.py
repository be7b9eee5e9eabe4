"""what agencies are told of: difficulties, and what they transfer."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reported_difficulty",
        sa.Column("difficulty_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("agency_name", sa.Text(), nullable=False),
        sa.Column("agency_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("kind_vi", sa.String(), nullable=False),
        sa.Column("kind_en", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("difficulty_id", name=op.f("pk_reported_difficulty")),
    )
    with op.batch_alter_table("reported_difficulty", schema=None) as batch_op:
        batch_op.create_index("ix_reported_difficulty_year", ["year", "difficulty_id"], unique=False)

    op.create_table(
        "reported_transfer",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("agency_name", sa.Text(), nullable=False),
        sa.Column("agency_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planned_year", sa.Integer(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("dossier_count", sa.Integer(), nullable=False),
        sa.Column("shelf_cm", sa.Integer(), nullable=False),
        sa.Column("arrangements", sa.JSON(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("received_dossier_count", sa.Integer(), nullable=False),
        sa.Column("received_shelf_cm", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_reported_transfer")),
    )
