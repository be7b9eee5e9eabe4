"""a job lets dossiers be found by the lists that they were approved on before, not only by the one that holds them."""

from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from shared.clock import now
from shared.columns import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

RELIST, EVERYTHING = "index_entered", UUID(int=0)
ELSEWHERE = (
    "SELECT 1 FROM list_entry JOIN dossier ON dossier.id = list_entry.dossier_id"
    " WHERE dossier.list_id IS NULL OR dossier.list_id <> list_entry.list_id LIMIT 1"
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
    if op.get_bind().execute(sa.text(ELSEWHERE)).first() is not None:
        counts = {"attempts": 0, "progress_done": 0, "progress_total": 0}
        ordered = {"id": uuid4(), "kind": RELIST, "subject_id": EVERYTHING, "state": "pending", **counts}
        op.get_bind().execute(sa.insert(JOB).values(**ordered, created_at=now(), not_before=now()))
