"""A list as a workbook: numbers stay numbers, and text stays text whatever it begins with."""

from datetime import UTC, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from shared.papers.fixed_dates import with_fixed_dates
from shared.papers.lists import Cell, ListPaper

FORMULA = ("=", "+", "-", "@")
FACE = "Times New Roman"
ROOM = 60  # characters, of the column that takes what is left
LINE = Side(style="thin")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def workbook_of(paper: ListPaper, at: datetime) -> bytes:
    """Write a list as XLSX. The same list and moment give the same bytes."""
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "Saoluu", paper.title
    book.properties.created = at.astimezone(UTC).replace(tzinfo=None)
    sheet = book.create_sheet(paper.sheet)
    for place, column in enumerate(paper.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width * 0.55 + 2 if column.width else ROOM
    head = (paper.title, *paper.about, "")
    sheet.freeze_panes = f"A{len(head) + 2}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.print_title_rows = f"{len(head) + 1}:{len(head) + 1}"
    cells = Cells(sheet)
    for line in head:
        sheet.append([cells.of(line, is_bold=line == paper.title)])
    sheet.append([cells.of(column.heading, is_bold=True, is_boxed=True) for column in paper.columns])
    for row in paper.rows:
        sheet.append([cells.of(each, is_boxed=True) for each in row])
    sheet.append([cells.of(each, is_bold=True, is_boxed=True) for each in paper.totals])
    sheet.append([cells.of(paper.note)])
    made = BytesIO()
    book.save(made)
    return with_fixed_dates(made.getvalue(), at.astimezone(UTC))


PLAIN, BOLD = Font(name=FACE, size=12), Font(name=FACE, size=12, bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")


class Cells:
    """Makes the cells of a sheet; each look is worked out once, for a long list has a hundred thousand cells."""

    def __init__(self, sheet: WriteOnlyWorksheet) -> None:
        self._sheet = sheet
        self._looks: dict[tuple[bool, bool, bool, bool], StyleArray] = {}

    def of(self, value: Cell, *, is_bold: bool = False, is_boxed: bool = False) -> SheetCell:
        """Make a cell; text that a spreadsheet would take for a formula is marked as text (as if typed after a ')."""
        made = WriteOnlyCell(self._sheet, value)
        is_text = isinstance(value, str)
        if is_text:
            made.data_type = "s"
        look = is_bold, is_boxed, not is_text, isinstance(value, str) and value.startswith(FORMULA)
        if look not in self._looks:
            self._looks[look] = self._look(*look)
        made._style = self._looks[look]  # type: ignore[attr-defined] # the stubs leave it out
        return made

    def _look(self, is_bold: bool, is_boxed: bool, is_number: bool, is_quoted: bool) -> StyleArray:
        example = WriteOnlyCell(self._sheet)
        example.font = BOLD if is_bold else PLAIN
        if is_boxed:
            example.border, example.alignment = BOX, WRAPPED
        if is_number:
            example.number_format = "#,##0"
        example.quotePrefix = is_quoted
        made: StyleArray = example._style  # type: ignore[attr-defined] # here too
        return made
