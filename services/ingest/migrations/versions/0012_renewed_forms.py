"""reading forms made anew for revisions; those refused because they divide the pages anew are looked at again."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "renewed_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("drawn_from", sa.Text(), nullable=False),
        sa.Column("is_divided", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("crc32", sa.BigInteger(), nullable=False),
        sa.Column("mib_crc32", sa.LargeBinary(), nullable=False),
        sa.Column("unread_pages", sa.Text(), nullable=False),
        sa.Column("proofs", sa.Text(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_renewed_form_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewed_form")),
        sa.UniqueConstraint("revision_id", "document", name="uq_renewed_form_revision_document"),
    )
    look_again()


def look_again() -> None:
    """Order what was refused and is still the newest description; without a job it is ordered within the hour."""
    made = sa.table(
        "revision",
        *(sa.column(name, sa.Uuid()) for name in ("id", "dossier_id")),
        *(sa.column(name, sa.String()) for name in ("state", "refusal")),
        sa.column("version", sa.Integer()),
    )
    order = sa.table("scan_order", sa.column("dossier_id", sa.Uuid()), sa.column("later_version", sa.Integer()))
    job = sa.table("job", sa.column("kind", sa.String()), sa.column("subject_id", sa.Uuid()))
    newest = sa.exists().where(order.c.dossier_id == made.c.dossier_id, order.c.later_version == made.c.version)
    asked = sa.select(made.c.id).where(made.c.state == "refused", made.c.refusal == "pages_divided_anew", newest)
    connection = op.get_bind()
    for revision_id in connection.execute(asked).scalars().all():
        found = job.c.kind == "revise_dossier", job.c.subject_id == revision_id
        connection.execute(sa.delete(job).where(*found))
        connection.execute(sa.update(made).where(made.c.id == revision_id).values(state="ordered", refusal=""))
