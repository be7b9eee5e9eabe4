"""The rows of an uploaded file as they are kept until the import is over: portions of plain values, packed.

A workbook is read once, while it comes in; what is kept needs no care any more, and any worker can take it up.
"""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from services.catalog.domain.cell import Cell, Peculiar, raw_text
from services.catalog.domain.import_errors import WorkbookUnreadable
from services.catalog.domain.legacy_text import ENCODINGS, Encoding
from services.catalog.domain.recognising import Typed, evidence_in
from services.catalog.domain.secret_mark import secret_mark
from services.catalog.domain.secret_words import says_secret, secret_places
from services.catalog.domain.withholding import CODES, JUDGING, bare, withheld
from services.catalog.domain.workbook_row import Cells, Level
from services.catalog.files.csv_file import opened_csv
from services.catalog.files.ead_file import is_ead, opened_ead
from services.catalog.files.heading import Heads, Known
from services.catalog.files.sheet import Sheet
from services.catalog.files.workbook import opened_workbook
from services.catalog.files.workbook_guard import OLD_OFFICE

ROWS = 1000  # in a portion
PORTION = 4 << 20  # characters, of which a row is the least
# which column cannot be read where a row is said to be secret, by the column that tells its level
JUDGED = (("docOrdinal", "mode"), ("fileCode", "secrecy"), ("seriesCode", "seriesTitle"), ("fondsCode", "fondsTitle"))
BEGINNING = 256  # bytes of a file that tell what it is
MOST_TEXT = 512 << 20
MOST_PACKED = 128 << 20


class Kept(NamedTuple):
    """A line as it is kept; of a bare one only the cells that may be kept are there.

    Of one that is said to be secret, not where that is asked for, the cell that is asked for cannot be read.
    """

    number: int
    cells: Cells
    is_bare: bool = False
    is_said_secret: bool = False

    def told(self, names: Mapping[int, str], constants: Mapping[str, str]) -> dict[str, Cell]:
        """Give its cells by the columns they stand in, and those that a layout gives every row.

        Of a bare line only such constants count as say whether it is about a secret.
        """
        told = by_column(names, self.cells)
        if not self.is_bare:
            return {**told, **constants}
        kept = {name: cell for name, cell in told.items() if cell is not None or name in CODES}
        if self.is_said_secret:
            kept[next(column for sign, column in JUDGED if sign in names.values())] = Peculiar("told_elsewhere", None)
        return kept | {name: cell for name, cell in constants.items() if name in JUDGING and name not in kept}


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that was read: what its sheet is called, how it begins, how many rows follow, and all of them packed.

    `typed` is the older encoding that its cells speak for, if they do for one.
    """

    name: str
    kind: str
    heads: Heads
    row_count: int
    portions: Sequence[bytes]
    typed: Typed = "recognise"


def packed(path: Path, known: Known, level: Level | None, *, secrets_allowed: bool) -> Packed:
    """Read a file whole; of rows that are, or may be, about secrets only codes where those are not allowed; blocks.

    Raises WorkbookUnreadable, WorkbookColumnsWrong, LayoutUnclear.
    """
    kind, opened = opener_of(path, known, level)
    with opened as sheet:
        heads = sheet.heads
        count, portions, size, text = 0, [], 0, 0
        found: set[Encoding] = set()
        for lines in cut(lines_of(sheet, secrets_allowed=secrets_allowed)):
            speak_for(lines, heads.names, found)
            body, length = pack(lines)
            count, size, text = count + len(lines), size + len(body), text + length
            if size > MOST_PACKED or text > MOST_TEXT:
                raise WorkbookUnreadable("more text than any inventory has", reason="too_much")
            portions.append(body)
        return Packed(sheet.name, kind, heads, count, portions, typed_in(kind, found))


def speak_for(lines: Sequence[Kept], places: Iterable[int], found: set[Encoding]) -> None:
    """Find which older encodings the cells of lines speak for; once both do, no more is to be found."""
    for line in lines:
        for place in places if len(found) < len(ENCODINGS) else ():
            cell = line.cells[place] if place < len(line.cells) else None
            if isinstance(cell, str) and not cell.isascii() and (encoding := evidence_in(cell)):
                found.add(encoding)


def typed_in(kind: str, found: Collection[Encoding]) -> Typed:
    """Say how a file was typed; XML tells that itself, and of a file that speaks for both nothing is known."""
    if kind == "ead":
        return "unicode"
    return next(iter(found)) if len(found) == 1 else "recognise"


def opener_of(path: Path, known: Known, level: Level | None) -> tuple[str, AbstractContextManager[Sheet]]:
    """Say what a file is by its first bytes, and how it is opened; of a finding aid one level is read.

    Raises WorkbookUnreadable.
    """
    with path.open("rb") as file:
        begins = file.read(BEGINNING)
    if is_ead(begins):
        if known.chosen or level == "documents":
            raise WorkbookUnreadable("a finding aid has no columns and no documents", reason="no_table")
        return "ead", opened_ead(path, level or "dossiers")
    if level:
        raise WorkbookUnreadable("a table tells its level itself", reason="no_finding_aid")
    if begins.startswith((b"PK", OLD_OFFICE)):
        return "xlsx", opened_workbook(path, known)
    return "csv", opened_csv(path, known)


def lines_of(sheet: Sheet, *, secrets_allowed: bool) -> Iterator[Kept]:
    """Give the rows of a sheet as they may be kept."""
    columns, names = sheet.heads.columns, sheet.heads.names
    places = secret_places(sheet.heads.headings, names)
    judged = {place for place, name in names.items() if name in JUDGING}
    is_marked = any(secret_mark(text) for name, text in sheet.heads.constants.items() if name not in JUDGING)
    for number, cells in sheet.rows:
        told = {**by_column(names, cells), **sheet.heads.constants}
        is_shifted = any(isinstance(cell, Peculiar) and cell.why == "extra_cells" for cell in told.values())
        if not secrets_allowed and (is_marked or says_secret(cells, places, judged)):
            yield bare_line(number, names, withheld(columns, told) or bare(columns, told))._replace(is_said_secret=True)
            continue
        few = None if secrets_allowed else bare(columns, told) if is_shifted else withheld(columns, told)
        yield Kept(number, cells) if few is None else bare_line(number, names, few)


def by_column(names: Mapping[int, str], cells: Cells) -> dict[str, Cell]:
    """Give the cells of a row by the columns they stand in."""
    return {name: cells[place] if place < len(cells) else None for place, name in names.items()}


def bare_line(number: int, names: Mapping[int, str], few: Mapping[str, Cell]) -> Kept:
    """Give a line that has nothing but the cells of some columns."""
    return Kept(number, [few.get(names.get(place, "")) for place in range(max(names) + 1)], is_bare=True)


def cut(lines: Iterator[Kept]) -> Iterator[list[Kept]]:
    """Cut rows into portions of so many, or of so much text."""
    waiting: list[Kept] = []
    length = 0
    for line in lines:
        waiting.append(line._replace(cells=trimmed(line.cells)))
        length += sum(len(str(cell)) for cell in line.cells if isinstance(cell, str | Peculiar))
        if len(waiting) == ROWS or length > PORTION:
            yield waiting
            waiting, length = [], 0
    if waiting:
        yield waiting


def trimmed(cells: Cells) -> list[Cell]:
    """Give the cells of a line up to the last that holds something."""
    length = max((place for place, cell in enumerate(cells, start=1) if cell is not None), default=0)
    return [plain(cell) for cell in cells[:length]]


def plain(cell: Cell) -> Cell:
    """Give a cell as JSON can hold it: a day as people write it."""
    if isinstance(cell, Peculiar):
        return {"why": cell.why, "value": plain(cell.value)} | ({"format": cell.format} if cell.format else {})
    if isinstance(cell, datetime | date):
        return raw_text(cell)
    return str(cell) if isinstance(cell, time | timedelta) else cell


def pack(lines: Sequence[Kept]) -> tuple[bytes, int]:
    """Pack lines, and say how long they are unpacked."""
    text = json.dumps(lines, separators=(",", ":"), default=plain).encode()
    return zlib.compress(text, 1), len(text)


def unpacked(body: bytes) -> list[Kept]:
    """Give packed lines back."""
    return [Kept(*line) for line in json.loads(zlib.decompress(body), object_hook=peculiar)]


def peculiar(told: dict[str, Cell]) -> Peculiar:
    """Give back the only kind of cell that is no plain value."""
    return Peculiar(str(told["why"]), told["value"], str(told.get("format", "")))
