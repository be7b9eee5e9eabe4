"""The lines of a sheet, whatever file it came in: the first tell what the others hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from services.catalog.domain.cell import Peculiar
from services.catalog.domain.import_errors import WorkbookUnreadable
from services.catalog.domain.layout import MOST_HEAD_ROWS
from services.catalog.domain.workbook_row import Cells
from services.catalog.files.heading import Heads, Known, heads_of

FIRST_ROW = 3  # of a sheet with headings
MOST_ROWS = 200_000
MOST_COLUMNS = 200

Line = tuple[int, Cells]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is being read: its name, its first lines, and the rows that follow, empty ones left out."""

    name: str
    heads: Heads
    rows: Iterator[Line]


def open_sheet(name: str, lines: Iterator[Cells], known: Known, title: str | None = None) -> Sheet:
    """Read the first lines of a sheet; a layout may ask for a title.

    Raises WorkbookUnreadable, WorkbookColumnsWrong, LayoutUnclear, the first also while rows are taken.
    """
    first = list(islice(lines, MOST_HEAD_ROWS))
    heads = heads_of(first, known, title)
    return Sheet(name[:100], heads, told_rows(chain(first[len(heads.lines) :], lines), heads))


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
    if isinstance(cell, Peculiar):
        return cell.why != "formula" and is_empty(cell.value)
    return cell is None or (isinstance(cell, str) and not cell.strip())
