"""masters are frozen and kept before the package that says so is made."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # empty for sealings that were frozen whole: their manifest names the masters too
    op.add_column("sealing", sa.Column("masters_sha256", sa.String(), nullable=True))
