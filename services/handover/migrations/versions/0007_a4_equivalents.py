"""how many A4 pages a dossier counts for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # unknown for dossiers that were preserved before anybody told it
    op.add_column("preserved_dossier", sa.Column("a4_equivalents", sa.Integer(), nullable=True))
