"""Reads a CSV file: UTF-8, UTF-16, or the Western or Vietnamese code page of Excel; commas, semicolons or tabs."""

import codecs
import csv
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from services.catalog.domain.cell import EXCEL_ERROR, EXCEL_ERRORS, Cell, Peculiar
from services.catalog.domain.code_page import VIETNAMESE, WESTERN, page_of
from services.catalog.domain.defusing import is_defused, undefused
from services.catalog.domain.import_errors import WorkbookUnreadable
from services.catalog.domain.layout import MOST_HEAD_ROWS, heading_key
from services.catalog.files.heading import Known
from services.catalog.files.sheet import MOST_COLUMNS, Line, Sheet, is_empty, open_sheet

NAME = "CSV"
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
UNMARKED = "utf-8"
SEPARATORS = ",;\t"
LONGEST_CELL = 65_536
LONGEST_LINE = 1 << 20
PORTION = 1 << 20


@contextmanager
def opened_csv(path: Path, known: Known) -> Iterator[Sheet]:
    """Open a CSV file; blocks. Raises WorkbookUnreadable, WorkbookColumnsWrong, LayoutUnclear."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        encoding = encoding_of(path)
        with path.open(encoding=encoding, newline="") as file:
            separator = separator_of(file, known)
            file.seek(0)
            sheet = open_sheet(NAME, rows_of(file, separator), known)
            rows = fitting(sheet)
            yield replace(sheet, rows=told_of_page(rows) if encoding == VIETNAMESE else rows)
    except (UnicodeDecodeError, csv.Error) as wrong:
        reason = "encoding" if isinstance(wrong, UnicodeDecodeError) else "damaged"
        raise WorkbookUnreadable("no table of text that can be read", reason=reason) from wrong


def encoding_of(path: Path) -> str:
    """Say how a file is encoded: as its mark says, else UTF-8 if it is that, else in what code page.

    Raises WorkbookUnreadable where nobody can tell which.
    """
    with path.open("rb") as file:
        start = file.read(max(len(mark) for mark, _ in MARKS))
        marked = next((encoding for mark, encoding in MARKS if start.startswith(mark)), None)
        if marked:
            return marked
        file.seek(0)
        decoder = codecs.getincrementaldecoder(UNMARKED)()
        try:
            while portion := file.read(PORTION):
                decoder.decode(portion)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return code_page_of(path)
    return UNMARKED


def code_page_of(path: Path) -> str:
    """Say in what code page of Windows a file is. Raises WorkbookUnreadable, UnicodeDecodeError."""
    with path.open(encoding=WESTERN, newline="") as file:
        page = page_of(lines_of(file))
    if page is None:
        raise WorkbookUnreadable("Windows-1258 or a .Vn or VNI font: save the file as UTF-8", reason="code_page")
    return page


def separator_of(file: TextIO, known: Known) -> str:
    """Say what separates the headings: what cuts one of the first lines into most of those we know.

    Raises WorkbookUnreadable.
    """
    signs = known.signs
    counts = dict.fromkeys(SEPARATORS, 0)
    for line in islice(lines_of(file), MOST_HEAD_ROWS):
        for separator in SEPARATORS:
            cells = (heading_key(cell.strip().strip('"')) for cell in line.split(separator, MOST_COLUMNS))
            counts[separator] = max(counts[separator], sum(cell in signs for cell in cells))
    if not any(counts.values()):
        raise WorkbookUnreadable("neither a workbook nor a table of text", reason="damaged")
    return max(SEPARATORS, key=counts.__getitem__)


def fitting(sheet: Sheet) -> Iterator[Line]:
    """Give the rows of a sheet; where one has more cells than there are headings, nobody knows which is which."""
    heads = sheet.heads
    width, key = (
        len(heads.lines[-1]),
        next(place for place, name in heads.names.items() if name == heads.columns.needed[0]),
    )
    for number, cells in sheet.rows:
        if all(map(is_empty, cells[width:])):
            yield number, cells
        else:
            yield number, [Peculiar("extra_cells", cell) if place == key else cell for place, cell in enumerate(cells)]


def told_of_page(rows: Iterator[Line]) -> Iterator[Line]:
    """Give rows, telling of the first cell of each column that has marks what code page it was read from."""
    told: set[int] = set()

    def first(place: int, cell: Cell) -> Cell:
        if place in told or not isinstance(cell, str) or cell.isascii():
            return cell
        told.add(place)
        return Peculiar("code_page", cell)

    for number, cells in rows:
        yield number, [first(place, cell) for place, cell in enumerate(cells)]


def rows_of(file: TextIO, separator: str) -> Iterator[list[Cell]]:
    """Give the cells of each row; a cell in quotes may hold line breaks. Raises WorkbookUnreadable, csv.Error."""
    for row in csv.reader(lines_of(file), delimiter=separator, strict=True):
        yield [told_by(cell) for cell in row[:MOST_COLUMNS]]


def told_by(cell: str) -> Cell:
    """Give a cell with what it tells beyond its text: of a table of text the letters of an error are one."""
    if cell in EXCEL_ERRORS:
        return Peculiar(EXCEL_ERROR, cell)
    return Peculiar("undefused", undefused(cell)) if is_defused(cell) else cell


def lines_of(file: TextIO) -> Iterator[str]:
    """Give the lines of a file, composed (1258 has tones apart), none endless. Raises WorkbookUnreadable."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise WorkbookUnreadable("an endless line", reason="too_much")
        if "\0" in line:
            raise WorkbookUnreadable("neither a workbook nor a table of text", reason="damaged")
        yield unicodedata.normalize("NFC", line) if file.encoding == VIETNAMESE else line
