"""lists are appraised, numbered and amended; what they approved is entered, with remarks and the decision; archiving."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXTS = ("appraised_by", "decision_number", "decision_signer", "document_name", "document_sha256")
LONG_TEXTS = ("opinion", "amendment_reason")
NUMBERS = {"round": "0", "edition": "1", "document_size": "0"}


def upgrade() -> None:
    with op.batch_alter_table("selection_list", schema=None) as batch_op:
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name in LONG_TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name, value in NUMBERS.items():
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=value))
        batch_op.add_column(sa.Column("appraiser_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("appraised_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("decision_signed_on", sa.Date(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_selection_list_replaces_id"), "selection_list", ["replaces_id"], ["id"])
        batch_op.create_unique_constraint("uq_selection_list_number", ["fonds_id", "year", "number", "edition"])
        batch_op.create_index("ix_selection_list_replaces_id", ["replaces_id"], unique=False)
    with op.batch_alter_table("selection_list", schema=None) as batch_op:
        for name in (*TEXTS, *LONG_TEXTS, *NUMBERS):
            batch_op.alter_column(name, server_default=None)
    op.execute("UPDATE selection_list SET round = 1 WHERE submitted_at IS NOT NULL")
    op.create_table(
        "list_entry",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("series_code", sa.String(), nullable=True),
        sa.Column("file_code", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sheet_count", sa.Integer(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("page_sizes", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_list_entry_dossier_id")),
        sa.ForeignKeyConstraint(["list_id"], ["selection_list.id"], name=op.f("fk_list_entry_list_id")),
        sa.PrimaryKeyConstraint("list_id", "number", name=op.f("pk_list_entry")),
        sa.UniqueConstraint("list_id", "dossier_id", name="uq_list_entry_dossier"),
    )
    op.create_index(op.f("ix_list_entry_dossier_id"), "list_entry", ["dossier_id"])
    op.create_table(
        "list_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_list_remark_dossier_id")),
        sa.ForeignKeyConstraint(["list_id"], ["selection_list.id"], name=op.f("fk_list_remark_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_remark")),
    )
    op.create_index("ix_list_remark_list_id", "list_remark", ["list_id", "id"])
    op.create_table(
        "list_document",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["selection_list.id"], name=op.f("fk_list_document_list_id")),
        sa.PrimaryKeyConstraint("list_id", "sha256", name=op.f("pk_list_document")),
    )
    for table in ("dossier", "series", "selection_list"):
        op.add_column(table, sa.Column("archived_at", UtcDateTime(), nullable=True))
    op.create_table(
        "archiving",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("recovered_by", sa.String(), nullable=False),
        sa.Column("recovered_at", UtcDateTime(), nullable=True),
        sa.Column("recovery_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archiving")),
    )
    op.create_index("ix_archiving_subject", "archiving", ["kind", "subject_id", "id"])
