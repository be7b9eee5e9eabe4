"""dossiers whose descriptions were approved anew; a package keeps what its dossier was when it was gathered."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXTS = ("file_code", "title", "masters_objid", "manifest_key", "manifest_sha256")


def upgrade() -> None:
    with op.batch_alter_table("preserved_dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("revised_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("package", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dossier_version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("a4_equivalents", sa.Integer(), nullable=True))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
    take_over()
    with op.batch_alter_table("preserved_dossier", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
    with op.batch_alter_table("package", schema=None) as batch_op:
        for name in ("dossier_version", *TEXTS):
            batch_op.alter_column(name, server_default=None)


def take_over() -> None:
    """Write on every package what its dossier is: nothing has been revised until now."""
    names = (*TEXTS, "a4_equivalents")
    package = sa.table("package", sa.column("dossier_id"), *(sa.column(name) for name in names))
    dossier = sa.table("preserved_dossier", sa.column("dossier_id"), *(sa.column(name) for name in names))
    of_it = dossier.c.dossier_id == package.c.dossier_id
    facts = {name: sa.select(dossier.c[name]).where(of_it).scalar_subquery() for name in names}
    known = sa.exists(sa.select(sa.literal(1)).select_from(dossier).where(of_it))
    op.execute(sa.update(package).values(facts).where(known))
