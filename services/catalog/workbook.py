"""Reads the rows of a workbook: row 1 headings for people, row 2 field names, data from row 3."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from services.catalog.domain.columns import DOCUMENTS, DOSSIERS
from services.catalog.domain.workbook_row import Columns, Level, ReadRow, read_row
from services.catalog.errors import WorkbookColumnsWrong, WorkbookUnreadable
from services.catalog.workbook_guard import demand_harmless

FIRST_ROW = 3
LAST_ROW = 1_048_576  # of Excel itself; a file that counts further means harm
MOST_ROWS = 200_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The rows of the first sheet, its name, and what each of its rows is about."""

    name: str
    level: Level
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
                cells = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
                next(cells, None)  # headings for people
                columns, names = columns_of(next(cells, ()))
                return ReadSheet(sheet.title[:100], columns.level, list(read_rows(cells, columns, names)))
            finally:
                book.close()
    except (WorkbookUnreadable, WorkbookColumnsWrong):
        raise
    except Exception as broken:  # the library raises anything on a damaged file
        raise WorkbookUnreadable(type(broken).__name__, reason="damaged") from broken


def read_rows(rows: Iterator[Sequence[object]], columns: Columns, names: Mapping[int, str]) -> Iterator[ReadRow]:
    """Read rows, skipping empty ones; `names` gives the column of each place. Raises WorkbookUnreadable."""
    count = 0
    for number, cells in enumerate(rows, start=FIRST_ROW):
        if all(is_empty(cells[index]) for index in names):
            continue
        count += 1
        if count > MOST_ROWS:
            raise WorkbookUnreadable(f"more than {MOST_ROWS} rows", reason="too_much")
        yield read_row(number, columns, {name: cells[index] for index, name in names.items()})


def is_empty(cell: object) -> bool:
    """Say whether a cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def columns_of(cells: Sequence[object]) -> tuple[Columns, dict[int, str]]:
    """Give the level that field names belong to, and the column of each place.

    Raises WorkbookColumnsWrong for unknown, repeated or missing ones.
    """
    names = {index: str(cell).strip()[:100] for index, cell in enumerate(cells) if cell is not None}
    names = {index: name for index, name in names.items() if name}
    present = list(names.values())
    columns = DOCUMENTS if "docOrdinal" in present else DOSSIERS
    unknown = sorted(set(present) - columns.readers.keys())
    repeated = sorted({name for name in present if present.count(name) > 1})
    missing = [name for name in columns.needed if name not in present]
    if unknown or repeated or missing:
        raise WorkbookColumnsWrong(
            ", ".join([*unknown, *repeated, *missing]), unknown=unknown, repeated=repeated, missing=missing
        )
    return columns, names
