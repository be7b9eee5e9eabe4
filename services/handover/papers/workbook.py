"""A list as a workbook: numbers stay numbers, and text stays text whatever it begins with."""

from datetime import UTC, datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from services.handover.domain.papers import Cell, ListPaper
from services.handover.papers.fixed_dates import with_fixed_dates

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
    for line in head:
        sheet.append([cell(sheet, line, is_bold=line == paper.title)])
    sheet.append([cell(sheet, column.heading, is_bold=True, is_boxed=True) for column in paper.columns])
    for row in paper.rows:
        sheet.append([cell(sheet, each, is_boxed=True) for each in row])
    sheet.append([cell(sheet, each, is_bold=True, is_boxed=True) for each in paper.totals])
    sheet.append([cell(sheet, paper.note)])
    made = BytesIO()
    book.save(made)
    return with_fixed_dates(made.getvalue(), at.astimezone(UTC))


PLAIN, BOLD = Font(name=FACE, size=12), Font(name=FACE, size=12, bold=True)
WRAPPED = Alignment(wrap_text=True, vertical="top")


def cell(sheet: WriteOnlyWorksheet, value: Cell, *, is_bold: bool = False, is_boxed: bool = False) -> SheetCell:
    """Make a cell; text that a spreadsheet would take for a formula is marked as text (as if typed after a ')."""
    made = WriteOnlyCell(sheet, value)
    made.font = BOLD if is_bold else PLAIN
    if is_boxed:
        made.border, made.alignment = BOX, WRAPPED
    if isinstance(value, str):
        made.data_type = "s"
        made.quotePrefix = value.startswith(FORMULA)
    elif value is not None:
        made.number_format = "#,##0"
    return made
