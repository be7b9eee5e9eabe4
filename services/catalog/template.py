"""The empty workbook of a level, to be filled in and imported: headings, field names, lists of codes to choose from."""

from collections.abc import Mapping
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from services.catalog.domain.workbook_row import Columns
from services.catalog.sheet import FIRST_ROW
from services.catalog.wording import heading_of
from services.catalog.workbook import LAST_ROW

SHEETS = {"dossiers": "Hồ sơ", "documents": "Tài liệu"}
CODES = "Danh mục mã"
WIDE = frozenset({"title", "subject", "evidence", "keyword", "description", "autograph", "organName"})
SEVERAL = frozenset({"language", "damage"})  # codes separated by semicolons: a list to choose from, but no duty to
TEXT = "@"


def template(columns: Columns) -> bytes:
    """Make the empty XLSX workbook of a level.

    First sheet: row 1 the Vietnamese headings, row 2 the field names of Circular 05/2025/TT-BNV and our own, data from
    row 3. Cells are text, so that Excel keeps the zero of a code and a date as it was typed. The second sheet tells
    what each code means.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEETS[columns.level]
    codes = book.create_sheet(CODES)
    for place, name in enumerate(columns.readers, start=1):
        head(sheet, place, name, is_needed=name in columns.needed)
    for place, (name, known) in enumerate(columns.coded.items()):
        explain(codes, 1 + 3 * place, name, known)
        sheet.add_data_validation(choice(columns, name, 1 + 3 * place, len(known)))
    sheet.freeze_panes = f"B{FIRST_ROW}"
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def head(sheet: Worksheet, place: int, name: str, *, is_needed: bool) -> None:
    """Write the heads of a column: in bold where it may not be left empty."""
    top, below = sheet.cell(1, place, heading_of(name, "vi")), sheet.cell(2, place, name)
    top.font, below.font = Font(bold=is_needed), Font(italic=True, color="808080")
    top.alignment = Alignment(wrap_text=True, vertical="top")
    dimension = sheet.column_dimensions[get_column_letter(place)]
    dimension.width, dimension.number_format = (48 if name in WIDE else 16), TEXT


def explain(sheet: Worksheet, place: int, name: str, known: Mapping[str, str]) -> None:
    """List the codes of a column with what they mean."""
    sheet.cell(1, place, heading_of(name, "vi")).font = Font(bold=True)
    for row, (code, meaning) in enumerate(known.items(), start=2):
        sheet.cell(row, place, code).number_format = TEXT
        sheet.cell(row, place + 1, meaning)
    sheet.column_dimensions[get_column_letter(place + 1)].width = 32


def choice(columns: Columns, name: str, place: int, count: int) -> DataValidation:
    """Let the cells of a coded column be chosen from its codes."""
    letter, own = get_column_letter(place), get_column_letter(1 + list(columns.readers).index(name))
    made = DataValidation(type="list", formula1=f"'{CODES}'!${letter}$2:${letter}${count + 1}", allow_blank=True)
    made.showErrorMessage = name not in SEVERAL
    made.errorTitle, made.error = "Mã không đúng", f"Hãy chọn một mã trong trang “{CODES}”."
    made.add(f"{own}{FIRST_ROW}:{own}{LAST_ROW}")
    return made
