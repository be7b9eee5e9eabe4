"""choosing: what dossiers are made of, and the proofs that they may be chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODES = ("kind", "carrier", "arrangement_on")
TEXTS = ("box", "shelf", "arrangement_number", "secrecy_by", "secrecy_decision")
LISTS = {"conditions": "[]", "sheet_sizes": "{}", "page_sizes": "{}"}


def upgrade() -> None:
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        for name in CODES:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name, empty in LISTS.items():
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
        batch_op.add_column(sa.Column("is_legible", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("removed_sheet_count", sa.Integer(), nullable=True))
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        for name in (*TEXTS, *LISTS, "is_legible"):
            batch_op.alter_column(name, server_default=None)
