"""reading forms: one PDF/A a document on its way to the sealing, and what was read on each page."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("crc32", sa.BigInteger(), nullable=True),
        sa.Column("mib_crc32", sa.LargeBinary(), nullable=False),
        sa.Column("unread_pages", sa.Text(), nullable=False),
        sa.Column("guessed_pages", sa.Text(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["scan_order.dossier_id"], name=op.f("fk_reading_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("dossier_id", "document", name="uq_reading_dossier_document"),
    )
    op.create_table(
        "page_reading",
        sa.Column("master_id", sa.Uuid(), nullable=False),
        sa.Column("reading_id", sa.Uuid(), nullable=False),
        sa.Column("page_number", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["master_id"], ["master.id"], name=op.f("fk_page_reading_master_id")),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name=op.f("fk_page_reading_reading_id")),
        sa.PrimaryKeyConstraint("master_id", name=op.f("pk_page_reading")),
    )
    op.create_index(op.f("ix_page_reading_reading_id"), "page_reading", ["reading_id"], unique=False)
