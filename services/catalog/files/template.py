"""The workbook of a level: headings, field names, lists of codes to choose from; empty, or with what is known."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import zip_longest
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from services.catalog.domain.workbook_row import Columns
from services.catalog.files.sheet import FIRST_ROW
from services.catalog.files.text_cell import text_cell
from services.catalog.files.workbook import LAST_ROW
from services.catalog.wording import heading_of

SHEETS = {"fonds": "Phông", "series": "Nhóm tài liệu", "dossiers": "Hồ sơ", "documents": "Tài liệu"}
CODES = "Danh mục mã"
WIDE = frozenset(
    {
        "title",
        "fondsTitle",
        "seriesTitle",
        "subject",
        "evidence",
        "keyword",
        "description",
        "autograph",
        "organName",
        "fondsHistory",
        "keyGroups",
        "otherTypes",
    }
)
SEVERAL = frozenset({"language", "damage"})  # codes separated by semicolons: a list to choose from, but no duty to
TEXT = "@"


def template(columns: Columns) -> bytes:
    """Make the empty XLSX workbook of a level."""
    written = BytesIO()
    LevelBook(columns).save(written)
    return written.getvalue()


class LevelBook:
    """The workbook of a level while it is written, row by row.

    First sheet: row 1 the Vietnamese headings, row 2 the field names of Circular 05/2025/TT-BNV and our own, data from
    row 3. Cells are text, so that Excel keeps the zero of a code and a date as it was typed. The second sheet tells
    what each code means.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._book = Workbook(write_only=True)
        self._sheet: WriteOnlyWorksheet = self._book.create_sheet(SHEETS[columns.level])
        self._sheet.freeze_panes = f"B{FIRST_ROW}"
        for place, name in enumerate(columns.readers, start=1):
            dimension = self._sheet.column_dimensions[get_column_letter(place)]
            dimension.width, dimension.number_format = (48 if name in WIDE else 16), TEXT
        for place, (name, known) in enumerate(columns.coded.items()):
            self._sheet.data_validations.append(choice(columns, name, 1 + 3 * place, len(known)))
        self._sheet.append([self._heading(name) for name in columns.readers])
        self._sheet.append([self._field_name(name) for name in columns.readers])

    def add(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write rows, each by column; what looks like a formula stays text."""
        for row in rows:
            cells = [row.get(name) for name in self._columns.readers]
            self._sheet.append([text_cell(self._sheet, each) if isinstance(each, str) else each for each in cells])

    def save(self, file: IO[bytes]) -> None:
        """Write the workbook into a file."""
        explain(self._book.create_sheet(CODES), self._columns.coded)
        self._book.save(file)

    def _heading(self, name: str) -> Cell:
        """Make a heading: in bold where its column may not be left empty."""
        made = WriteOnlyCell(self._sheet, heading_of(name, "vi"))
        made.font = Font(bold=name in self._columns.needed)
        made.alignment = Alignment(wrap_text=True, vertical="top")
        return made

    def _field_name(self, name: str) -> Cell:
        """Make a field name."""
        made = WriteOnlyCell(self._sheet, name)
        made.font = Font(italic=True, color="808080")
        return made


def explain(sheet: WriteOnlyWorksheet, coded: Mapping[str, Mapping[str, str]]) -> None:
    """List the codes of each coded column with what they mean: two columns for each, and one between."""
    for place in range(len(coded)):
        dimensions = sheet.column_dimensions  # type: ignore[attr-defined] # as every sheet has them
        dimensions[get_column_letter(2 + 3 * place)].width = 32
    heads: list[Cell | None] = []
    for name in coded:
        made = WriteOnlyCell(sheet, heading_of(name, "vi"))
        made.font = Font(bold=True)
        heads += [made, None, None]
    sheet.append(heads)
    for row in zip_longest(*(known.items() for known in coded.values())):
        sheet.append([cell for pair in row for cell in explained(sheet, pair)])


def explained(sheet: WriteOnlyWorksheet, pair: tuple[str, str] | None) -> Sequence[Cell | str | None]:
    """Give a code, what it means, and an empty cell."""
    if pair is None:
        return (None, None, None)
    code = WriteOnlyCell(sheet, pair[0])
    code.number_format = TEXT
    return (code, pair[1], None)


def choice(columns: Columns, name: str, place: int, count: int) -> DataValidation:
    """Let the cells of a coded column be chosen from its codes."""
    letter, own = get_column_letter(place), get_column_letter(1 + list(columns.readers).index(name))
    made = DataValidation(type="list", formula1=f"'{CODES}'!${letter}$2:${letter}${count + 1}", allow_blank=True)
    made.showErrorMessage = name not in SEVERAL
    made.errorTitle, made.error = "Mã không đúng", f"Hãy chọn một mã trong trang “{CODES}”."
    made.add(f"{own}{FIRST_ROW}:{own}{LAST_ROW}")
    return made
