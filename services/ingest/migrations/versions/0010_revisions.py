"""revisions: the AIPs that corrections after sealing make, in place of one approval that waited."""

from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

from shared.clock import now
from shared.columns import UtcDateTime
from shared.eark.names import archive_objid
from shared.ids import new_id

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made = op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("approval", sa.Text(), nullable=False),
        sa.Column("aip_objid", sa.String(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("predecessor", sa.String(), nullable=True),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("software_version", sa.String(), nullable=False),
        sa.Column("manifest_sha256", sa.String(), nullable=True),
        sa.Column("preserved_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["scan_order.dossier_id"], name=op.f("fk_revision_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("dossier_id", "version", name="uq_revision_dossier_version"),
        sa.UniqueConstraint("aip_objid", name=op.f("uq_revision_aip_objid")),
    )
    op.create_index(op.f("ix_revision_state"), "revision", ["state"], unique=False)
    take_waiting(made)
    with op.batch_alter_table("scan_order", schema=None) as batch_op:
        batch_op.drop_column("later_approval")


def take_waiting(made: sa.Table) -> None:
    """Enter the approvals that waited; their jobs are ordered within the hour."""
    order = sa.table(
        "scan_order",
        sa.column("dossier_id", sa.Uuid()),
        sa.column("fonds_code", sa.String()),
        sa.column("later_version", sa.Integer()),
        sa.column("later_approval", sa.Text()),
    )
    asked = sa.select(order.c.dossier_id, order.c.fonds_code, order.c.later_version, order.c.later_approval)
    rows = op.get_bind().execute(asked.where(order.c.later_version.is_not(None))).all()
    waiting = [entered(dossier_id, fonds_code, version, approval) for dossier_id, fonds_code, version, approval in rows]
    if waiting:
        op.bulk_insert(made, waiting)


def entered(dossier_id: UUID, fonds_code: str, version: int, approval: str) -> dict[str, object]:
    return {
        **{"id": new_id(), "dossier_id": dossier_id, "version": version, "approval": approval},
        **{"aip_objid": archive_objid(fonds_code, uuid4()), "ordered_at": now(), "state": "ordered", "refusal": ""},
        **{"begun_at": None, "predecessor": None, "documents": "[]", "software_version": ""},
        **{"manifest_sha256": None, "preserved_at": None},
    }
