"""A long list as an XLSX workbook, written row by row to a file: text stays text whatever it begins with.

The same rows and moment give the same bytes: the dates inside are fixed.
"""

import re
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

FORMULA = ("=", "+", "-", "@", "\t")
FACE = "Times New Roman"
LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
WRAPPED = Alignment(wrap_text=True, vertical="top")
PROPERTIES = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")

Value = str | int | None


class ListWorkbook:
    """A workbook of one sheet: lines that tell about the list, the headings of its columns, rows, a total. Blocks."""

    def __init__(self, title: str, about: Sequence[str], columns: Sequence[tuple[str, int]]) -> None:
        self._book = Workbook(write_only=True)
        self._book.properties.creator, self._book.properties.title = "Saoluu", title
        self._sheet = self._book.create_sheet("Danh mục")
        for place, (_heading, width) in enumerate(columns, start=1):
            self._sheet.column_dimensions[get_column_letter(place)].width = width
        head = (title, *about, "")
        self._sheet.freeze_panes = f"A{len(head) + 2}"
        self._sheet.page_setup.orientation, self._sheet.page_setup.paperSize = "landscape", 9  # A4
        self._sheet.print_title_rows = f"{len(head) + 1}:{len(head) + 1}"
        self._looks: dict[tuple[bool, bool, bool, bool], object] = {}
        for line in head:
            self._sheet.append([self._cell(line, is_bold=line == title)])
        self._sheet.append([self._cell(heading, is_bold=True, is_boxed=True) for heading, _width in columns])

    def add(self, rows: Sequence[Sequence[Value]], *, is_bold: bool = False) -> None:
        """Write rows."""
        for row in rows:
            self._sheet.append([self._cell(value, is_bold=is_bold, is_boxed=True) for value in row])

    def close_with(self, lines: Sequence[str]) -> None:
        """Write what closes the list, a line each."""
        for line in lines:
            self._sheet.append([self._cell(line)])

    def save(self, path: Path, at: datetime) -> None:
        """Write the file, dates inside it fixed to a moment."""
        moment = at.astimezone(UTC)
        self._book.properties.created = moment.replace(tzinfo=None)
        loose = path.with_suffix(".loose")
        self._book.save(loose)
        with_fixed_dates(loose, path, moment)
        loose.unlink()

    def _cell(self, value: Value, *, is_bold: bool = False, is_boxed: bool = False) -> SheetCell:
        """Make a cell; text that a spreadsheet would take for a formula is marked as text (as if typed after a ')."""
        made = WriteOnlyCell(self._sheet, value)
        is_text = isinstance(value, str)
        if is_text:
            made.data_type = "s"
        look = is_bold, is_boxed, isinstance(value, int), isinstance(value, str) and value.startswith(FORMULA)
        if look not in self._looks:
            self._looks[look] = self._look(*look)
        made._style = self._looks[look]  # type: ignore[attr-defined] # the stubs leave it out
        return made

    def _look(self, is_bold: bool, is_boxed: bool, is_number: bool, is_quoted: bool) -> object:
        """Work a look out once, for a long list has a million cells."""
        example = WriteOnlyCell(self._sheet)
        example.font = Font(name=FACE, size=12, bold=is_bold)
        if is_boxed:
            example.border, example.alignment = BOX, WRAPPED
        if is_number:
            example.number_format = "#,##0"
        example.quotePrefix = is_quoted
        return example._style  # type: ignore[attr-defined] # here too


def with_fixed_dates(loose: Path, path: Path, at: datetime) -> None:
    """Copy an office file (a ZIP), its entries and its note of when it was changed dated with one moment."""
    with ZipFile(loose) as found, ZipFile(path, "w") as fixed:
        for name in found.namelist():
            entry = ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2))
            entry.compress_type = ZIP_DEFLATED
            if name == PROPERTIES:
                stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
                fixed.writestr(entry, _MODIFIED.sub(rb"\g<1>" + stamp, found.read(name)))
                continue
            with found.open(name) as source, fixed.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
