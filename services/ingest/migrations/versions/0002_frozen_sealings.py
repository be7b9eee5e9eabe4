"""frozen sealings: the digest of a sealing's manifest, known of those that are through."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sealing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("manifest_sha256", sa.String(), nullable=True))

    sealing = sa.table("sealing", sa.column("dossier_id", sa.Uuid()), sa.column("manifest_sha256", sa.String()))
    audit = sa.table("audit", sa.column("act"), sa.column("subject_id", sa.Uuid()), sa.column("facts", sa.Text()))
    preserved = sa.select(audit.c.subject_id, audit.c.facts).where(audit.c.act == "dossier.preserved")
    for dossier_id, facts in op.get_bind().execute(preserved).all():
        op.execute(
            sa.update(sealing)
            .where(sealing.c.dossier_id == dossier_id)
            .values(manifest_sha256=json.loads(facts)["manifest_sha256"])
        )
