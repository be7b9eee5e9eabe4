"""Tables of imports: how far each is, what became of it and of its rows, and what was uploaded."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary
from sqlmodel import Field

from services.catalog.domain.state import ImportState
from services.catalog.models import Table
from shared.clock import now
from shared.columns import UtcDateTime
from shared.ids import new_id


class WorkbookImport(Table, table=True):
    """An import of a workbook: how far it is, and what became of it.

    `head_count` lines name the fields, `columns` are what they name by place, `headings` what stood there, `rows` those
    that follow; `layout` is the column layout that was followed, `constants` the cells that it gives every row;
    `encoding` says how its text was typed. Of errors and notices the first are kept, wrong values as they were, but
    never of a secret dossier; `rejected` counts the rows with errors, `noticed` all notices. `changed` counts the rows
    that change each column, `overwriting` those that write over what people edited by hand and no import wrote since.
    `previewed_id` is the dry run being applied.
    """

    __tablename__ = "workbook_import"
    __table_args__ = (Index("ix_workbook_import_at", "at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    fonds_id: UUID | None = Field(default=None, foreign_key="fonds.id")
    level: str = "dossiers"
    state: str = ImportState.WAITING
    by: str = ""
    is_dry_run: bool
    valid_rows: bool = False
    sha256: str
    kind: str = "xlsx"
    sheet: str
    head_count: int = 0
    columns: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    headings: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    layout: str = ""
    constants: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    encoding: str = "recognise"
    rows: int
    read_count: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    noticed: int = 0
    overwriting: int = 0
    previewed_id: UUID | None = Field(default=None, foreign_key="workbook_import.id")
    changed: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    errors: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    notices: list[dict[str, object]] = Field(default_factory=list, sa_type=JSON)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class ImportPortion(Table, table=True):
    """Some lines of an uploaded file, packed; those that name the fields are the first portion."""

    __tablename__ = "import_portion"

    import_id: UUID = Field(primary_key=True, foreign_key="workbook_import.id")
    place: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class ImportChanges(Table, table=True):
    """What becomes of some rows of an import, packed; `last_row` is the last of them, the counts are by outcome."""

    __tablename__ = "import_changes"

    import_id: UUID = Field(primary_key=True, foreign_key="workbook_import.id")
    place: int = Field(primary_key=True)
    first_row: int
    last_row: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    content: bytes = Field(sa_type=LargeBinary)
