"""what is told of fonds, versions and the past of fonds and series, and what their codes are folded to; those alike are marked and stay."""

import sqlalchemy as sa
from alembic import op

from services.catalog.domain.file_code import folded_code
from shared.columns import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = ("history", "arrangement", "other_types", "lookup_tools", "note")
APART = sa.text("NOT has_code_alike")


def upgrade() -> None:
    for table, owner in (("fonds", ()), ("series", ("fonds_id",))):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
            batch_op.add_column(sa.Column("code_key", sa.String(), nullable=False, server_default=""))
            batch_op.add_column(sa.Column("has_code_alike", sa.Boolean(), nullable=False, server_default=sa.false()))
        fold(table, owner)
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in ("version", "code_key", "has_code_alike"):
                batch_op.alter_column(name, server_default=None)
            batch_op.create_index(
                f"uq_{table}_code_key", [*owner, "code_key"], unique=True, sqlite_where=APART, postgresql_where=APART
            )
    describe()
    op.create_table(
        "holding_past",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "version", name=op.f("pk_holding_past")),
    )


def fold(name: str, owner: tuple[str, ...]) -> None:
    """Fold the codes that are there; of those alike all but the oldest are marked."""
    database = op.get_bind()
    columns = ("code_key", "has_code_alike", "code", *owner)
    table = sa.table(name, sa.column("id", sa.Uuid()), *(sa.column(each) for each in columns))
    seen: set[tuple[object, ...]] = set()
    for row in database.execute(sa.select(table).order_by(table.c.id)).all():
        told = row._mapping
        key = (*(told[each] for each in owner), folded_code(told["code"]))
        values = {"code_key": key[-1], "has_code_alike": key in seen}
        database.execute(sa.update(table).where(table.c.id == told["id"]).values(values))
        seen.add(key)


def describe() -> None:
    """Add what is told of a fonds; of those that are there nothing is."""
    with op.batch_alter_table("fonds", schema=None) as batch_op:
        for name in ("status", "starts_on", "ends_on"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))
        batch_op.add_column(sa.Column("reserve", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("fonds", schema=None) as batch_op:
        for name in ("languages", *TEXTS):
            batch_op.alter_column(name, server_default=None)
