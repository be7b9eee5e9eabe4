"""The file that was uploaded, with a further column that tells what is wrong with each row.

It is made anew of what was kept: values as they stood, formulas as what they gave, and no formats but those that show
numbers otherwise than their digits. Rows keep their numbers. Put right, it can be imported as it is.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import TextIOWrapper
from itertools import chain
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from services.catalog.domain.cell import EXCEL_ERROR, UNREADABLE, Cell, Peculiar
from services.catalog.domain.defusing import defused
from services.catalog.domain.workbook_row import Cells
from services.catalog.files.heading import MARK
from services.catalog.files.packing import unpacked
from services.catalog.files.text_cell import text_cell

RED = Font(color="C00000")
UNKNOWN = "#N/A"  # among EXCEL_ERRORS
Lines = Iterator[tuple[Cells, str]]


def write_marked(file: IO[bytes], kind: str, name: str, portions: Sequence[bytes], marks: Mapping[int, str]) -> None:
    """Write the lines of packed portions as a workbook or CSV file; `marks` tell what is wrong by row. Blocks."""
    width = max((len(line.cells) for each in portions for line in unpacked(each)), default=0)
    marked = in_places(portions, width, marks)
    if kind == "csv":
        write_csv(file, marked)
    else:
        write_workbook(file, name, marked)


def in_places(portions: Sequence[bytes], width: int, marks: Mapping[int, str]) -> Lines:
    """Give the cells of each row, as many in each, with its mark; rows that were empty are."""
    following = 1
    for line in chain.from_iterable(map(unpacked, portions)):
        for _ in range(following, line.number):
            yield [], ""
        following = line.number + 1
        filled = [*map(as_stood, line.cells), *[None] * (width - len(line.cells))]
        yield filled, MARK if line.number == 1 else marks.get(line.number, "")


def as_stood(cell: Cell) -> Cell:
    """Give a cell as its value; one that could not be read is an error still, should the file be imported again."""
    if not isinstance(cell, Peculiar):
        return cell
    if cell.format and isinstance(cell.value, int | float):
        return cell
    if cell.why == EXCEL_ERROR:
        return cell
    return Peculiar(EXCEL_ERROR, UNKNOWN) if cell.why in UNREADABLE and cell.value is None else cell.value


def write_csv(file: IO[bytes], lines: Lines) -> None:
    """Write UTF-8 with a mark, which Excel asks for."""
    text = TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text)
    for cells, mark in lines:
        writer.writerow([*("" if cell is None else defused(str(cell)) for cell in cells), mark])
    text.detach()


def write_workbook(file: IO[bytes], name: str, lines: Lines) -> None:
    """Write the rows one by one."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    for cells, mark in lines:
        told = [text_cell(sheet, mark, RED)] if mark else []
        sheet.append([*(written(sheet, cell) for cell in cells), *told])
    book.save(file)


def written(sheet: WriteOnlyWorksheet, cell: Cell) -> Cell:
    """Give a cell as a sheet takes it: text that stays text, a number as it was shown, an error as one."""
    if isinstance(cell, str):
        return text_cell(sheet, cell)
    if not isinstance(cell, Peculiar):
        return cell
    made = WriteOnlyCell(sheet)
    if cell.why == EXCEL_ERROR:
        made.value, made.data_type = str(cell.value), "e"
        return made
    made.value = cell.value if isinstance(cell.value, int | float) else str(cell)
    made.number_format = cell.format
    return made
