"""Reads the first sheet of an XLSX workbook, or the one that a column layout names."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook, load_workbook

from services.catalog.domain.layout import MOST_HEAD_ROWS
from services.catalog.domain.layout_errors import LayoutUnclear
from services.catalog.domain.workbook_row import Cells
from services.catalog.errors import WorkbookColumnsWrong, WorkbookUnreadable
from services.catalog.files.heading import Known, has_key
from services.catalog.files.sheet import MOST_COLUMNS, Sheet, open_sheet
from services.catalog.files.workbook_guard import demand_harmless

LAST_ROW = 1_048_576  # of Excel itself; a file that counts further means harm


@contextmanager
def opened_workbook(path: Path, known: Known) -> Iterator[Sheet]:
    """Open a sheet, formulas as the values Excel computed; blocks.

    Raises WorkbookUnreadable, WorkbookColumnsWrong, LayoutUnclear.
    """
    demand_harmless(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the library leaves out: styles, drop-down lists
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                title = title_of(book, known)
                yield open_sheet(title, lines_of(book, title), known, title)
            finally:
                book.close()
    except (WorkbookUnreadable, WorkbookColumnsWrong, LayoutUnclear):
        raise
    except Exception as broken:  # the library raises anything on a damaged file
        raise WorkbookUnreadable(type(broken).__name__, reason="damaged") from broken


def title_of(book: Workbook, known: Known) -> str:
    """Say which sheet is meant: that of the chosen layout, or the one that a layout names and fits; else the first.

    Raises WorkbookUnreadable.
    """
    first = book.worksheets[0].title
    if known.chosen:
        if known.chosen.sheet and known.chosen.sheet not in book.sheetnames:
            raise WorkbookUnreadable("it has no sheet of the layout's name", reason="sheet_missing")
        return known.chosen.sheet or first
    if any(map(has_key, lines_of(book, first, 2))):
        return first
    named = {each.sheet for each in known.all if each.sheet in book.sheetnames}
    fitting = [title for title in sorted(named) if known.fitting(list(lines_of(book, title, MOST_HEAD_ROWS)), title)]
    return fitting[0] if len(fitting) == 1 else first


def lines_of(book: Workbook, title: str, last: int = LAST_ROW) -> Iterator[Cells]:
    """Give the lines of a sheet. Raises WorkbookUnreadable where it is hidden."""
    sheet = book[title]
    if sheet.sheet_state != "visible":
        raise WorkbookUnreadable("the sheet is hidden", reason="hidden")
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_row=last, max_col=MOST_COLUMNS, values_only=True)
