"""Reads the cells of a sheet with what is easily lost: that a formula gave them, or that a merged cell hides them.

The library gives a formula that was never computed, and a cell under a merged one, as an empty cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import Workbook
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from services.catalog.domain.cell import Cell, Peculiar
from services.catalog.domain.workbook_row import Cells
from services.catalog.files.sheet import MOST_COLUMNS
from services.catalog.files.workbook_guard import Merge

Merges = Mapping[str, Sequence[Merge]]


class CellReader(WorkSheetParser):
    """The library's reader of a sheet; says of a cell that holds a formula that it does."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Read one cell; a text that a formula gave may be empty, any other value is missing then."""
        cell: dict[str, Any] = super().parse_cell(element)
        if element.find(FORMULA_TAG) is not None:
            is_computed = cell["value"] is not None or element.get("t") == "str"
            cell["value"] = Peculiar("formula_value" if is_computed else "formula", cell["value"])
        return cell


class Hiding:
    """Which cells of the rows that follow lie under a merged one; memory is for one row, whatever a file claims."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self.waiting = sorted(merges, reverse=True)
        self.last: dict[int, int] = {}

    def hidden(self, row: int) -> list[int]:
        """Give the places in a row, to be asked for from the first row on, that nobody sees."""
        shown = set()
        while self.waiting and self.waiting[-1].first_row <= row:
            merge = self.waiting.pop()
            places = range(merge.first_column, min(merge.last_column, MOST_COLUMNS) + 1)
            self.last |= {place: max(merge.last_row, self.last.get(place, 0)) for place in places}
            if merge.first_row == row:
                shown.add(merge.first_column)
        self.last = {place: last for place, last in self.last.items() if last >= row}
        return [place for place in self.last if place not in shown]


def cells_of(book: Workbook, title: str, last: int, merges: Merges) -> Iterator[Cells]:
    """Give the lines of a sheet up to row `last`, those that are missing as empty ones."""
    sheet: Any = book[title]  # its parts are not in the stubs
    owner: Any = book
    hiding = Hiding(merges.get(sheet._worksheet_path, ()))
    with sheet._get_source() as source:
        reader = CellReader(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=owner.epoch,
            date_formats=owner._date_formats,
            timedelta_formats=owner._timedelta_formats,
        )
        following = 1
        for number, found in reader.parse():
            if number > last:
                return
            for _ in range(following, number):
                yield ()
            if following <= number:
                following = number + 1
                yield line_of(found, hiding.hidden(number))


def line_of(found: Sequence[Mapping[str, Any]], hidden: Sequence[int]) -> Cells:
    """Lay the cells of a row out by place."""
    told = {cell["column"]: cell["value"] for cell in found if cell["column"] <= MOST_COLUMNS}
    told |= {place: Peculiar("merged", told.get(place)) for place in hidden}
    line: list[Cell] = [None] * max(told, default=0)
    for place, value in told.items():
        line[place - 1] = value
    return line
