"""own column layouts, and how the columns of an import were understood."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ADDED = (
    (sa.Column("headings", sa.JSON(), nullable=False, server_default="{}"), "headings"),
    (sa.Column("layout", sa.String(), nullable=False, server_default=""), "layout"),
    (sa.Column("constants", sa.JSON(), nullable=False, server_default="{}"), "constants"),
)


def upgrade() -> None:
    op.create_table(
        "column_layout",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("constants", sa.JSON(), nullable=False),
        sa.Column("heading_row", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_layout")),
        sa.UniqueConstraint("name_key", name=op.f("uq_column_layout_name_key")),
    )
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        for column, _name in ADDED:
            batch_op.add_column(column)
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        for _column, name in ADDED:
            batch_op.alter_column(name, server_default=None)
