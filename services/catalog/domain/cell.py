"""Cells of a workbook: what Excel holds, read as what people meant."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from services.catalog.domain.number_format import shown_as
from services.catalog.domain.old_calendar import YearUntold
from services.catalog.domain.old_date import OnlyBound, Period, period_of
from services.catalog.domain.text import CONTROL, tidied, tidied_lines

Cell = object
YES = frozenset({"x", "1", "có", "true"})
NO = frozenset({"", "0", "không", "false"})
EXCEL_ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
WHOLE = re.compile(r"-?[0-9]+")
SHORT = 200
FIRST_INEXACT = 10**15  # Excel keeps 15 digits of a number and makes the others 0
FIRST_BEYOND = 10**9  # of what is counted
MOMENTS = {"day": "", "month": "read_month", "year": "read_year"}
NUMBER = "number"
EXCEL_ERROR = "excel_error"
UNREADABLE = frozenset({EXCEL_ERROR, "formula", "merged", "extra_cells", "told_elsewhere"})


class CellWrong(ValueError):
    """A cell cannot be read; the text says why, as a part of a stable code."""


@dataclass(frozen=True, slots=True)
class Reread:
    """A value that was written in another way than asked: its writer is told how it was read.

    `also` fills fields whose own cells are empty.
    """

    value: object
    why: str
    also: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Peculiar:
    """A cell whose file tells more than its value: `formula` (never computed), `formula_value`, `merged` (hidden).
    `extra_cells`: the row of a table of text has more cells than headings, so that none is surely its column's.

    `excel_error`: an error value; a text of the same letters is a text.

    `undefused`: text of a CSV file whose first quote kept it from being computed.
    `code_page`: text that was written in the Vietnamese code page of Windows.

    Of a moment, told as people write it: `day`, or `month` or `year` where its format shows no more.

    `number`: one that its `format` shows otherwise than its digits; a formula may give such a number, too.
    """

    why: str
    value: Cell = None
    format: str = ""

    @property
    def shown(self) -> Cell:
        """Give what people see: a number as its format shows it. Raises CellWrong where that is not sure."""
        if not self.format or not isinstance(self.value, int | float):
            return self.value
        number_text(self.value)
        text = shown_as(self.value, self.format)
        if text is None:
            raise CellWrong("number_format")
        return text

    def __str__(self) -> str:
        return "" if self.value is None else str(self.value)


def opened(cell: Cell, *, is_date: bool, is_text: bool = False) -> tuple[Cell, str]:
    """Give what a cell holds, in a text what it shows, and what its writer is told of it.

    Raises CellWrong where nobody can know.
    """
    if not isinstance(cell, Peculiar):
        return cell, ""
    if cell.why in UNREADABLE:
        raise CellWrong(cell.why)
    if cell.why in MOMENTS:
        return cell.value, MOMENTS[cell.why] if is_date else "read_date"
    if cell.why == NUMBER:
        return (cell.shown, "as_shown") if is_text else (cell.value, "")
    return cell.shown if is_text else cell.value, cell.why


def shown(cell: Cell) -> str:
    """Give the beginning of a cell as it stood, to be repeated in an error."""
    return "" if cell is None else unicodedata.normalize("NFC", str(cell))[:SHORT]


def raw_text(cell: Cell) -> str:
    """Give a cell as text, numbers and dates as people write them. Raises CellWrong."""
    if isinstance(cell, Peculiar):
        if cell.why == EXCEL_ERROR:
            raise CellWrong(EXCEL_ERROR)
        cell = cell.value
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime | date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    text = str(cell)
    if CONTROL.search(text):
        raise CellWrong("control_character")
    return text


def number_text(cell: float) -> str:
    """Give a number as text. Raises CellWrong for TRUE and FALSE, and for a number that has lost digits."""
    if isinstance(cell, bool):
        raise CellWrong("not_text")
    if abs(cell) >= FIRST_INEXACT:
        raise CellWrong("too_many_digits")
    return str(int(cell)) if cell % 1 == 0 else str(cell)


def text_of(cell: Cell) -> str:
    """Read one line of text."""
    return tidied(raw_text(cell))


def lines_of(cell: Cell) -> str:
    """Read a longer text whose paragraphs matter."""
    return tidied_lines(raw_text(cell))


def required(cell: Cell) -> str:
    """Read one line of text that may not be empty."""
    text = text_of(cell)
    if not text:
        raise CellWrong("missing")
    return text


def optional(cell: Cell) -> str | None:
    """Read one line of text that may be empty."""
    return text_of(cell) or None


def code_of(cell: Cell) -> str | None:
    """Read a two-digit code; Excel likes to drop its leading zero."""
    text = text_of(cell)
    return text.zfill(2) if text.isdecimal() else text or None


def codes_of(cell: Cell) -> tuple[str, ...]:
    """Read two-digit codes separated by semicolons."""
    return tuple(part.zfill(2) if part.isdecimal() else part for part in split(cell))


def split(cell: Cell) -> tuple[str, ...]:
    """Read a list separated by semicolons."""
    return tuple(part.strip() for part in text_of(cell).split(";") if part.strip())


def count_of(cell: Cell) -> int | None:
    """Read a whole number; 12.0 is one, 12.5 and 1.200 are not."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= FIRST_BEYOND:
        raise CellWrong("out_of_range")
    text = text_of(cell)
    if not text:
        return None
    if isinstance(cell, float) and not cell.is_integer():
        raise CellWrong("not_whole")
    if not WHOLE.fullmatch(text):
        raise CellWrong("not_a_number")
    if len(text) > 9:
        raise CellWrong("out_of_range")
    return int(text)


def required_count(cell: Cell) -> int:
    """Read a whole number that may not be missing."""
    count = count_of(cell)
    if count is None:
        raise CellWrong("missing")
    return count


def period_in(cell: Cell) -> Period:
    """Read a date as asked (dd/mm/yyyy, mm/yyyy, yyyy, a date cell of Excel) or in an old way."""
    text = text_of(cell)
    try:
        return period_of(text) if text else Period(None, None)
    except OnlyBound as wrong:
        raise CellWrong("only_bound") from wrong
    except YearUntold as wrong:
        raise CellWrong("year_untold") from wrong
    except ValueError as wrong:
        raise CellWrong("not_a_date") from wrong


def start_of(cell: Cell) -> str | Reread | None:
    """Read when a dossier starts; gives ISO 8601, cut where unknown. A period tells its end too."""
    read = period_in(cell)
    return Reread(read.start, f"read_{read.why}", told_too(read, "ends_on", read.end)) if read.why else read.start


def end_of(cell: Cell) -> str | Reread | None:
    """Read when a dossier ends; a period tells its start too."""
    read = period_in(cell)
    return Reread(read.end, f"read_{read.why}", told_too(read, "starts_on", read.start)) if read.why else read.end


def told_too(read: Period, field: str, iso: str | None) -> dict[str, object]:
    """Give the other end of a period under its field."""
    return {field: iso} if read.has_two_ends else {}


def date_of(cell: Cell) -> str | Reread | None:
    """Read the date of a document, which is no period."""
    read = period_in(cell)
    if read.start != read.end:
        raise CellWrong("not_a_date")
    return Reread(read.start, f"read_{read.why}") if read.why else read.start


def mark_of(cell: Cell) -> bool:
    """Read a mark: x or nothing."""
    if isinstance(cell, bool):
        return cell
    text = text_of(cell).lower()
    if text in YES:
        return True
    if text in NO:
        return False
    raise CellWrong("not_a_mark")


TEXTS = frozenset({text_of, lines_of, required, optional})  # readers of what is no count, date, mark or code of a list
