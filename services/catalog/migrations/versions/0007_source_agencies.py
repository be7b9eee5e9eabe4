"""source agencies: names and codes over time, transfers, difficulties, the yearly list."""

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["agency.id"], name="fk_agency_parent_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["agency.id"], name="fk_agency_successor_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
    )
    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "agency_account",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("may_act", sa.Boolean(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agency_account")),
    )
    op.create_table(
        "agency_code",
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_agency_code")),
    )
    op.create_table(
        "past",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "version", name=op.f("pk_past")),
    )
    op.create_table(
        "reserve_copy",
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("verified_copies", sa.Integer(), nullable=False),
        sa.Column("preserved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("dossier_id", name=op.f("pk_reserve_copy")),
    )
    op.create_table(
        "agency_access",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_access_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "account_id", name=op.f("pk_agency_access")),
    )
    with op.batch_alter_table("agency_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_access_account_id"), ["account_id"], unique=False)

    op.create_table(
        "agency_code_span",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_code_span_agency_id")),
        sa.ForeignKeyConstraint(["key"], ["agency_code.key"], name=op.f("fk_agency_code_span_key")),
        sa.PrimaryKeyConstraint("key", "starts_on", name=op.f("pk_agency_code_span")),
    )
    with op.batch_alter_table("agency_code_span", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_code_span_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agency_name",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_name_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", "starts_on", name=op.f("pk_agency_name")),
    )
    op.create_table(
        "difficulty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_difficulty_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difficulty")),
    )
    with op.batch_alter_table("difficulty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_difficulty_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("ix_difficulty_year", ["year", "id"], unique=False)

    op.create_table(
        "fonds_agencies",
        sa.Column("fonds_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=True),
        sa.Column("archive_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["archive_id"], ["agency.id"], name=op.f("fk_fonds_agencies_archive_id")),
        sa.ForeignKeyConstraint(["creator_id"], ["agency.id"], name=op.f("fk_fonds_agencies_creator_id")),
        sa.ForeignKeyConstraint(["fonds_id"], ["fonds.id"], name=op.f("fk_fonds_agencies_fonds_id")),
        sa.PrimaryKeyConstraint("fonds_id", name=op.f("pk_fonds_agencies")),
    )
    with op.batch_alter_table("fonds_agencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fonds_agencies_creator_id"), ["creator_id"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("fonds_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.String(), nullable=True),
        sa.Column("ends_on", sa.String(), nullable=True),
        sa.Column("dossier_count", sa.Integer(), nullable=False),
        sa.Column("shelf_cm", sa.Integer(), nullable=False),
        sa.Column("box_count", sa.Integer(), nullable=False),
        sa.Column("planned_year", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_transfer_agency_id")),
        sa.ForeignKeyConstraint(["fonds_id"], ["fonds.id"], name=op.f("fk_transfer_fonds_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index("ix_transfer_agency_year", ["agency_id", "planned_year"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_fonds_id"), ["fonds_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_planned_year"), ["planned_year"], unique=False)

    op.create_table(
        "yearly_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("fonds_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("dossier_count", sa.Integer(), nullable=False),
        sa.Column("sheet_count", sa.Integer(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("gathered_at", UtcDateTime(), nullable=True),
        sa.Column("frozen_by", sa.String(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=True),
        sa.Column("sent_to", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("letter_number", sa.String(), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["fonds_id"], ["fonds.id"], name=op.f("fk_yearly_list_fonds_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["yearly_list.id"],
            name="fk_yearly_list_replaces_id",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_list")),
        sa.UniqueConstraint("year", "number", name="uq_yearly_list_year_number"),
    )
    op.create_table(
        "arrangement",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("arranged_cm", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_arrangement_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", "reported_on", name=op.f("pk_arrangement")),
    )
    op.create_table(
        "minutes_document",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_minutes_document_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_minutes_document")),
    )
    op.create_table(
        "transfer_minutes",
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("received_by", sa.String(), nullable=False),
        sa.Column("dossier_count", sa.Integer(), nullable=False),
        sa.Column("shelf_cm", sa.Integer(), nullable=False),
        sa.Column("box_count", sa.Integer(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("document_name", sa.String(), nullable=False),
        sa.Column("document_size", sa.Integer(), nullable=False),
        sa.Column("document_sha256", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_minutes_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_transfer_minutes")),
    )
    with op.batch_alter_table("transfer_minutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_minutes_signed_on"), ["signed_on"], unique=False)

    op.create_table(
        "yearly_line",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("dossier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fonds_code", sa.String(), nullable=False),
        sa.Column("fonds_title", sa.Text(), nullable=False),
        sa.Column("file_code", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("access_level", sa.String(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.String(), nullable=True),
        sa.Column("ends_on", sa.String(), nullable=True),
        sa.Column("document_count", sa.Integer(), nullable=True),
        sa.Column("sheet_count", sa.Integer(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("physical_condition", sa.String(), nullable=True),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["yearly_list.id"], name=op.f("fk_yearly_line_list_id")),
        sa.PrimaryKeyConstraint("list_id", "dossier_id", name=op.f("pk_yearly_line")),
    )
    with op.batch_alter_table("yearly_line", schema=None) as batch_op:
        batch_op.create_index("uq_yearly_line_number", ["list_id", "number"], unique=True)
