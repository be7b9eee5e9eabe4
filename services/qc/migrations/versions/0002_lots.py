"""lots."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("is_resubmitted", sa.Boolean(), nullable=False),
        sa.Column("leave", sa.String(), nullable=False),
        sa.Column("leave_by", sa.String(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=True),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index("ix_lot_series", ["series", "decided_at"], unique=False)
        batch_op.create_index("ix_lot_state", ["state", "id"], unique=False)

    op.create_table(
        "lot_dossier",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_dossier_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "dossier_id", name=op.f("pk_lot_dossier")),
    )
    with op.batch_alter_table("lot_dossier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_dossier_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "sampled_page",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said_before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_sampled_page_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", "place", name=op.f("pk_sampled_page")),
    )
    with op.batch_alter_table("sampled_page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sampled_page_page_id"), ["page_id"], unique=False)

    with op.batch_alter_table("inspected_dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lot_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_inspected_dossier_lot_id"), ["lot_id"], unique=False)

    with op.batch_alter_table("inspected_page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lot_id", sa.Uuid(), nullable=True))
        batch_op.create_index(
            "ix_inspected_page_lot",
            ["lot_id", "dossier_id", "number", "verdict", "is_sampled", "judgement"],
            unique=False,
        )
        batch_op.create_index("ix_inspected_page_lot_page", ["lot_id", "page_id"], unique=False)
