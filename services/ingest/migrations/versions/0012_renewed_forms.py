"""reading forms made anew for revisions."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "renewed_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("drawn_from", sa.Text(), nullable=False),
        sa.Column("is_divided", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("mib_crc32", sa.LargeBinary(), nullable=False),
        sa.Column("unread_pages", sa.Text(), nullable=False),
        sa.Column("proofs", sa.Text(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_renewed_form_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewed_form")),
        sa.UniqueConstraint("revision_id", "document", name="uq_renewed_form_revision_document"),
    )
