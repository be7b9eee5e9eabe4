"""Tables of what an import has made ready to be written: nobody else sees it, and it goes once the import has ended.

`portion` is the portion of the file that a row comes from: each may be made ready anew, alone.
"""

from typing import Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, Text, Uuid

from services.catalog.models import CriterionMark, Dossier
from services.catalog.models import Table as Base


def keys(*more: str) -> list[Column[Any]]:
    """Give the columns that say of which import and portion a row is, and what else tells it from others."""
    imported = Column("import_id", Uuid(), ForeignKey("workbook_import.id"), primary_key=True)
    kinds: dict[str, Any] = {"row": Integer(), "criterion": String()}
    return [
        imported,
        Column("portion", Integer(), primary_key=True, autoincrement=False),
        *(Column(name, kinds.get(name, Uuid()), primary_key=True, autoincrement=False) for name in more),
    ]


def like(table: Any, *keys: str) -> list[Column[Any]]:  # noqa: ANN401 (a table of the catalog)
    """Give the columns of a table again, without those that are keys already."""
    columns: list[Column[Any]] = list(table.__table__.columns)
    return [Column(each.name, each.type, nullable=each.nullable) for each in columns if each.name not in keys]


# What a row was held against: the dossier that has its code, as it was then, or none but perhaps one with a like code.
basis = Table(
    "import_basis",
    Base.metadata,
    *keys("row"),
    Column("file_code", String(), nullable=False),
    Column("code_key", String(), nullable=False),
    Column("dossier_id", Uuid(), nullable=True),
    Column("version", Integer(), nullable=False),
    Column("list_id", Uuid(), nullable=True),
    Column("is_frozen", Boolean(), nullable=False),
    Column("is_archived", Boolean(), nullable=False),
    Column("is_alike", Boolean(), nullable=False),
)

# A dossier as it will be, with what it will be found by, and the part of it that becomes its past.
staged_dossier = Table(
    "staged_dossier",
    Base.metadata,
    *keys("id"),
    Column("is_new", Boolean(), nullable=False),
    Column("is_marked", Boolean(), nullable=False),
    Column("past", JSON(), nullable=False),
    Column("words", Text(), nullable=False),
    Column("codes", Text(), nullable=False),
    Column("first_year", Integer(), nullable=True),
    Column("last_year", Integer(), nullable=True),
    *like(Dossier, "id"),
)

# The criteria that a dossier will meet.
staged_mark = Table(
    "staged_mark",
    Base.metadata,
    *keys("dossier_id", "criterion"),
    *like(CriterionMark, "dossier_id", "criterion"),
)

STAGED = (basis, staged_dossier, staged_mark)
