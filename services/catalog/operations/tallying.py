"""What comes of an import, added up portion by portion."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from services.catalog.domain.grounding import Grounded
from services.catalog.domain.inventory import Comparison
from services.catalog.domain.itemising import Itemised
from services.catalog.domain.row_change import columns_told
from services.catalog.domain.workbook_row import CellError, CellNotice

Found = Comparison | Itemised | Grounded
MOST_TOLD = 10_000  # of errors, and of notices


@dataclass(slots=True)
class Tally:
    """Counts, the first errors and notices, and the dossiers that were there already."""

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

    @property
    def changes(self) -> int:
        """Count what would be written."""
        return self.created + self.updated

    def add(self, found: Found, rows: int, known: Iterable[UUID] = ()) -> None:
        """Add what came of some rows."""
        self.rows += rows
        self.created += found.created_count
        self.updated += found.updated_count
        self.unchanged += found.unchanged
        self.rejected += found.rejected
        notices = [notice for notice in found.notices if self.is_news(notice)]
        self.noticed += len(notices)
        self.errors += found.errors[: MOST_TOLD - len(self.errors)]
        self.notices += notices[: MOST_TOLD - len(self.notices)]
        self.known += known
        for column, count in columns_told(found.changes).items():
            self.changed[column] = self.changed.get(column, 0) + count
        self.overwriting += sum(any(cell.edited_by for cell in each.cells) for each in found.changes if each.cells)

    def is_news(self, notice: CellNotice) -> bool:
        """Say whether a notice is to be told: that a column has formulas is said once."""
        if not notice.code.endswith("_formula_value"):
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
