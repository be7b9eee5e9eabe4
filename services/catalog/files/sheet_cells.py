"""Reads the cells of a sheet with what is easily lost: formulas, merged cells, and how numbers and days are shown.

Who types 3/1954 sees mar-54 and means a month, but Excel keeps the first of March.
The library gives a formula that was never computed, and a cell under a merged one, as an empty cell.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import Workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from services.catalog.domain.cell import EXCEL_ERROR, NUMBER, Cell, Peculiar
from services.catalog.domain.import_errors import WorkbookRowsUnclear
from services.catalog.domain.number_format import plain_number, shown_as
from services.catalog.domain.workbook_row import Cells
from services.catalog.files.sheet import MOST_COLUMNS
from services.catalog.files.workbook_guard import Merge

Merges = Mapping[str, Sequence[Merge]]
LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # of a number format: what is shown as it stands


class CellReader(WorkSheetParser):
    """The library's reader of a sheet; says of a cell that holds a formula that it does, and how a day is shown."""

    formats: "Formats"

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Read one cell; a text that a formula gave may be empty, any other value is missing then."""
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["data_type"] == "e":
            cell["value"] = Peculiar(EXCEL_ERROR, cell["value"])
        elif element.find(FORMULA_TAG) is not None:
            is_computed = cell["value"] is not None or element.get("t") == "str"
            why, held = "formula_value" if is_computed else "formula", self.as_shown(cell)
            cell["value"] = Peculiar(why, held.value, held.format)
        elif cell["data_type"] == "d" or self.format_of(cell):
            cell["value"] = self.as_shown(cell)
        return cell

    def format_of(self, cell: Mapping[str, Any]) -> str:
        """Give the format of a number that shows it otherwise than its digits."""
        number = cell["value"]
        if cell["data_type"] != "n" or isinstance(number, bool) or not isinstance(number, int | float):
            return ""
        shows = self.formats.get(cell["style_id"], "")
        return "" if shown_as(number, shows) == plain_number(number) else shows

    def as_shown(self, cell: Mapping[str, Any]) -> Peculiar:
        """Give a value as text where it is a moment: only as far as its format shows it; a number with its format."""
        value = cell["value"]
        if number_format := self.format_of(cell):
            return Peculiar(NUMBER, value, number_format)
        if not isinstance(value, datetime | date):
            return Peculiar("day", str(value) if isinstance(value, time | timedelta) else value)
        shows = precision_of(self.formats.get(cell["style_id"], ""))
        return Peculiar(shows, value.strftime({"year": "%Y", "month": "%m/%Y"}.get(shows, "%d/%m/%Y")))


class Formats:
    """The number formats of a workbook by style, each looked up once."""

    def __init__(self, book: Workbook) -> None:
        owner: Any = book
        self.book, self.known = owner, dict[int, str]()

    def get(self, style: int, otherwise: str) -> str:
        """Give a format as Excel writes it."""
        if style not in self.known:
            styles, own = self.book._cell_styles, self.book._number_formats
            number = styles[style].numFmtId if style < len(styles) else 0
            place = number - BUILTIN_FORMATS_MAX_SIZE
            told = BUILTIN_FORMATS.get(number, otherwise) if place < 0 else own[place]
            self.known[style] = str(told)
        return self.known[style]


def precision_of(number_format: str) -> str:
    """Say how much of a moment a number format shows: `year`, `month` or `day`, which is also what tells neither."""
    shown = set(LITERAL.sub("", number_format).partition(";")[0].lower())
    if "d" in shown or "y" not in shown or shown & set("hs"):
        return "day"
    return "month" if "m" in shown else "year"


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
    """Give the lines of a sheet up to row `last`, those that are missing as empty ones. Raises WorkbookRowsUnclear."""
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
        reader.formats = Formats(book)
        following = 1
        for number, found in reader.parse():
            if number > last:
                return
            for _ in range(following, number):
                yield ()
            if number < following:
                raise WorkbookRowsUnclear(f"row {number} behind row {following - 1}", reason="rows_unclear")
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
