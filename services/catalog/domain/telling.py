"""What is known, told as the cells of a workbook: what a row says when it is read is what was told."""

from collections.abc import Mapping

from services.catalog.domain.description import Description
from services.catalog.domain.document import DocumentLine
from services.catalog.domain.evidence import evidence_in
from services.catalog.domain.physical import sizes_told
from services.catalog.domain.workbook_row import DATES, Columns

NO = "0"


def dossier_cells(
    columns: Columns, told: Description, marks: Mapping[str, str], version: int | None = None
) -> dict[str, object]:
    """Give the cells of a dossier by column."""
    beside = {"criteria": "; ".join(marks), "evidence": evidence_in(marks), "version": version}
    return {
        column: beside[field] if field in beside else cell_of(field, getattr(told, field))
        for column, (field, _read) in columns.readers.items()
    }


def document_cells(
    columns: Columns, file_code: str, told: DocumentLine, version: int | None = None
) -> dict[str, object]:
    """Give the cells of a document by column, with the code and version of its dossier."""
    beside = {"file_code": file_code, "version": version}
    return {
        column: beside[field] if field in beside else cell_of(field, getattr(told, field))
        for column, (field, _read) in columns.readers.items()
    }


def holding_cells(columns: Columns, told: Mapping[str, object]) -> dict[str, object]:
    """Give the cells of a fonds or a series by column."""
    return {column: cell_of(field, told[field]) for column, (field, _read) in columns.readers.items()}


def cell_of(field: str, value: object) -> object:
    """Give a value as it is written in a cell; nothing for what is not told."""
    if isinstance(value, bool):
        return "x" if value else NO
    if isinstance(value, Mapping):
        return sizes_told(value) or None
    if isinstance(value, tuple):
        return "; ".join(value) or None
    if field in DATES and isinstance(value, str):
        return "/".join(reversed(value.split("-")))
    return None if value == "" else value
