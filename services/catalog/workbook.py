"""Reads the rows of an inventory workbook: row 1 headings for people, row 2 field names, data from row 3."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from services.catalog.domain.workbook_row import FIELDS, NEEDED, ReadRow, read_row
from services.catalog.errors import WorkbookColumnsWrong, WorkbookUnreadable
from services.catalog.workbook_guard import demand_harmless

FIRST_ROW = 3
LAST_ROW = 1_048_576  # of Excel itself; a file that counts further means harm
MOST_ROWS = 200_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The rows of the first sheet, and its name."""

    name: str
    rows: list[ReadRow]


def read_workbook(path: Path) -> ReadSheet:
    """Read the first sheet, formulas as the values Excel computed; blocks.

    Raises WorkbookUnreadable, WorkbookColumnsWrong.
    """
    demand_harmless(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the library leaves out: styles, drop-down lists
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                sheet = book.worksheets[0]
                if sheet.sheet_state != "visible":
                    raise WorkbookUnreadable("the first sheet is hidden", reason="hidden")
                sheet.reset_dimensions()
                rows = list(read_rows(sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)))
                return ReadSheet(sheet.title[:100], rows)
            finally:
                book.close()
    except (WorkbookUnreadable, WorkbookColumnsWrong):
        raise
    except Exception as broken:  # the library raises anything on a damaged file
        raise WorkbookUnreadable(type(broken).__name__, reason="damaged") from broken


def read_rows(rows: Iterator[Sequence[object]]) -> Iterator[ReadRow]:
    """Read headings and rows, skipping empty ones. Raises WorkbookUnreadable, WorkbookColumnsWrong."""
    next(rows, None)
    columns = columns_of(next(rows, ()))
    count = 0
    for number, cells in enumerate(rows, start=FIRST_ROW):
        if all(is_empty(cells[index]) for index in columns):
            continue
        count += 1
        if count > MOST_ROWS:
            raise WorkbookUnreadable(f"more than {MOST_ROWS} rows", reason="too_much")
        yield read_row(number, {name: cells[index] for index, name in columns.items()})


def is_empty(cell: object) -> bool:
    """Say whether a cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def columns_of(cells: Sequence[object]) -> dict[int, str]:
    """Give the columns by their field names. Raises WorkbookColumnsWrong for unknown, repeated or missing ones."""
    names = {index: str(cell).strip()[:100] for index, cell in enumerate(cells) if cell is not None}
    names = {index: name for index, name in names.items() if name}
    present = list(names.values())
    unknown = sorted(set(present) - FIELDS.keys())
    repeated = sorted({name for name in present if present.count(name) > 1})
    missing = [name for name in NEEDED if name not in present]
    if unknown or repeated or missing:
        raise WorkbookColumnsWrong(
            ", ".join([*unknown, *repeated, *missing]), unknown=unknown, repeated=repeated, missing=missing
        )
    return names
