"""Reads the first sheet of an XLSX workbook."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import load_workbook

from services.catalog.errors import WorkbookColumnsWrong, WorkbookUnreadable
from services.catalog.sheet import MOST_COLUMNS, Sheet, open_sheet
from services.catalog.workbook_guard import demand_harmless

LAST_ROW = 1_048_576  # of Excel itself; a file that counts further means harm


@contextmanager
def opened_workbook(path: Path) -> Iterator[Sheet]:
    """Open the first sheet, formulas as the values Excel computed; blocks.

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
                lines = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
                yield open_sheet(sheet.title, lines)
            finally:
                book.close()
    except (WorkbookUnreadable, WorkbookColumnsWrong):
        raise
    except Exception as broken:  # the library raises anything on a damaged file
        raise WorkbookUnreadable(type(broken).__name__, reason="damaged") from broken
