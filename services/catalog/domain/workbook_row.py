"""A row of a workbook: what its cells say, and every cell that cannot be read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeGuard

from services.catalog.domain import codes
from services.catalog.domain.cell import TEXTS, Cell, CellWrong, Reread, opened, shown
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.look_alike import with_stroke
from services.catalog.domain.recognising import Typed, doubt_of, likely, recognised
from services.catalog.domain.text import seen

DATES = frozenset({"starts_on", "ends_on", "issued_on", "arrangement_on"})
EXPORTED = "catalogVersion"  # a row that says it comes from the catalog, where all is Unicode
MIXED = "mixed_encodings"
CODES = frozenset({"file_code", "series_code", "code"})  # stay as they are written, and are compared folded
SHORT_CELL = 40  # characters
Reader = Callable[[Cell], object]
Level = Literal["fonds", "series", "dossiers", "documents"]
Cells = Sequence[Cell]
OPEN_SECRECY = frozenset({Secrecy.NONE, Secrecy.EXPIRED, Secrecy.REMOVED})
OPEN_ACCESS = frozenset({None, *codes.ACCESS_LEVEL} - {codes.CLASSIFIED})


@dataclass(frozen=True)
class Columns:
    """The columns of a level's workbook by the field names of its second row: the field each fills, how it is read.

    `needed` are those a workbook cannot lack; `sign` is the one by which the level is known; `coded` are those that
    take codes, as code to Vietnamese wording.
    """

    level: Level
    readers: Mapping[str, tuple[str, Reader]]
    needed: tuple[str, ...]
    sign: str
    coded: Mapping[str, Mapping[str, str]]

    @cached_property
    def of_field(self) -> Mapping[str, str]:
        """Give the column of each field."""
        return {field: column for column, (field, _read) in self.readers.items()}


@dataclass(frozen=True, slots=True)
class CellError:
    """A wrong cell: row as Excel counts it, column by its field name, the value as it stood, the kind of fault.

    `other` is what it is wrong beside, if anything.
    """

    row: int
    column: str
    value: str
    code: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class CellNotice:
    """A cell that was written in another way than asked, and what it was read as: nothing is altered silently."""

    row: int
    column: str
    value: str
    read: str
    code: str


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What a row says: `values` by field, only of columns that the workbook has.

    `cells` are kept to show what stood there should a later rule object; a field with an error has no value.
    """

    row: int
    columns: Columns
    values: Mapping[str, object]
    cells: Mapping[str, Cell]
    errors: tuple[CellError, ...] = ()
    notices: tuple[CellNotice, ...] = ()

    @property
    def file_code(self) -> str | None:
        """Give the code of the dossier, if it could be read."""
        code = self.values.get("file_code")
        return str(code) if code else None

    @property
    def is_surely_open(self) -> bool:
        """Say whether the row clearly is not about a secret: only then may its cells be repeated in errors."""
        secrecy = self.values.get("secrecy", None if self.has_error("secrecy") else Secrecy.NONE)
        return secrecy in OPEN_SECRECY and self.has_open_access

    @property
    def has_open_access(self) -> bool:
        """Say whether the row clearly tells an access level that is not that of secrets, or none."""
        return not self.has_error("mode") and self.values.get("access_level") in OPEN_ACCESS

    def has_error(self, column: str) -> bool:
        """Say whether a column was found wrong."""
        return any(error.column == column for error in self.errors)

    def wrong(self, field: str, why: str, value: str | None = None) -> CellError:
        """Make the error of a field of this row."""
        column = self.columns.of_field.get(field, field)
        return CellError(self.row, column, shown(self.cells.get(column)) if value is None else value, f"{field}_{why}")

    def with_errors(self, further: Iterable[CellError]) -> "ReadRow":
        """Add errors, one a column: what is wrong first is told first."""
        further = list(further)
        if not further:
            return self
        errors = list(self.errors)
        for error in further:
            if all(known.column != error.column for known in errors):
                errors.append(error)
        return replace(self, errors=tuple(errors))


class CellTold(NamedTuple):
    """What a cell says: its value, what it tells of other fields, how it was read if not as it stood, or its fault."""

    value: object = None
    also: Mapping[str, object] = MappingProxyType({})
    notes: tuple[tuple[str, str], ...] = ()
    wrong: str = ""


def read_row(row: int, columns: Columns, cells: Mapping[str, Cell], typed: Typed = "recognise") -> ReadRow:
    """Read the cells of one row, by column name, typed as its file says.

    What cannot be read becomes an error of the row, what is read in another way than it stands a notice.
    """
    values: dict[str, object] = {}
    also: dict[str, object] = {}
    found = ReadRow(row, columns, values, cells)
    errors, notices = [], []
    if typed != "keep" and cells.get(EXPORTED):
        typed = "unicode"
    for column, (field, read) in columns.readers.items():
        if column not in cells:
            continue
        cell = cells[column]
        kind = type(cell).__name__
        told = remembered(field, read, kind, cell, typed) if is_short(cell) else told_by(field, read, cell, typed)
        if told.wrong:
            errors.append(found.wrong(field, told.wrong))
            continue
        values[field] = told.value
        if told.notes:
            notices += [CellNotice(row, column, shown(cell), text, f"{field}_{why}") for text, why in told.notes]
            also |= told.also
    if not errors and not notices:
        return found
    found = replace(found.with_errors(errors), notices=tuple(notices))
    return completed(found, values, also)


def told_by(field: str, read: Reader, cell: Cell, typed: Typed) -> CellTold:
    """Read one cell."""
    try:
        held, peculiarity = opened(cell, is_date=field in DATES, is_text=read in TEXTS)
        unicode, encoding, doubt = in_unicode(held, typed)
        stroked = unicode
        if isinstance(unicode, str) and typed not in ("keep", "unicode") and field not in CODES:
            stroked = with_stroke(unicode)
        shows = seen(stroked) if isinstance(stroked, str) else stroked
        value = read(shows)
    except CellWrong as wrong:
        return CellTold(wrong=str(wrong))
    notes = [(shown(held), peculiarity)] if peculiarity else []
    if encoding:
        notes.append((shown(unicode), f"read_{encoding}"))
    elif doubt:
        notes.append((shown(held), doubt))
    if stroked != unicode:
        notes.append((shown(stroked), "read_stroke"))
    if shows != stroked:
        notes.append((shown(shows), "unseen_removed"))
    if isinstance(value, Reread):
        notes.append((str(value.value or ""), value.why))
        return CellTold(value.value, value.also, tuple(notes))
    return CellTold(value, notes=tuple(notes))


@lru_cache(maxsize=1 << 13)
def remembered(field: str, read: Reader, _type: str, cell: str | float | None, typed: Typed) -> CellTold:
    """Read a cell that is like many others, once; of its type too, for 1 and True are alike."""
    return told_by(field, read, cell, typed)


def is_short(cell: Cell) -> TypeGuard[str | float | None]:
    """Say whether a cell is so short that others may well say the same."""
    return cell is None or (isinstance(cell, str) and len(cell) <= SHORT_CELL) or isinstance(cell, int | float)


def completed(found: ReadRow, values: dict[str, object], also: Mapping[str, object]) -> ReadRow:
    """Fill fields that another cell tells too; where both tell something else, neither is believed."""
    for field, value in also.items():
        if found.has_error(found.columns.of_field[field]):
            continue
        if values.get(field) is None:
            values[field] = value
        elif value is not None and not may_be_one(str(value), str(values[field])):
            found = found.with_errors([found.wrong(field, "contradicts_period")])
    return found


def may_be_one(one: str, other: str) -> bool:
    """Say whether two cut dates may mean one day: 1957 and 31/12/1957 may."""
    return one.startswith(other) or other.startswith(one)


def in_unicode(cell: Cell, typed: Typed) -> tuple[Cell, str, str]:
    """Give a cell in Unicode, the encoding it was typed in if that was an older one, and else what is doubtful of it.

    Raises CellWrong where some of it surely is Unicode, and some is not.
    """
    if not isinstance(cell, str) or cell.isascii():
        return cell, "", ""
    if known := recognised(cell, typed):
        return *known, ""
    doubt = doubt_of(cell, typed)
    if doubt == MIXED:
        raise CellWrong(MIXED)
    return cell, "", doubt


def decoded(cell: Cell) -> tuple[Cell, str | None]:
    """Give a cell that is compared, not kept, in Unicode, and the encoding it may have been typed in."""
    known = likely(cell) if isinstance(cell, str) else None
    return known if known else (cell, None)
