"""imports are jobs: their state, how far they are, and what was uploaded."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = (  # every import that is there was made in one go
    (sa.Column("state", sa.String(), nullable=False, server_default="done"), "state"),
    (sa.Column("by", sa.String(), nullable=False, server_default=""), "by"),
    (sa.Column("valid_rows", sa.Boolean(), nullable=False, server_default=sa.false()), "valid_rows"),
    (sa.Column("kind", sa.String(), nullable=False, server_default="xlsx"), "kind"),
    (sa.Column("head_count", sa.Integer(), nullable=False, server_default="0"), "head_count"),
    (sa.Column("columns", sa.JSON(), nullable=False, server_default="{}"), "columns"),
    (sa.Column("read_count", sa.Integer(), nullable=False, server_default="0"), "read_count"),
)


def upgrade() -> None:
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        for column, _name in ADDED:
            batch_op.add_column(column)
        batch_op.alter_column("fonds_id", existing_type=sa.Uuid(), nullable=True)  # of fonds themselves there is none
        batch_op.create_index("ix_workbook_import_at", ["at"], unique=False)
    op.execute('UPDATE workbook_import SET read_count = "rows"')
    op.execute("UPDATE workbook_import SET state = 'rejected' WHERE rejected > 0 AND created + updated + unchanged = 0")
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        for _column, name in ADDED:
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "import_portion",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["workbook_import.id"], name=op.f("fk_import_portion_import_id")),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_portion")),
    )
