"""indexes to read what people said of pages, and to count what the machine flagged under each profile."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LOOKED_AT = sa.text("undoes IS NULL AND bulk IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_given_verdict_looked_at", "given_verdict", ["id"], sqlite_where=LOOKED_AT, postgresql_where=LOOKED_AT
    )
    op.create_index("ix_page_check_profile_judgement", "page_check", ["profile", "judgement"])
