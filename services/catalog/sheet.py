"""The rows of a sheet, whatever file it came in: field names in row 2 below headings for people, or alone in row 1."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from services.catalog.domain.columns import DOCUMENTS, DOSSIERS
from services.catalog.domain.workbook_row import Columns, Level, ReadRow, read_row
from services.catalog.errors import WorkbookColumnsWrong, WorkbookUnreadable

FIRST_ROW = 3  # of a sheet with headings
MOST_ROWS = 200_000
MOST_COLUMNS = 200
KEY = "fileCode"

Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The rows of a sheet, its name, and what each of its rows is about."""

    name: str
    level: Level
    rows: list[ReadRow]


def read_sheet(name: str, lines: Iterator[Cells]) -> ReadSheet:
    """Read a sheet from its first line on. Raises WorkbookUnreadable, WorkbookColumnsWrong."""
    heads = list(islice(lines, 1))
    if KEY not in map(text_in, heads[0] if heads else ()):
        heads += islice(lines, 1)
    columns, names = columns_of(heads[-1] if heads else ())
    return ReadSheet(name[:100], columns.level, list(read_rows(lines, len(heads) + 1, columns, names)))


def read_rows(lines: Iterator[Cells], first: int, columns: Columns, names: Mapping[int, str]) -> Iterator[ReadRow]:
    """Read rows from number `first` on, skipping empty ones; `names` gives the column of each place.

    Raises WorkbookUnreadable.
    """
    count = 0
    for number, cells in enumerate(lines, start=first):
        told = {name: cells[index] if index < len(cells) else None for index, name in names.items()}
        if all(map(is_empty, told.values())):
            continue
        count += 1
        if count > MOST_ROWS:
            raise WorkbookUnreadable(f"more than {MOST_ROWS} rows", reason="too_much")
        yield read_row(number, columns, told)


def is_empty(cell: object) -> bool:
    """Say whether a cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_in(cell: object) -> str:
    """Give the beginning of a cell as a name."""
    return "" if cell is None else str(cell).strip()[:100]


def columns_of(cells: Cells) -> tuple[Columns, dict[int, str]]:
    """Give the level that field names belong to, and the column of each place.

    Raises WorkbookColumnsWrong for unknown, repeated or missing ones.
    """
    names = {index: name for index, cell in enumerate(cells) if (name := text_in(cell))}
    present = list(names.values())
    columns = DOCUMENTS if "docOrdinal" in present else DOSSIERS
    unknown = sorted(set(present) - columns.readers.keys())
    repeated = sorted({name for name in present if present.count(name) > 1})
    missing = [name for name in columns.needed if name not in present]
    if unknown or repeated or missing:
        raise WorkbookColumnsWrong(
            ", ".join([*unknown, *repeated, *missing]), unknown=unknown, repeated=repeated, missing=missing
        )
    return columns, names
