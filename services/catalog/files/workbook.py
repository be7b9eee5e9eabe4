"""Reads the first sheet of an XLSX workbook, or the one that a column layout names."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook

from services.catalog.domain.import_errors import WorkbookColumnsWrong, WorkbookUnreadable
from services.catalog.domain.layout import MOST_HEAD_ROWS
from services.catalog.domain.layout_errors import LayoutUnclear
from services.catalog.domain.workbook_row import Cells
from services.catalog.files.book import opened_book
from services.catalog.files.heading import Known, has_key
from services.catalog.files.sheet import Sheet, open_sheet
from services.catalog.files.sheet_cells import Merges, cells_of
from services.catalog.files.workbook_guard import demand_harmless

LAST_ROW = 1_048_576  # of Excel itself; a file that counts further means harm


@contextmanager
def opened_workbook(path: Path, known: Known) -> Iterator[Sheet]:
    """Open a sheet, formulas as the values Excel computed; blocks.

    Raises WorkbookUnreadable, WorkbookColumnsWrong, LayoutUnclear.
    """
    merges = demand_harmless(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the library leaves out: styles, drop-down lists
            book = opened_book(path)
            try:
                title = title_of(book, known, merges)
                yield open_sheet(title, lines_of(book, title, merges), known, title)
            finally:
                book.close()
    except (WorkbookUnreadable, WorkbookColumnsWrong, LayoutUnclear):
        raise
    except Exception as broken:  # the library raises anything on a damaged file
        raise WorkbookUnreadable("not a workbook, or damaged", reason="damaged") from broken


def title_of(book: Workbook, known: Known, merges: Merges) -> str:
    """Say which sheet is meant: that of the chosen layout, or the one that a layout names and fits; else the first.

    Raises WorkbookUnreadable.
    """
    first = book.worksheets[0].title
    if known.chosen:
        if known.chosen.sheet and known.chosen.sheet not in book.sheetnames:
            raise WorkbookUnreadable("it has no sheet of the layout's name", reason="sheet_missing")
        return known.chosen.sheet or first
    if any(map(has_key, lines_of(book, first, merges, 2))):
        return first
    named = {each.sheet for each in known.all if each.sheet in book.sheetnames}
    first_lines = {title: list(lines_of(book, title, merges, MOST_HEAD_ROWS)) for title in sorted(named)}
    fitting = [title for title, lines in first_lines.items() if known.fitting(lines, title)]
    return fitting[0] if len(fitting) == 1 else first


def lines_of(book: Workbook, title: str, merges: Merges, last: int = LAST_ROW) -> Iterator[Cells]:
    """Give the lines of a sheet. Raises WorkbookUnreadable where it is hidden."""
    if book[title].sheet_state != "visible":
        raise WorkbookUnreadable("the sheet is hidden", reason="hidden")
    yield from cells_of(book, title, last, merges)
