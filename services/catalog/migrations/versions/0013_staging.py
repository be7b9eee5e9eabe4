"""what an import has made ready to be written, and what it was held against."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.columns import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CODES = ("file_code", "code_key", "retention", "access_level", "keywords", "information_sign", "paper_file_code")
MORE_CODES = ("secrecy", "box", "shelf", "arrangement_number", "secrecy_by", "secrecy_decision")
PERHAPS = (
    "series_code", "starts_on", "ends_on", "physical_condition", "trust_level", "kind", "carrier", "arrangement_on",
)  # fmt: skip
COUNTS = ("document_count", "sheet_count", "removed_sheet_count", "first_year", "last_year")
CLAIMS = ("is_new", "is_marked", "has_code_alike", "reserve", "is_arranged", "is_legible")


def upgrade() -> None:
    make(
        "import_basis",
        ("row", sa.Integer()),
        columns=(
            *several(sa.String(), "file_code", "code_key"),
            *several(sa.Uuid(), "dossier_id", "list_id", nullable=True),
            *several(sa.Integer(), "version"),
            *several(sa.Boolean(), "is_frozen", "is_archived", "is_alike"),
        ),
    )
    make(
        "staged_dossier",
        ("id", sa.Uuid()),
        columns=(
            *several(sa.Integer(), "version", "page_count"),
            *several(sa.Integer(), *COUNTS, nullable=True),
            *several(sa.Uuid(), "fonds_id"),
            *several(sa.Uuid(), "list_id", nullable=True),
            *several(sa.String(), *CODES, *MORE_CODES),
            *several(sa.String(), *PERHAPS, nullable=True),
            *several(sa.Text(), "title", "note", "words", "codes"),
            *several(sa.JSON(), "languages", "conditions", "sheet_sizes", "page_sizes", "past"),
            *several(sa.Boolean(), *CLAIMS),
            *several(UtcDateTime(), "archived_at", nullable=True),
        ),
    )
    make(
        "staged_mark",
        ("dossier_id", sa.Uuid()),
        ("criterion", sa.String()),
        columns=several(sa.Text(), "evidence"),
    )


def several(kind: Any, *names: str, nullable: bool = False) -> Iterator[sa.Column[Any]]:  # noqa: ANN401 (a column type)
    """Give columns of one kind."""
    return (sa.Column(name, kind, nullable=nullable) for name in names)


def make(table: str, *keys: tuple[str, Any], columns: Any) -> None:  # noqa: ANN401 (columns)
    """Make a table of an import's portions."""
    op.create_table(
        table,
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("portion", sa.Integer(), nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in keys),
        *columns,
        sa.ForeignKeyConstraint(["import_id"], ["workbook_import.id"], name=op.f(f"fk_{table}_import_id")),
        sa.PrimaryKeyConstraint("import_id", "portion", *(name for name, _ in keys), name=op.f(f"pk_{table}")),
    )
