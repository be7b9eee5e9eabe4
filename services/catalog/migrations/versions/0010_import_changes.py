"""what becomes of each row of an import, and no two file codes of a fonds that fold to one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


SHARED = """UPDATE dossier SET has_code_alike = {true} WHERE EXISTS (
    SELECT 1 FROM dossier other
    WHERE other.fonds_id = dossier.fonds_id AND other.code_key = dossier.code_key AND other.id < dossier.id
)"""


def upgrade() -> None:
    keep_changes()
    set_codes_apart()


def set_codes_apart() -> None:
    """Let no further code fold to one that is there; dossiers that share one already stay as they are, and say so."""
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("has_code_alike", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(SHARED.format(true="1" if op.get_bind().dialect.name == "sqlite" else "true"))
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.alter_column("has_code_alike", server_default=None)
    apart = sa.text("NOT has_code_alike")
    op.create_index(
        "uq_dossier_code_key",
        "dossier",
        ["fonds_id", "code_key"],
        unique=True,
        sqlite_where=apart,
        postgresql_where=apart,
    )


def keep_changes() -> None:
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
