"""What an import does with a row, field by field: every cell that changes, as it was and as it is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.catalog.domain.cell import SHORT
from services.catalog.domain.telling import cell_of

BEFORE_DIFFERENCE = 40  # characters that are shown of a long text before the place where it changes
CUT = "\N{HORIZONTAL ELLIPSIS}"


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A column that says something else than before, both as a workbook tells them; long texts are cut.

    `edited_by` is who changed it by hand and `edited_at` when, if no import wrote it since: that edit is written over.
    """

    column: str
    before: str
    after: str
    edited_by: str = ""
    edited_at: str = ""

    @property
    def is_whole(self) -> bool:
        """Say whether both values are shown, and neither cut."""
        return self.before != self.after and not any(
            text.startswith(CUT) or text.endswith(CUT) for text in (self.before, self.after)
        )


@dataclass(frozen=True, slots=True)
class RowChange:
    """What becomes of a row: of which dossier, fonds or series, which document of it, in which version that was there.

    Of what `is_secret` the values are shown only where secrets may be kept.
    """

    row: int
    outcome: Outcome
    code: str
    number: int | None = None
    version: int = 0
    cells: tuple[CellChange, ...] = ()
    is_secret: bool = False

    @property
    def is_written(self) -> bool:
        """Say whether something is written of it."""
        return self.outcome in (Outcome.CREATED, Outcome.UPDATED)

    def differs(self, previewed: "RowChange | None") -> bool:
        """Say whether it would write something else than was previewed.

        Where the preview did not keep all that changes, only the same version comes to the same.
        """
        if not self.is_written:
            return False
        if previewed is None or self.outcome != previewed.outcome:
            return True
        if previewed.cells and told_cells(self) != told_cells(previewed):
            return True
        is_known = self.outcome == Outcome.CREATED or (previewed.cells and all(c.is_whole for c in previewed.cells))
        return not is_known and self.version != previewed.version

    def bare(self) -> "RowChange":
        """Give it without the values of its cells."""
        return replace(self, cells=tuple(replace(cell, before="", after="") for cell in self.cells))


def told_cells(change: RowChange) -> list[tuple[str, str, str]]:
    """Give what changes, whoever edited it before."""
    return [(cell.column, cell.before, cell.after) for cell in change.cells]


def cells_changed(columns: Mapping[str, str], before: object, after: object) -> Iterator[tuple[str, CellChange]]:
    """Give the fields in which two descriptions differ, each with the change of its column."""
    for field, column in columns.items():
        old, new = getattr(before, field, None), getattr(after, field, None)
        if old != new:
            yield field, cell_change(column, cell_of(field, old), cell_of(field, new))


def cell_change(column: str, before: object, after: object) -> CellChange:
    """Tell one change; of long texts the part where they begin to differ."""
    old, new = text_in(before), text_in(after)
    if len(old) <= SHORT and len(new) <= SHORT:
        return CellChange(column, old, new)
    alike = next((place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), SHORT)
    begin = max(0, min(alike, len(old), len(new)) - BEFORE_DIFFERENCE)
    return CellChange(column, part_of(old, begin), part_of(new, begin))


def part_of(text: str, begin: int) -> str:
    """Give a part of a long text, saying where something was left out."""
    part = text[begin : begin + SHORT]
    return (CUT if begin else "") + part + (CUT if begin + SHORT < len(text) else "")


def text_in(cell: object) -> str:
    """Give a cell as text."""
    return "" if cell is None else str(cell)


def columns_told(changes: Iterable[RowChange]) -> dict[str, int]:
    """Count the rows that change each column."""
    counts: dict[str, int] = {}
    for change in changes:
        for cell in change.cells:
            counts[cell.column] = counts.get(cell.column, 0) + 1
    return counts
