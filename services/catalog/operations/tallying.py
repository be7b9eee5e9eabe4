"""What comes of an import, added up portion by portion."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from uuid import UUID

from services.catalog.domain.grounding import Grounded
from services.catalog.domain.inventory import Comparison
from services.catalog.domain.itemising import Itemised
from services.catalog.domain.row_change import columns_told
from services.catalog.domain.workbook_row import CellError, CellNotice

Found = Comparison | Itemised | Grounded
MOST_TOLD = 10_000  # of errors, and of notices
COUNTED = ("rows", "created", "updated", "unchanged", "rejected", "noticed", "overwriting")


@dataclass(frozen=True, slots=True)
class Part:
    """What came of the rows of a portion: counts, the first errors and notices, the dossiers that were there already.

    That a column has formulas is noticed once.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    noticed: int
    errors: Sequence[CellError]
    notices: Sequence[CellNotice]
    known: Collection[UUID]
    changed: Mapping[str, int]
    overwriting: int


def is_of_formulas(notice: CellNotice) -> bool:
    """Say whether a notice is that a column has formulas."""
    return notice.code.endswith("_formula_value")


@dataclass(slots=True)
class Tally:
    """The counts, errors, notices and known dossiers of all portions."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    noticed: int = 0
    errors: list[CellError] = field(default_factory=list)
    notices: list[CellNotice] = field(default_factory=list)
    known: list[UUID] = field(default_factory=list)
    computed: set[str] = field(default_factory=set)
    overwriting: int = 0
    changed: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Iterable[Part]) -> Self:
        """Add parts up."""
        made = cls()
        for part in parts:
            made.add(part)
        return made

    @property
    def changes(self) -> int:
        """Count what would be written."""
        return self.created + self.updated

    def add(self, part: Part) -> None:
        """Add what came of a portion."""
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + getattr(part, name))
        notices = [notice for notice in part.notices if self.is_news(notice)]
        self.noticed += len(notices) - len(part.notices)
        self.errors += part.errors[: MOST_TOLD - len(self.errors)]
        self.notices += notices[: MOST_TOLD - len(self.notices)]
        self.known += part.known
        for column, count in part.changed.items():
            self.changed[column] = self.changed.get(column, 0) + count

    def is_news(self, notice: CellNotice) -> bool:
        """Say whether a notice is to be told: that a column has formulas is said once."""
        if not is_of_formulas(notice):
            return True
        is_first = notice.column not in self.computed
        self.computed.add(notice.column)
        return is_first

    def outcome(self, *, is_done: bool) -> dict[str, Any]:
        """Say what an import did, or would do; with a wrong row that is nothing, unless the others are asked for."""
        return {
            "read_count": self.rows,
            "created": self.created if is_done else 0,
            "updated": self.updated if is_done else 0,
            "unchanged": self.unchanged if is_done else 0,
            "rejected": self.rejected,
            "noticed": self.noticed,
            "changed": self.changed,
            "overwriting": self.overwriting,
            "errors": [asdict(error) for error in self.errors],
            "notices": [asdict(notice) for notice in self.notices],
        }


def part_of(found: Found, rows: int, known: Iterable[UUID], before: Tally) -> Part:
    """Say what came of a portion; of errors and notices only as many are kept as are told beside those before."""
    formulas = {each.column: each for each in reversed(found.notices) if is_of_formulas(each)}
    notices = [each for each in found.notices if not is_of_formulas(each) or each is formulas[each.column]]
    room = MOST_TOLD - len(before.notices)
    return Part(
        rows=rows,
        created=found.created_count,
        updated=found.updated_count,
        unchanged=found.unchanged,
        rejected=found.rejected,
        noticed=len(notices),
        errors=found.errors[: MOST_TOLD - len(before.errors)],
        notices=[each for place, each in enumerate(notices) if place < room or is_of_formulas(each)],
        known=tuple(known),
        changed=columns_told(found.changes),
        overwriting=sum(any(cell.edited_by for cell in each.cells) for each in found.changes if each.cells),
    )
