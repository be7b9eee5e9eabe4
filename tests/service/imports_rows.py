"""Rows behind the lists of what becomes of each row of an import, and of column layouts."""

from collections.abc import Callable

from sqlmodel import SQLModel

from services.catalog.domain.row_change import Outcome, RowChange
from services.catalog.files.change_packing import pack_changes
from services.catalog.models.imports import ImportChanges, WorkbookImport
from services.catalog.models.layouts import ColumnLayout
from shared.ids import new_id
from tests.service.agencies_rows import LAYOUT

IMPORT = new_id()
IDS = {"import_id": str(IMPORT)}


def import_changes(row: int) -> SQLModel:
    content = pack_changes([RowChange(row, Outcome.CREATED, f"H{row}")])
    return ImportChanges(import_id=IMPORT, place=row, first_row=row, last_row=row, created=1, content=content)


FIRST: list[Callable[[], SQLModel]] = [
    lambda: WorkbookImport(id=IMPORT, is_dry_run=True, sha256="0" * 64, sheet="S", rows=3),
    lambda: ColumnLayout(id=LAYOUT, name="M", name_key="m", level="dossiers", columns={"Mã": "fileCode"}),
]
EACH: list[Callable[[int], SQLModel]] = [
    import_changes,
    lambda n: ColumnLayout(name=f"M{n}", name_key=f"m{n}", level="dossiers", columns={"Mã": "fileCode"}),
]
