"""agreements that are approved, parts, a frozen manifest, signed receipts and corrections."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LARGEST_PART = 1 << 44


def upgrade() -> None:
    agreements()
    manifests()
    packages()
    receipts()
    freeze()


def agreements() -> None:
    for column in (
        # whatever was agreed before agreements were approved is agreed: deliveries were made under it
        sa.Column("state", sa.String(), nullable=False, server_default="agreed"),
        sa.Column("profile", sa.String(), nullable=False, server_default="tt05-2025"),
        sa.Column("with_masters", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("medium", sa.String(), nullable=False, server_default="pull"),
        sa.Column("part_size", sa.BigInteger(), nullable=False, server_default=str(LARGEST_PART)),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("receipt_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("document_name", sa.String(), nullable=False, server_default=""),
        sa.Column("document_size", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("document_sha256", sa.String(), nullable=False, server_default=""),
        sa.Column("made_by", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("approved_by", sa.String(), nullable=False, server_default=""),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("agreement", column)
    op.create_table(
        "agreement_document",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_document_agreement_id")),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_agreement_document")),
    )


def manifests() -> None:
    for column in (
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("manifest_sha256", sa.String(), nullable=True),
        sa.Column("manifest_size", sa.BigInteger(), nullable=True),
        sa.Column("seal", sa.String(), nullable=False, server_default="unsigned"),
        sa.Column("signer", sa.Text(), nullable=False, server_default=""),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
    ):
        op.add_column("delivery", column)
    op.create_table(
        "manifest_portion",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_manifest_portion_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", "place", name=op.f("pk_manifest_portion")),
    )
    op.create_table(
        "delivery_part",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("package_count", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("byte_count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_part_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_delivery_part")),
    )


def freeze() -> None:
    """Order the manifests of what was gathered before there were manifests; a delivery is ready when it has one."""
    delivery = sa.table("delivery", sa.column("id", sa.Uuid()), sa.column("state", sa.String()))
    names = (
        "id",
        "kind",
        "subject_id",
        "state",
        "attempts",
        "progress_done",
        "progress_total",
        "created_at",
        "not_before",
    )
    job = sa.table(
        "job",
        *(sa.column(name, sa.Uuid()) for name in ("id", "subject_id")),
        *(sa.column(name, UtcDateTime()) for name in ("created_at", "not_before")),
        *(sa.column(name, sa.String()) for name in ("kind", "state")),
        *(sa.column(name, sa.Integer()) for name in ("attempts", "progress_done", "progress_total")),
    )
    then = sa.literal(datetime(1970, 1, 1, tzinfo=UTC), UtcDateTime())
    ordered = sa.select(
        delivery.c.id,
        sa.literal("freeze_delivery"),
        delivery.c.id,
        sa.literal("pending"),
        *(sa.literal(0),) * 3,
        then,
        then,
    ).where(delivery.c.state.in_(("ready", "open")))
    op.execute(job.insert().from_select(list(names), ordered))
    op.execute(delivery.update().where(delivery.c.state == "ready").values(state="building"))


def packages() -> None:
    # both databases rename in place, constraint and all; a copied table would cost every layout once more
    op.execute("ALTER TABLE package RENAME COLUMN part TO number")
    op.add_column("package", sa.Column("part", sa.Integer(), nullable=True))
    op.add_column("package", sa.Column("predecessor", sa.String(), nullable=True))
    op.add_column("package", sa.Column("restorable_until", sa.Date(), nullable=True))


def receipts() -> None:
    op.add_column("receipt", sa.Column("signature", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("package_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("objid", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_correction_package_id")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_correction_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("package_id", name=op.f("uq_correction_package_id")),
    )
    for column in ("delivery_id", "dossier_id", "successor_id"):
        op.create_index(op.f(f"ix_correction_{column}"), "correction", [column], unique=False)
