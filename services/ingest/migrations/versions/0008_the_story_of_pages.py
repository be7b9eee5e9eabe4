"""what happened to a page elsewhere: how it was scanned, checked and judged, until its package tells it."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scan_setup",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("make", "model", "serial", "software", "operator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_setup")),
    )
    op.add_column("master", sa.Column("scanned_at", UtcDateTime(), nullable=True))
    op.add_column("master", sa.Column("scan_setup_id", sa.Uuid(), nullable=True))
    op.add_column("upload", sa.Column("capture", sa.Text(), server_default="", nullable=False))
    # unknown for sealings that were frozen before: nothing had been heard of their pages
    op.add_column("sealing", sa.Column("a4_equivalents", sa.Integer(), nullable=True))
    checks()
    verdicts()


def checks() -> None:
    op.create_table(
        "page_check",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("judgement", sa.String(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("a4_equivalents", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("page_id", "version", name=op.f("pk_page_check")),
    )
    op.create_index(op.f("ix_page_check_dossier_id"), "page_check", ["dossier_id"], unique=False)


def verdicts() -> None:
    op.create_table(
        "page_verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("page_version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("is_bulk", sa.Boolean(), nullable=False),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("inspector", sa.String(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_verdict")),
    )
    op.create_index(op.f("ix_page_verdict_dossier_id"), "page_verdict", ["dossier_id"], unique=False)
