"""layouts and generated files in portions, so that a request reads what it serves and no more.

Packages that are laid out already stay as they are: each is carried over when it is first asked for, since the sums of
its files lie in the stores.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SCALES = ("zip", "directory", "tar")


def upgrade() -> None:
    op.create_table(
        "package_layout",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("file_count", sa.Integer(), nullable=False),
        *(sa.Column(f"{scale}_end", sa.BigInteger(), nullable=False) for scale in SCALES),
        sa.Column("mark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_package_layout_package_id")),
        sa.PrimaryKeyConstraint("package_id", name=op.f("pk_package_layout")),
    )
    op.create_table(
        "layout_portion",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        *(sa.Column(f"{scale}_at", sa.BigInteger(), nullable=False) for scale in SCALES),
        sa.Column("files", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_layout_portion_package_id")),
        sa.PrimaryKeyConstraint("package_id", "place", name=op.f("pk_layout_portion")),
    )
    for scale in SCALES:
        op.create_index(f"ix_layout_portion_{scale}", "layout_portion", ["package_id", f"{scale}_at"])
    op.create_table(
        "generated_piece",
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("mib", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_generated_piece_package_id")),
        sa.PrimaryKeyConstraint("package_id", "path", "mib", name=op.f("pk_generated_piece")),
    )
