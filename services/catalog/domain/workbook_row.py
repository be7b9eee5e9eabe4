"""A row of the inventory workbook: what its cells say, and every cell that cannot be read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from services.catalog.domain import codes
from services.catalog.domain.cell import (
    Cell,
    CellWrong,
    code_of,
    codes_of,
    count_of,
    date_of,
    lines_of,
    mark_of,
    optional,
    required,
    required_count,
    shown,
    split,
    text_of,
)
from services.catalog.domain.eligibility import Secrecy

FIELDS: dict[str, tuple[str, Callable[[Cell], object]]] = {
    "fileCode": ("file_code", required),
    "title": ("title", required),
    "maintenance": ("retention", lambda cell: code_of(cell) or "01"),
    "mode": ("access_level", lambda cell: code_of(cell) or "01"),
    "language": ("languages", codes_of),
    "startDate": ("starts_on", date_of),
    "endDate": ("ends_on", date_of),
    "keyword": ("keywords", text_of),
    "totalDoc": ("document_count", count_of),
    "numberOfPaper": ("sheet_count", count_of),
    "numberOfPage": ("page_count", required_count),
    "format": ("physical_condition", code_of),
    "inforSign": ("information_sign", text_of),
    "confidenceLevel": ("trust_level", code_of),
    "paperFileCode": ("paper_file_code", text_of),
    "riskRecovery": ("reserve", lambda cell: text_of(cell) == "" or mark_of(cell)),
    "description": ("note", lines_of),
    "series": ("series_code", optional),
    "criteria": ("criteria", lambda cell: tuple(code.lower() for code in split(cell))),
    "evidence": ("evidence", lines_of),
    "arranged": ("is_arranged", mark_of),
    "secrecy": ("secrecy", lambda cell: text_of(cell).lower() or "none"),
}
COLUMN_OF = {field: column for column, (field, _read) in FIELDS.items()}
NEEDED = ("fileCode", "title", "numberOfPage")
OPEN_SECRECY = frozenset({Secrecy.NONE, Secrecy.EXPIRED, Secrecy.REMOVED})
OPEN_ACCESS = frozenset(codes.ACCESS_LEVEL) - {codes.CLASSIFIED}


@dataclass(frozen=True, slots=True)
class CellError:
    """A wrong cell: row as Excel counts it, column by its field name, the value as it stood, the kind of fault."""

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row says: `values` by the fields of Description, only of columns that the workbook has.

    `cells` are kept to show what stood there should a later rule object; a field with an error has no value.
    """

    row: int
    values: Mapping[str, object]
    cells: Mapping[str, Cell]
    errors: tuple[CellError, ...] = ()

    @property
    def file_code(self) -> str | None:
        """Give the code of the dossier, if it could be read."""
        code = self.values.get("file_code")
        return str(code) if code else None

    @property
    def is_surely_open(self) -> bool:
        """Say whether the row clearly is not about a secret: only then may its cells be repeated in errors."""
        secrecy = self.values.get("secrecy", None if self.has_error("secrecy") else Secrecy.NONE)
        access = self.values.get("access_level", None if self.has_error("mode") else "01")
        return secrecy in OPEN_SECRECY and access in OPEN_ACCESS

    def has_error(self, column: str) -> bool:
        """Say whether a column was found wrong."""
        return any(error.column == column for error in self.errors)

    def wrong(self, field: str, why: str, value: str | None = None) -> CellError:
        """Make the error of a field of this row."""
        column = COLUMN_OF.get(field, field)
        return CellError(self.row, column, shown(self.cells.get(column)) if value is None else value, f"{field}_{why}")

    def with_errors(self, further: Iterable[CellError]) -> "ReadRow":
        """Add errors, one a column: what is wrong first is told first."""
        errors = list(self.errors)
        for error in further:
            if all(known.column != error.column for known in errors):
                errors.append(error)
        return replace(self, errors=tuple(errors))


def read_row(row: int, cells: Mapping[str, Cell]) -> ReadRow:
    """Read the cells of one row, by column name; what cannot be read becomes an error of the row."""
    values: dict[str, object] = {}
    found = ReadRow(row, values, cells)
    errors = []
    for column in FIELDS.keys() & cells.keys():
        field, read = FIELDS[column]
        try:
            values[field] = read(cells[column])
        except CellWrong as wrong:
            errors.append(found.wrong(field, str(wrong)))
    order = list(FIELDS)
    return found.with_errors(sorted(errors, key=lambda error: order.index(error.column)))
