"""The lines of a sheet, whatever file it came in: which of them name the fields, and what the others tell.

Field names stand in row 2 below headings for people, or alone in row 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from services.catalog.domain.columns import DOSSIERS, LEVELS
from services.catalog.domain.workbook_row import Cells, Columns
from services.catalog.errors import WorkbookColumnsWrong, WorkbookUnreadable

FIRST_ROW = 3  # of a sheet with headings
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MARK = "Lỗi"  # the column that tells what is wrong with a row, in files that we give back
KEYS = frozenset(columns.needed[0] for columns in LEVELS)

Line = tuple[int, Cells]


@dataclass(frozen=True, slots=True)
class Heads:
    """What the first lines of a sheet say: the level of its rows, and the column of each place."""

    columns: Columns
    names: Mapping[int, str]
    lines: Sequence[Cells]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is being read: its name, its first lines, and the rows that follow, empty ones left out."""

    name: str
    heads: Heads
    rows: Iterator[Line]


def open_sheet(name: str, lines: Iterator[Cells]) -> Sheet:
    """Read the first lines of a sheet. Raises WorkbookUnreadable, WorkbookColumnsWrong, also while rows are taken."""
    first = list(islice(lines, 1))
    if KEYS.isdisjoint(map(text_in, first[0] if first else ())):
        first += islice(lines, 1)
    columns, names = columns_of(first[-1] if first else ())
    heads = Heads(columns, names, first)
    return Sheet(name[:100], heads, told_rows(lines, heads))


def told_rows(lines: Iterator[Cells], heads: Heads) -> Iterator[Line]:
    """Give the rows that tell something, each with its number. Raises WorkbookUnreadable."""
    count = 0
    for number, cells in enumerate(lines, start=len(heads.lines) + 1):
        if all(is_empty(cells[place]) for place in heads.names if place < len(cells)):
            continue
        count += 1
        if count > MOST_ROWS:
            raise WorkbookUnreadable(f"more than {MOST_ROWS} rows", reason="too_much")
        yield number, cells


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
    names = {place: name for place, cell in enumerate(cells) if (name := text_in(cell)) and name != MARK}
    present = list(names.values())
    columns = next((level for level in reversed(LEVELS) if level.sign in present), DOSSIERS)
    unknown = sorted(set(present) - columns.readers.keys())
    repeated = sorted({name for name in present if present.count(name) > 1})
    missing = [name for name in columns.needed if name not in present]
    if unknown or repeated or missing:
        raise WorkbookColumnsWrong(
            ", ".join([*unknown, *repeated, *missing]), unknown=unknown, repeated=repeated, missing=missing
        )
    return columns, names
