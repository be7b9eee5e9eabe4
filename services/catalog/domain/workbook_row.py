"""A row of the inventory workbook: from cells to a description, and every cell that is wrong."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.catalog.domain.description import Description, wrongs_of
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.partial_date import iso_of

Cell = object
YES = frozenset({"x", "1", "có", "true"})
NO = frozenset({"", "0", "không", "false"})


@dataclass(frozen=True, slots=True)
class CellError:
    """A wrong cell: row as Excel counts it, column by its field name, the value as it stood, why."""

    row: int
    column: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row says: the description, and the criteria with the evidence for them."""

    row: int
    description: Description
    criteria: tuple[str, ...]
    evidence: str


class CellWrong(ValueError):
    """A cell cannot be read; the text is the code of why."""


def text_of(cell: Cell) -> str:
    """Read a cell as text: composed Unicode, single spaces, numbers as people write them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    text = unicodedata.normalize("NFC", str(cell))
    if text.startswith("#") and text.rstrip("!?").isupper():
        raise CellWrong("excel_error")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t\r" for letter in text):
        raise CellWrong("control_character")
    return " ".join(text.split())


def required(cell: Cell) -> str:
    """Read a cell that may not be empty."""
    text = text_of(cell)
    if not text:
        raise CellWrong("missing")
    return text


def optional(cell: Cell) -> str | None:
    """Read a cell that may be empty."""
    return text_of(cell) or None


def code_of(cell: Cell) -> str | None:
    """Read a two-digit code; Excel likes to drop its leading zero."""
    text = text_of(cell)
    return text.zfill(2) if text.isdigit() else text or None


def codes_of(cell: Cell) -> tuple[str, ...]:
    """Read codes separated by semicolons."""
    return tuple(part.zfill(2) if part.isdigit() else part for part in split(cell))


def split(cell: Cell) -> tuple[str, ...]:
    """Read a list separated by semicolons."""
    return tuple(part.strip() for part in text_of(cell).split(";") if part.strip())


def count_of(cell: Cell) -> int | None:
    """Read a whole number."""
    text = text_of(cell)
    if not text:
        return None
    if isinstance(cell, float) and not cell.is_integer():
        raise CellWrong("not_whole")
    if not text.lstrip("-").isdecimal():
        raise CellWrong("not_a_number")
    if len(text) > 9:
        raise CellWrong("out_of_range")
    return int(text)


def date_of(cell: Cell) -> str | None:
    """Read a date: dd/mm/yyyy, mm/yyyy, yyyy, or a date cell of Excel."""
    text = text_of(cell)
    if not text:
        return None
    try:
        return iso_of(text)
    except ValueError as wrong:
        raise CellWrong("not_a_date") from wrong


def flag_of(cell: Cell) -> bool:
    """Read a mark: x or nothing."""
    text = text_of(cell).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise CellWrong("not_a_mark")


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
    "numberOfPage": ("page_count", lambda cell: count_of(required(cell) and cell)),
    "format": ("physical_condition", code_of),
    "inforSign": ("information_sign", text_of),
    "confidenceLevel": ("trust_level", code_of),
    "paperFileCode": ("paper_file_code", text_of),
    "riskRecovery": ("reserve", lambda cell: True if text_of(cell) == "" else flag_of(cell)),
    "description": ("note", text_of),
    "series": ("series_code", optional),
    "criteria": ("criteria", split),
    "evidence": ("evidence", text_of),
    "arranged": ("is_arranged", flag_of),
    "secrecy": ("secrecy", lambda cell: text_of(cell).lower() or "none"),
}
COLUMN_OF = {field: column for column, (field, _read) in FIELDS.items()}
NEEDED = ("fileCode", "title", "numberOfPage")


def read_row(
    row: int, cells: Mapping[str, Cell], known_criteria: frozenset[str], *, secrets_allowed: bool
) -> tuple[ReadRow | None, list[CellError]]:
    """Read one row. Of a row about a secret dossier nothing is repeated in the error, not even its title."""
    errors: list[CellError] = []
    values: dict[str, object] = {}
    for column, (field, read) in FIELDS.items():
        try:
            values[field] = read(cells.get(column))
        except CellWrong as wrong:
            errors.append(CellError(row, column, str(cells.get(column) or "")[:200], str(wrong)))
    if values.get("secrecy") == Secrecy.SECRET and not secrets_allowed:
        return None, [CellError(row, "secrecy", "", "secret_refused")]
    errors += wrong_criteria(row, values, known_criteria)
    if any(error.column in NEEDED for error in errors):
        return None, errors
    criteria, evidence = values.pop("criteria", ()), values.pop("evidence", "")
    described = Description(**values)  # type: ignore[arg-type] # each value was read by its field's own reader
    for each in wrongs_of(described):
        column = COLUMN_OF.get(each.field, each.field)
        if all(error.column != column for error in errors):
            errors.append(CellError(row, column, str(cells.get(column) or "")[:200], each.code))
    return ReadRow(row, described, tuple(criteria), str(evidence)), errors  # type: ignore[arg-type]


def wrong_criteria(row: int, values: Mapping[str, object], known: frozenset[str]) -> list[CellError]:
    """Hold the criteria against the programme; a criterion needs its evidence."""
    criteria = values.get("criteria", ())
    errors = []
    told = ";".join(criteria) if isinstance(criteria, tuple) else ""
    if isinstance(criteria, tuple) and set(criteria) - known:
        errors.append(CellError(row, "criteria", told, "unknown"))
    if isinstance(criteria, tuple) and len(set(criteria)) != len(criteria):
        errors.append(CellError(row, "criteria", told, "repeated"))
    if criteria and not values.get("evidence"):
        errors.append(CellError(row, "evidence", "", "missing_for_criteria"))
    return errors
