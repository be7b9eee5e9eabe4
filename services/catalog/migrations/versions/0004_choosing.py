"""choosing: what dossiers are made of, the proofs that they may be chosen, and the index that they are found by.

Whoever makes the table `dossier_index` anew on SQLite (a batch does) has to make its triggers anew, too.
"""

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from services.catalog.domain.terms import TOLD, entry_of
from shared.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODES = ("kind", "carrier", "arrangement_on")
TEXTS = ("box", "shelf", "arrangement_number", "secrecy_by", "secrecy_decision")
AT_ONCE = 500
LISTS = {"conditions": "[]", "sheet_sizes": "{}", "page_sizes": "{}"}


def upgrade() -> None:
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        for name in CODES:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
        for name, empty in LISTS.items():
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=empty))
        batch_op.add_column(sa.Column("is_legible", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("removed_sheet_count", sa.Integer(), nullable=True))
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        for name in (*TEXTS, *LISTS, "is_legible"):
            batch_op.alter_column(name, server_default=None)
        batch_op.drop_column("folded")
    op.create_table(
        "dossier_index",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=True),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_dossier_index_dossier_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dossier_index")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_dossier_index_dossier_id")),
    )
    op.create_index("ix_dossier_index_first_year", "dossier_index", ["first_year"])
    op.create_index("ix_dossier_index_last_year", "dossier_index", ["last_year"])
    op.create_table(
        "bulk_marking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("dossier_count", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_marking")),
    )
    op.create_table(
        "bulk_marked",
        sa.Column("marking_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["marking_id"], ["bulk_marking.id"], name=op.f("fk_bulk_marked_marking_id")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_bulk_marked_dossier_id")),
        sa.PrimaryKeyConstraint("marking_id", "dossier_id", name=op.f("pk_bulk_marked")),
    )
    for statement in FULL_TEXT[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
    index_all(op.get_bind())


FULL_TEXT = {
    "postgresql": (
        """ALTER TABLE dossier_index ADD COLUMN vector tsvector GENERATED ALWAYS AS (
            to_tsvector('simple'::regconfig, words) || array_to_tsvector(string_to_array(codes, ' '))
        ) STORED""",
        "CREATE INDEX ix_dossier_index_vector ON dossier_index USING gin (vector)",
    ),
    "sqlite": (
        """CREATE VIRTUAL TABLE dossier_terms USING fts5(
            terms, content='', prefix='2 3', tokenize="ascii tokenchars ':_'"
        )""",
        """CREATE TRIGGER dossier_index_added AFTER INSERT ON dossier_index BEGIN
            INSERT INTO dossier_terms(rowid, terms) VALUES (NEW.number, NEW.words || ' ' || NEW.codes);
        END""",
        """CREATE TRIGGER dossier_index_changed AFTER UPDATE ON dossier_index
        WHEN OLD.words <> NEW.words OR OLD.codes <> NEW.codes BEGIN
            INSERT INTO dossier_terms(dossier_terms, rowid, terms)
            VALUES ('delete', OLD.number, OLD.words || ' ' || OLD.codes);
            INSERT INTO dossier_terms(rowid, terms) VALUES (NEW.number, NEW.words || ' ' || NEW.codes);
        END""",
        """CREATE TRIGGER dossier_index_removed AFTER DELETE ON dossier_index BEGIN
            INSERT INTO dossier_terms(dossier_terms, rowid, terms)
            VALUES ('delete', OLD.number, OLD.words || ' ' || OLD.codes);
        END""",
    ),
}


def index_all(connection: Connection) -> None:
    """Index the dossiers that are there, in order of their ids."""
    kinds = {"id": sa.Uuid(), "fonds_id": sa.Uuid(), "list_id": sa.Uuid(), "languages": sa.JSON()}
    kinds |= {name: sa.JSON() for name in LISTS}
    dossier = sa.table("dossier", *(sa.column(name, kinds.get(name)) for name in ("id", *TOLD)))
    mark = sa.table("criterion_mark", sa.column("dossier_id", sa.Uuid()), sa.column("criterion"))
    index = sa.table(
        "dossier_index",
        *(sa.column(name, sa.Uuid() if name == "dossier_id" else None) for name in INDEXED),
    )
    last: dict[str, Any] = {}
    while True:
        asked = sa.select(dossier).order_by(dossier.c.id).limit(AT_ONCE)
        rows = connection.execute(asked.where(dossier.c.id > last["id"]) if last else asked).mappings().all()
        if not rows:
            return
        last = dict(rows[-1])
        marks = sa.select(mark).where(mark.c.dossier_id.in_([row["id"] for row in rows])).order_by(mark.c.dossier_id)
        criteria = {
            dossier_id: [each.criterion for each in group]
            for dossier_id, group in groupby(connection.execute(marks), lambda row: row.dossier_id)
        }
        entries = [{"dossier_id": row["id"], **entry_of(row, criteria.get(row["id"], ())).columns()} for row in rows]
        connection.execute(sa.insert(index), entries)


INDEXED = ("dossier_id", "words", "codes", "first_year", "last_year")
