"""what a package holds: reading forms, or masters; a delivery may send both, side by side."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # until now every package held images, and no dossier had reading forms
    op.add_column("preserved_dossier", sa.Column("reading_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column("package", sa.Column("holds", sa.String(), server_default="masters", nullable=False))
    op.add_column("package", sa.Column("sibling_of", sa.Uuid(), nullable=True))
    op.add_column("delivery", sa.Column("packer", sa.String(), server_default="", nullable=False))
    op.add_column("package", sa.Column("file_name", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE package SET file_name = objid || '.zip' WHERE sha256 IS NOT NULL")
