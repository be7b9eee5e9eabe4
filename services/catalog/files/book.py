"""Opens a workbook without asking how large its sheets are: of one that does not tell, all would be read for that."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet


class UnmeasuredSheet(ReadOnlyWorksheet):
    """A sheet whose rows are read as they come."""

    def _get_size(self) -> None:
        """Ask nothing."""


class BookReader(ExcelReader):
    """The library's reader of a workbook, for reading only."""

    def read_worksheets(self) -> None:
        """Know of every sheet; of charts that they are there."""
        book: Any = self.wb
        told: Any = self.parser.find_sheets()
        for sheet, relation in told:
            if relation.target not in self.valid_files:
                continue
            if "chartsheet" in relation.Type:
                self.read_chartsheet(sheet, relation)
                continue
            made = UnmeasuredSheet(book, sheet.name, relation.target, self.shared_strings)
            made.sheet_state = sheet.state
            book._sheets.append(made)


def opened_book(path: Path) -> Workbook:
    """Open a workbook, formulas as the values Excel computed."""
    reader = BookReader(path, read_only=True, data_only=True, keep_links=False)
    reader.read()
    book: Workbook = reader.wb
    return book
