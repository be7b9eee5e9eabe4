"""what was done by filter with a criterion; documents among what dossiers are found by, which a job brings along."""

from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from shared.clock import now
from shared.columns import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REINDEX, EVERYTHING = "index_documents", UUID(int=0)
DOCUMENT = sa.table("document", sa.column("dossier_id"))
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
    with op.batch_alter_table("bulk_marking", schema=None) as batch_op:
        batch_op.add_column(sa.Column("act", sa.String(), nullable=False, server_default="give"))
    with op.batch_alter_table("bulk_marking", schema=None) as batch_op:
        batch_op.alter_column("act", server_default=None)
    if op.get_bind().execute(sa.select(DOCUMENT.c.dossier_id).limit(1)).first() is not None:
        order_indexing()


def order_indexing() -> None:
    """Let the service index the documents that are there, a few dossiers at a time."""
    counts = {"attempts": 0, "progress_done": 0, "progress_total": 0}
    ordered = {"id": uuid4(), "kind": REINDEX, "subject_id": EVERYTHING, "state": "pending", **counts}
    op.get_bind().execute(sa.insert(JOB).values(**ordered, created_at=now(), not_before=now()))
