"""how the text of an import was typed; file codes folded anew, with letters that look like others.

A job words the index anew where it holds such letters.
"""

from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from services.catalog.domain.file_code import folded_code
from shared.clock import now
from shared.columns import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REWORD, EVERYTHING = "index_strokes", UUID(int=0)
ASKED = ("words LIKE '%uf0%'", "words LIKE '%u256%'")
DOSSIER = sa.table(
    "dossier",
    *(sa.column(name, sa.Uuid()) for name in ("id", "fonds_id")),
    *(sa.column(name) for name in ("file_code", "code_key")),
    sa.column("has_code_alike", sa.Boolean()),
)
JOB = sa.table(
    "job",
    sa.column("id", sa.Uuid()),
    sa.column("kind"),
    sa.column("subject_id", sa.Uuid()),
    sa.column("state"),
    *(sa.column(name) for name in ("attempts", "progress_done", "progress_total")),
    *(sa.column(name, UtcDateTime()) for name in ("created_at", "not_before")),
)


def upgrade() -> None:
    for table in ("workbook_import", "column_layout"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("encoding", sa.String(), nullable=False, server_default="recognise"))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("encoding", server_default=None)
    fold_codes()
    if op.get_bind().execute(sa.text(f"SELECT 1 FROM dossier_index WHERE {' OR '.join(ASKED)}")).first() is not None:  # noqa: S608
        order_wording()


def fold_codes() -> None:
    """Fold codes anew; one that is too much like another by now stays as it is, and says so."""
    columns = DOSSIER.c
    rows = op.get_bind().execute(sa.select(*columns).order_by(columns.id)).all()
    for row in rows:
        key = "" if row.file_code.isascii() else folded_code(row.file_code)
        if key and key != row.code_key:
            is_alike = row.has_code_alike or is_taken(row, key)
            changed = sa.update(DOSSIER).where(columns.id == row.id)
            op.get_bind().execute(changed.values(code_key=key, has_code_alike=is_alike))


def is_taken(row: Any, key: str) -> bool:  # noqa: ANN401 - a row of no model
    """Say whether another dossier of the fonds has a key for itself."""
    columns = DOSSIER.c
    others = sa.select(columns.id).where(columns.fonds_id == row.fonds_id, columns.code_key == key)
    return op.get_bind().execute(others.where(~columns.has_code_alike, columns.id != row.id)).first() is not None


def order_wording() -> None:
    """Let the service word the index of such dossiers anew, a few at a time."""
    counts = {"attempts": 0, "progress_done": 0, "progress_total": 0}
    ordered = {"id": uuid4(), "kind": REWORD, "subject_id": EVERYTHING, "state": "pending", **counts}
    op.get_bind().execute(sa.insert(JOB).values(**ordered, created_at=now(), not_before=now()))
