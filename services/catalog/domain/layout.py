"""Own column layouts: which heading of somebody's inventory names which field, and what holds for all its rows."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.catalog.domain.cell import Cell, CellWrong, raw_text
from services.catalog.domain.columns import LEVELS
from services.catalog.domain.layout_errors import LayoutWrong
from services.catalog.domain.recognising import Choice
from services.catalog.domain.text import seen, tidied
from services.catalog.domain.workbook_row import Cells, Columns, Level, decoded

MOST_HEAD_ROWS = 20
LONGEST_HEADING = 200
KNOWN_BY = frozenset({"fileCode", "docOrdinal", "seriesCode"})  # what tells rows apart is no constant


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields by heading, nothing for a column that is left out on purpose.

    `constants` are the cells of fields that the file has no column for; an empty `sheet` means the first. `encoding`
    says whether text that was typed in TCVN3 or VNI is recognised, or kept as it stands. A layout that is not complete
    came with the system and leaves headings to be understood by themselves.
    """

    name: str
    level: Level
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    heading_row: int = 1
    sheet: str = ""
    encoding: Choice = "recognise"
    is_complete: bool = True

    @property
    def of_level(self) -> Columns:
        """Give the columns of its level."""
        return next(columns for columns in LEVELS if columns.level == self.level)

    @property
    def keyed(self) -> dict[str, str]:
        """Give the fields by headings as they are compared."""
        return {heading_key(heading): name for heading, name in self.columns.items()}

    def line_of(self, first: Sequence[Cells]) -> Cells:
        """Give the line of the headings among the first lines of a sheet."""
        return first[self.heading_row - 1] if len(first) >= self.heading_row else ()

    def fits(self, first: Sequence[Cells]) -> bool:
        """Say whether the headings of all its fields stand in a sheet."""
        present = {heading_key(cell) for cell in self.line_of(first)}
        return all(key in present for key, name in self.keyed.items() if name)


def heading_key(cell: Cell) -> str:
    """Give a heading as it is compared: in Unicode (NFC), with single spaces, without regard to capitals."""
    try:
        return tidied(seen(raw_text(decoded(cell)[0]))).casefold()[:LONGEST_HEADING]
    except CellWrong:
        return ""


def demand_followable(layout: Layout) -> None:
    """Raise LayoutWrong unless a layout can be followed, naming all that is wrong with it."""
    wrongs = list(wrongs_of(layout))
    if wrongs:
        raise LayoutWrong(
            ", ".join(f"{of}: {why}" for of, why in wrongs), wrongs=[{"of": of, "why": why} for of, why in wrongs]
        )


def wrongs_of(layout: Layout) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a layout: each heading or field with the kind of fault."""
    readers = layout.of_level.readers
    fields = [name for name in layout.columns.values() if name]
    for key, count in Counter(map(heading_key, layout.columns)).items():
        if not key or count > 1:
            yield key, "heading_repeated" if key else "heading_empty"
    for name, count in Counter(fields).items():
        if name not in readers:
            yield name, "field_unknown"
        elif count > 1:
            yield name, "field_repeated"
    for name in layout.of_level.needed:
        if name not in fields and name not in layout.constants:
            yield name, "field_missing"
    yield from wrong_constants(layout, fields)


def wrong_constants(layout: Layout, fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give what is wrong with the constants of a layout."""
    readers = layout.of_level.readers
    for name, value in layout.constants.items():
        if name not in readers:
            yield name, "field_unknown"
        elif name in fields:
            yield name, "constant_has_column"
        elif name in KNOWN_BY:
            yield name, "constant_tells_apart"
        else:
            try:
                readers[name][1](value)
            except CellWrong as wrong:
                yield name, f"constant_{wrong}"


def shipped() -> tuple[Layout, ...]:
    """Give the layouts that come with the system."""
    told = tomllib.loads(Path(__file__).with_name("layouts.toml").read_text("utf-8"))
    return tuple(Layout(**each) for each in told["layout"])


SHIPPED = shipped()
