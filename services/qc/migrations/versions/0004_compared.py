"""which pages were compared with the others of their dossier."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # the default stays, for without it SQLite would copy the whole table
    op.add_column("inspected_page", sa.Column("is_compared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(  # until now a page was compared in the transaction that checked it or drew its dossier's sample
        "UPDATE inspected_page SET is_compared = true WHERE judgement IS NOT NULL AND dossier_id IN"
        " (SELECT dossier_id FROM inspected_dossier WHERE seed IS NOT NULL)"
    )
