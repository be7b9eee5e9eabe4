"""scrubbed copies: when each was last looked at, its state, and the fixity log."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fixity_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("objid", sa.String(), nullable=False),
        sa.Column("store", sa.String(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("object_count", sa.Integer(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixity_check")),
    )
    op.create_index(op.f("ix_fixity_check_dossier_id"), "fixity_check", ["dossier_id"], unique=False)
    op.create_index("ix_fixity_check_objid", "fixity_check", ["objid", "store"], unique=False)
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("checked_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(), nullable=True))
    op.execute("UPDATE copy SET checked_at = verified_at, state = 'whole'")
    with op.batch_alter_table("copy", schema=None) as batch_op:
        batch_op.alter_column("checked_at", existing_type=UtcDateTime(), nullable=False)
        batch_op.alter_column("state", existing_type=sa.String(), nullable=False)
