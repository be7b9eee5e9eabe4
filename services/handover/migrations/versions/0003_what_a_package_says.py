"""what a package says of its dossier."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # empty for packages that were built before: their papers say that it is not known
    op.add_column("package", sa.Column("document_count", sa.Integer(), nullable=True))
    op.add_column("package", sa.Column("fonds_title", sa.Text(), nullable=True))
