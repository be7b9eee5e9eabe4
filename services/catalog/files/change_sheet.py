"""What an import changes as a workbook: a line for each cell that changes, before and after side by side."""

from collections.abc import Callable, Iterable, Mapping
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

from services.catalog.domain.row_change import CellChange, Outcome, RowChange
from services.catalog.files.text_cell import text_cell
from services.catalog.files.workbook import LAST_ROW

RED = Font(color="C00000")
HEADS = ("row", "outcome", "code", "number", "column", "before", "after", "edited")
WIDTHS = {"B": 12, "C": 24, "E": 28, "F": 48, "G": 48, "H": 32}
NO_CELL = (CellChange("", "", ""),)


class ChangeSheet:
    """The workbook while it is written; `words` are its headings and what becomes of rows, in the reader's language."""

    def __init__(self, words: Mapping[str, str], heading_of: Callable[[str], str]) -> None:
        self._words = words
        self._heading_of = heading_of
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(words["sheet"])
        self._sheet.freeze_panes = "A2"
        for letter, width in WIDTHS.items():
            self._sheet.column_dimensions[letter].width = width
        self._sheet.append([self._bold(words[name]) for name in HEADS])
        self._count = 1

    def add(self, changes: Iterable[RowChange]) -> None:
        """Write what becomes of rows; past the last row that Excel knows nothing more is written, and it says so."""
        for change in changes:
            for cell in change.cells or NO_CELL:
                self._count += 1
                if self._count < LAST_ROW:
                    self._sheet.append(self._line(change, cell))
                elif self._count == LAST_ROW:
                    self._sheet.append([text_cell(self._sheet, self._words["more"], RED)])

    def save(self, file: IO[bytes]) -> None:
        """Write the workbook into a file."""
        self._book.save(file)

    def _line(self, change: RowChange, cell: CellChange) -> list[Cell | int | None]:
        outcome = text_cell(
            self._sheet, self._words[change.outcome], RED if change.outcome == Outcome.REJECTED else None
        )
        by = f"{cell.edited_by} {cell.edited_at}".strip()
        texts = [self._heading_of(cell.column) if cell.column else "", cell.before, cell.after]
        told = [text_cell(self._sheet, text) if text else None for text in texts]
        edited = text_cell(self._sheet, by, RED) if by else None
        return [change.row, outcome, text_cell(self._sheet, change.code), change.number, *told, edited]

    def _bold(self, text: str) -> Cell:
        made = WriteOnlyCell(self._sheet, text)
        made.font = Font(bold=True)
        return made
