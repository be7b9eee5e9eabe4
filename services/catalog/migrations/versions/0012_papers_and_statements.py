"""papers of yearly lists, drafts that were discarded, rules that were confirmed, who says that a text is open, and
a document's own retention and workflow."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXT: dict[str, Any] = {"nullable": False, "server_default": ""}


def stated(by: str, at: str) -> Iterator[sa.Column[Any]]:
    """Give the columns of who said that a text holds no secret, and when."""
    yield sa.Column(by, sa.String(), **TEXT)
    yield sa.Column(at, UtcDateTime(), nullable=True)


STATED = (("secrecy_by", "secrecy_at"), ("answer_secrecy_by", "answer_secrecy_at"))
ADDED = {
    "past": (sa.Column("after", sa.JSON(), nullable=True),),
    "document": (
        sa.Column("retention", sa.String(), nullable=True),
        sa.Column("has_workflow", sa.Boolean(), nullable=True),
    ),
    "transfer": tuple(stated(*STATED[0])),
    "difficulty": tuple(column for names in STATED for column in stated(*names)),
    "yearly_list": (
        sa.Column("confirmation", sa.JSON(), nullable=True),
        sa.Column("discarded_by", sa.String(), **TEXT),
        sa.Column("discarded_at", UtcDateTime(), nullable=True),
        sa.Column("discard_reason", sa.Text(), **TEXT),
    ),
}


def upgrade() -> None:
    create_papers()
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(column)
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                if column.server_default is not None:
                    batch_op.alter_column(column.name, server_default=None)


def create_papers() -> None:
    """Make the tables of papers and of confirmed rules."""
    op.create_table(
        "rule_confirmation",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_rule_confirmation")),
    )
    op.create_table(
        "yearly_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["yearly_list.id"], name=op.f("fk_yearly_paper_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_paper")),
        sa.UniqueConstraint("list_id", "form", "is_draft", name="uq_yearly_paper_list_form"),
    )
    op.create_table(
        "yearly_paper_portion",
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["yearly_paper.id"], name=op.f("fk_yearly_paper_portion_paper_id")),
        sa.PrimaryKeyConstraint("paper_id", "place", name=op.f("pk_yearly_paper_portion")),
    )
