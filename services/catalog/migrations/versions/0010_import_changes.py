"""what becomes of each row of an import."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("overwriting", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("previewed_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key("fk_workbook_import_previewed_id", "workbook_import", ["previewed_id"], ["id"])
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        batch_op.alter_column("changed", server_default=None)
        batch_op.alter_column("overwriting", server_default=None)
    op.create_table(
        "import_changes",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["workbook_import.id"], name=op.f("fk_import_changes_import_id")),
        sa.PrimaryKeyConstraint("import_id", "place", name=op.f("pk_import_changes")),
    )
