"""Coded cells that say what a code means instead of the code: "mủn" or "giấy dó", as people write it."""

from collections.abc import Mapping
from dataclasses import replace

from services.catalog.domain.cell import Cell, raw_text
from services.catalog.domain.text import tidied
from services.catalog.domain.workbook_row import Columns, Reader

SEVERAL = ";"


def with_labels(columns: Columns) -> Columns:
    """Give columns whose coded cells may say the wording of a code too."""
    readers = {
        column: (field, labelled(read, columns.coded[column]) if column in columns.coded else read)
        for column, (field, read) in columns.readers.items()
    }
    return replace(columns, readers=readers)


def labelled(read: Reader, known: Mapping[str, str]) -> Reader:
    """Give a reader that takes the Vietnamese wording of a code for the code, without regard to capitals."""
    codes = {label.casefold(): code for code, label in known.items()}

    def reading(cell: Cell) -> object:
        return read(coded(cell, codes) if isinstance(cell, str) else cell)

    return reading


def coded(cell: str, codes: Mapping[str, str]) -> str:
    """Give a cell with codes in place of wordings, also of several; what is neither stays, to be found wrong."""
    whole = codes.get(tidied(cell).casefold())
    if whole:
        return whole
    parts = [codes.get(tidied(part).casefold(), part) for part in raw_text(cell).split(SEVERAL)]
    return SEVERAL.join(parts) if parts != cell.split(SEVERAL) else cell
