"""what was done by filter with a criterion; documents among what dossiers are found by; an index that stops early.

A job brings the documents along. PostgreSQL's index is made anew in parts, of words, terms and pairs of words side by
side: about two minutes of a million dossiers.
"""

from collections.abc import Iterator
from itertools import pairwise
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
    for statement in FULL_TEXT[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
    if op.get_bind().execute(sa.select(DOCUMENT.c.dossier_id).limit(1)).first() is not None:
        order_indexing()


def order_indexing() -> None:
    """Let the service index the documents that are there, a few dossiers at a time."""
    counts = {"attempts": 0, "progress_done": 0, "progress_total": 0}
    ordered = {"id": uuid4(), "kind": REINDEX, "subject_id": EVERYTHING, "state": "pending", **counts}
    op.get_bind().execute(sa.insert(JOB).values(**ordered, created_at=now(), not_before=now()))


EDGES = (None, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, None)
# Reading the words of a whole part for a pair must look as dear to the planner as it is.
WORD_PAIRS = """
CREATE FUNCTION word_pairs(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
    SELECT array_agg(one || ' ' || next_one)
    FROM unnest(string_to_array(words, ' '), (string_to_array(words, ' '))[2:]) AS pair(one, next_one)
    WHERE next_one IS NOT NULL AND 'u00b6' NOT IN (one, next_one)
$$
"""


def parts() -> Iterator[str]:
    """Spell the indexes of the parts."""
    for place, (begin, end) in enumerate(pairwise(EDGES), start=1):
        bounds = [f"number + 0 >= {begin}"] if begin is not None else []
        bounds += [f"number + 0 < {end}"] if end is not None else []
        yield (
            f"CREATE INDEX ix_dossier_index_part_{place} ON dossier_index "
            f"USING gin (vector, word_pairs(words)) WHERE {' AND '.join(bounds)}"
        )


FULL_TEXT = {
    "postgresql": (WORD_PAIRS, *parts(), "DROP INDEX ix_dossier_index_vector"),
    "sqlite": ("CREATE INDEX ix_dossier_index_years ON dossier_index (number, first_year, last_year)",),
}
