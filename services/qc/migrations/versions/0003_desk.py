"""the inspectors' desk: holds, locks, what was seen, reasons of verdicts, undoing, and what became of rescan orders."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = "verdict IS NULL AND judgement IS NOT NULL AND (judgement <> 'pass' OR is_sampled)"


def add_columns(table: str, *columns: sa.Column) -> None:
    """Add columns; words that may not be missing begin empty."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            if not column.nullable:
                batch_op.alter_column(column.name, existing_type=column.type, server_default=None)


def words(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "page_seen",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "page_id", "version", name=op.f("pk_page_seen")),
    )
    op.create_table(
        "scope_lock",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("inspector", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", name=op.f("pk_scope_lock")),
    )
    change_verdicts()
    change_pages()
    change_orders()


def change_verdicts() -> None:
    add_columns(
        "given_verdict",
        sa.Column("dossier_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        words("sha256"),
        words("reason"),
        sa.Column("undoes", sa.Uuid(), nullable=True),
        sa.Column("bulk", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
    )
    op.execute(
        "UPDATE given_verdict SET dossier_id = (SELECT dossier_id FROM inspected_page"
        " WHERE inspected_page.page_id = given_verdict.page_id)"
    )
    op.create_index("ix_given_verdict_dossier_at", "given_verdict", ["dossier_id", "at"])
    op.create_index("ix_given_verdict_lot_at", "given_verdict", ["lot_id", "at"])
    partial("ix_given_verdict_bulk", "given_verdict", ["bulk"], "bulk IS NOT NULL")


def change_pages() -> None:
    add_columns(
        "inspected_page",
        words("reason"),
        sa.Column("verdict_id", sa.Uuid(), nullable=True),
        sa.Column("held_by", sa.Uuid(), nullable=True),
        sa.Column("held_until", UtcDateTime(), nullable=True),
    )
    op.execute(
        "UPDATE inspected_page SET verdict_id = (SELECT id FROM given_verdict"
        " WHERE given_verdict.page_id = inspected_page.page_id AND given_verdict.version = inspected_page.version"
        ' ORDER BY "at" DESC LIMIT 1) WHERE verdict IS NOT NULL'
    )
    op.execute("UPDATE inspected_page SET is_sampled = true WHERE version > 1 AND verdict IS NULL")
    partial("ix_inspected_page_waiting_dossier", "inspected_page", ["dossier_id", "number"], WAITING)
    partial("ix_inspected_page_waiting_lot", "inspected_page", ["lot_id", "dossier_id", "number"], WAITING)
    partial("ix_inspected_page_held", "inspected_page", ["held_by"], "held_by IS NOT NULL")


def change_orders() -> None:
    add_columns(
        "rescan_order",
        sa.Column("verdict_id", sa.Uuid(), nullable=True),
        sa.Column("fulfilled_version", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
    )
    op.execute(
        "UPDATE rescan_order SET verdict_id = (SELECT id FROM given_verdict"
        " WHERE given_verdict.page_id = rescan_order.page_id AND given_verdict.version = rescan_order.page_version"
        " AND given_verdict.verdict = 'rescan' ORDER BY \"at\" DESC LIMIT 1)"
    )
    op.execute("UPDATE rescan_order SET fulfilled_version = page_version + 1 WHERE NOT is_open")
    op.create_index(op.f("ix_rescan_order_verdict_id"), "rescan_order", ["verdict_id"])
    partial("ix_rescan_order_open", "rescan_order", ["id"], "is_open")
