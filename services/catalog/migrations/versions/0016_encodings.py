"""how the text of an import was typed, and what a column layout says of that."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("workbook_import", "column_layout"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("encoding", sa.String(), nullable=False, server_default="recognise"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("encoding", server_default=None)
