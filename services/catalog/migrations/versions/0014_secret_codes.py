"""codes that dossiers and documents had which were found secret."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "secret_code",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("file_code", sa.String(), nullable=False),
        sa.Column("fonds_id", sa.Uuid(), nullable=False),
        sa.Column("code_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_secret_code_dossier_id")),
        sa.ForeignKeyConstraint(["fonds_id"], ["fonds.id"], name=op.f("fk_secret_code_fonds_id")),
        sa.PrimaryKeyConstraint("dossier_id", "file_code", name=op.f("pk_secret_code")),
    )
    op.create_index("ix_secret_code_key", "secret_code", ["fonds_id", "code_key"])
    op.create_table(
        "secret_document",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_secret_document_dossier_id")),
        sa.PrimaryKeyConstraint("dossier_id", "version", name=op.f("pk_secret_document")),
    )
