"""Rows of a file that was exported, held against what was changed since: nobody's later edit is lost.

A cell that still says what was exported was left alone by the file's writer: what was changed since stays. A cell that
was changed in the file and in the catalog is nobody's to decide here: its row is refused, and says whose edit it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.catalog.domain.cell import shown
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.later_edits import CRITERIA, Edit, Later
from services.catalog.domain.row_change import text_in
from services.catalog.domain.telling import cell_of
from services.catalog.domain.workbook_row import CellError, CellNotice, ReadRow

CHANGED_SINCE = "dossier_changed_since"
OF_DOSSIER = frozenset({"file_code", "secrecy", "version"})  # not of the document that a row tells


@dataclass(slots=True)
class Spared:
    """What a row still tells once later edits are spared, why it is refused, and which cells stay as they are."""

    values: dict[str, Any]
    marks: dict[str, str] | None
    errors: list[CellError] = field(default_factory=list)
    notices: list[CellNotice] = field(default_factory=list)


def spare(row: ReadRow, later: Later | None, values: dict[str, Any], marks: dict[str, str] | None) -> Spared:
    """Hold what a row tells against the edits since its file was exported."""
    made = Spared(dict(values), marks)
    if later is None or not later.is_told:
        return made
    told = values if marks is None else {**values, CRITERIA: marks}
    for name, value in told.items():
        now = later.now.value(name)
        was = later.before.value(name) if later.before else None
        if value == now or (later.before and was == now):
            continue
        if later.before is None or value != was:
            made.errors.append(changed_since(row, name, later.last_edit_of(name)))
        elif name == CRITERIA:
            made.marks = None
            made.notices.append(kept(row, name, "; ".join(later.now.marks)))
        else:
            del made.values[name]
            is_secret = later.now.description.secrecy == Secrecy.SECRET
            made.notices.append(kept(row, name, "" if is_secret else cell_of(name, now)))
    return made


def changed_since(row: ReadRow, name: str, edit: Edit | None) -> CellError:
    """Make the error of a cell that was changed in the catalog since; `other` says by whom, and when."""
    column = row.columns.of_field.get(name, row.columns.needed[0])
    return CellError(row.row, column, shown(row.cells.get(column)), CHANGED_SINCE, edit.told if edit else "")


def kept(row: ReadRow, name: str, now: object) -> CellNotice:
    """Make the notice of a cell that stays as it was changed since."""
    column = row.columns.of_field[name]
    return CellNotice(row.row, column, shown(row.cells.get(column)), shown(text_in(now)), f"{name}_kept_later")


def spare_documents(
    rows: Sequence[ReadRow], later: Later | None, lines: Mapping[int, DocumentLine]
) -> tuple[list[ReadRow], dict[int, CellError]]:
    """Give the rows of a dossier's documents that tell something once later edits are spared, and errors by row."""
    if later is None or not later.is_told:
        return list(rows), {}
    telling, errors = [], {}
    for row in rows:
        values = document_values(row)
        number = values.get("number", 0)
        now, was = lines.get(number), later.before.documents.get(number) if later.before else None
        if not number or line_told(now, values) == now or (later.before and was == now):
            telling.append(row)
        elif later.before is None or line_told(was, values) != was:
            errors[row.row] = changed_since(row, "number", later.edits[-1] if later.edits else None)
    return telling, errors


def document_values(row: ReadRow) -> dict[str, Any]:
    """Give what a row says of its document."""
    return {name: value for name, value in row.values.items() if name not in OF_DOSSIER}


def line_told(before: DocumentLine | None, values: Mapping[str, Any]) -> DocumentLine:
    """Give a document as a row tells it, completed by what is known."""
    return replace(before or DocumentLine(values["number"], "?"), **values)
