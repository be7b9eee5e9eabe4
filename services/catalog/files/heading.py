"""What the first lines of a sheet say of its columns.

Field names stand in row 2 below headings for people, or alone in row 1: all of them are known, or the file is refused.
Else the headings are those of an own layout, or of our template without its second row; what they do not name is left
out, and its writer is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.catalog.domain.columns import DOSSIERS, LEVELS
from services.catalog.domain.import_errors import WorkbookColumnsWrong
from services.catalog.domain.layout import Layout, heading_key
from services.catalog.domain.layout_errors import LayoutUnclear
from services.catalog.domain.recognising import Choice
from services.catalog.domain.workbook_row import Cells, Columns
from services.catalog.wording import heading_of

MARK = "Lỗi"  # the column that tells what is wrong with a row, in files that we give back
KEYS = frozenset(columns.needed[0] for columns in LEVELS)


@dataclass(frozen=True, slots=True)
class Heads:
    """What the first lines of a sheet say: the level of its rows, and the column of each place.

    `headings` stand in the line that told it, also of places that are left out; `layout` is the one that was followed,
    `constants` are its cells for every row, `encoding` what it says of old
    encodings.
    """

    columns: Columns
    names: Mapping[int, str]
    lines: Sequence[Cells]
    headings: Mapping[int, str] = field(default_factory=dict)
    layout: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: Choice = "recognise"


@dataclass(frozen=True, slots=True)
class Known:
    """The layouts that a file may follow, and the one that was asked for; own ones come before those shipped."""

    own: Sequence[Layout] = ()
    given: Sequence[Layout] = ()
    chosen: Layout | None = None

    @property
    def all(self) -> tuple[Layout, ...]:
        """Give those that a file may follow."""
        return (self.chosen,) if self.chosen else (*self.own, *self.given)

    def fitting(self, first: Sequence[Cells], sheet: str | None = None) -> list[Layout]:
        """Give the layouts that a sheet fits; of one without a name the layouts' sheets do not matter."""
        for layouts in (self.own, self.given):
            found = [each for each in layouts if each.fits(first) and (sheet is None or each.sheet in ("", sheet))]
            if found:
                return found
        return []

    @property
    def signs(self) -> frozenset[str]:
        """Give headings by which the line of the headings is found."""
        told = {key for layout in self.all for key, name in layout.keyed.items() if name}
        return frozenset(
            told | {heading_key(heading_of(name, "vi")) for name in KEYS} | {key.casefold() for key in KEYS}
        )


def heads_of(first: Sequence[Cells], known: Known, sheet: str | None = None) -> Heads:
    """Understand the first lines of a sheet. Raises WorkbookColumnsWrong, LayoutUnclear."""
    if known.chosen:
        return by_layout(first, known.chosen)
    named = next((first[:count] for count in (1, 2) if first[count - 1 : count] and has_key(first[count - 1])), None)
    fitting = known.fitting(first, sheet)
    if named:
        try:
            return by_field_names(named)
        except WorkbookColumnsWrong:
            if not fitting:
                raise
    if len(fitting) > 1:
        raise LayoutUnclear(layouts=[each.name for each in fitting])
    if fitting:
        return by_layout(first, fitting[0])
    return by_template(first) or by_field_names(first[:2])


def has_key(cells: Cells) -> bool:
    """Say whether a line holds the field name that rows of a level are known by."""
    return not KEYS.isdisjoint(map(text_in, cells))


def text_in(cell: object) -> str:
    """Give the beginning of a cell as a name."""
    return "" if cell is None else str(cell).strip()[:100]


def headings_in(cells: Cells) -> dict[int, str]:
    """Give what stands in each place of a line of headings."""
    return {place: text for place, cell in enumerate(cells) if (text := text_in(cell)) and text != MARK}


def by_field_names(lines: Sequence[Cells]) -> Heads:
    """Understand field names, none of which may be unknown, repeated or missing. Raises WorkbookColumnsWrong."""
    names = headings_in(lines[-1] if lines else ())
    present = list(names.values())
    columns = next((level for level in reversed(LEVELS) if level.sign in present), DOSSIERS)
    demand_columns(columns, present, unknown=sorted(set(present) - columns.readers.keys()))
    return Heads(columns, names, lines, names)


def by_layout(first: Sequence[Cells], layout: Layout) -> Heads:
    """Follow a layout; a heading that it does not name is understood as our template's. Raises WorkbookColumnsWrong."""
    columns, keyed = layout.of_level, layout.keyed
    line = layout.line_of(first)
    taken = {*keyed.values(), *layout.constants}
    own = {key: name for key, name in own_headings(columns).items() if name not in taken}
    keys = {place: heading_key(line[place]) for place in headings_in(line)}
    names = {place: name for place, key in keys.items() if (name := keyed.get(key, own.get(key)))}
    demand_columns(columns, [*names.values(), *layout.constants], layout=layout.name)
    lines = first[: layout.heading_row]
    return Heads(columns, names, lines, headings_in(line), layout.name, layout.constants, layout.encoding)


def by_template(first: Sequence[Cells]) -> Heads | None:
    """Understand the headings of our template alone, or say that they are none. Raises WorkbookColumnsWrong."""
    line = first[0] if first else ()
    for columns in reversed(LEVELS):
        own = own_headings(columns)
        names = {place: own[key] for place in headings_in(line) if (key := heading_key(line[place])) in own}
        if set(columns.needed) <= set(names.values()):
            demand_columns(columns, list(names.values()))
            return Heads(columns, names, first[:1], headings_in(line))
    return None


def own_headings(columns: Columns) -> dict[str, str]:
    """Give the columns of a level by what they are called in our template, and by their field names."""
    return {heading_key(told): name for name in columns.readers for told in (name, heading_of(name, "vi"))}


def demand_columns(columns: Columns, present: Sequence[str], unknown: Sequence[str] = (), layout: str = "") -> None:
    """Raise WorkbookColumnsWrong for unknown, repeated or missing columns."""
    repeated = sorted({name for name in present if present.count(name) > 1})
    missing = [name for name in columns.needed if name not in present]
    if unknown or repeated or missing:
        raise WorkbookColumnsWrong(
            ", ".join([*unknown, *repeated, *missing]),
            unknown=list(unknown),
            repeated=repeated,
            missing=missing,
            **({"layout": layout} if layout else {}),
        )
