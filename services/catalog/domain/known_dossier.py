"""A dossier that is there already beside what a row tells of it: what changes, and whose edit is written over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.catalog.domain.description import Description
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.evidence import evidence_in
from services.catalog.domain.later_edits import CRITERIA, Edit, Later
from services.catalog.domain.lifting import NOTHING, Findings
from services.catalog.domain.row_change import CellChange, Outcome, RowChange, cell_change, cells_changed
from services.catalog.domain.shut_code import ShutCodes, key_of
from services.catalog.domain.workbook_row import ReadRow


@dataclass(frozen=True, slots=True)
class KnownDossier:
    """A dossier that is there already, with its criteria and evidence, and what people did to it of late."""

    id: UUID
    version: int
    description: Description
    marks: Mapping[str, str]
    is_frozen: bool
    document_pages: int = 0
    is_archived: bool = False
    list_id: UUID | None = None
    later: Later | None = None
    findings: Findings = NOTHING

    @property
    def why_shut(self) -> str:
        """Say why it cannot be changed, as a part of a stable code; empty where it can."""
        return "archived" if self.is_archived else "frozen" if self.is_frozen else ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an inventory is held against beside the circular; `previewed` are the rows of a preview that is applied.

    `shut` are codes of secret dossiers where none may be kept.
    """

    criteria: frozenset[str]
    series: frozenset[str]
    secrets_allowed: bool
    today: date
    previewed: Mapping[int, RowChange] | None = None
    shut: ShutCodes = field(default_factory=dict)

    def may_repeat(self, row: ReadRow) -> bool:
        """Say whether what a row tells may be shown again: it clearly is about no secret, nor under the code of one."""
        return self.secrets_allowed or (row.is_surely_open and key_of(row) not in self.shut)

    def is_as_previewed(self, change: RowChange) -> bool:
        """Say whether a row comes to what a preview that is being applied has shown; any does without one."""
        return self.previewed is None or not change.differs(self.previewed.get(change.row))


@dataclass(frozen=True, slots=True)
class Told:
    """A dossier as a row tells it; `marks` is None when the workbook says nothing of criteria."""

    description: Description
    marks: dict[str, str] | None


def is_same(known: KnownDossier, told: Told) -> bool:
    """Say whether a row tells nothing new."""
    return known.description == told.description and (told.marks is None or dict(known.marks) == told.marks)


def change_of(row: ReadRow, known: KnownDossier | None, told: Told, rules: Rules) -> RowChange:
    """Say what becomes of a row; nothing of a secret is repeated where none may be kept."""
    code, version = row.file_code or "", known.version if known else 0
    if row.errors:
        return RowChange(row.row, Outcome.REJECTED, code, version=version)
    is_secret = Secrecy.SECRET in (told.description.secrecy, known and known.description.secrecy)
    if known is None:
        return RowChange(row.row, Outcome.CREATED, code, is_secret=is_secret)
    if is_same(known, told):
        return RowChange(row.row, Outcome.UNCHANGED, code, version=version, is_secret=is_secret)
    cells = tuple(cells_of(row, known, told))
    made = RowChange(row.row, Outcome.UPDATED, code, version=version, cells=cells, is_secret=is_secret)
    return made.bare() if is_secret and not rules.secrets_allowed else made


def cells_of(row: ReadRow, known: KnownDossier, told: Told) -> Iterator[CellChange]:
    """Give what a row changes of a dossier, and whose edit it writes over that no import took up."""
    for name, cell in cells_changed(row.columns.of_field, known.description, told.description):
        yield written_over(cell, known, name)
    if told.marks is None:
        return
    before, after = dict(sorted(known.marks.items())), dict(sorted(told.marks.items()))
    for column, old, new in (
        ("criteria", "; ".join(before), "; ".join(after)),
        ("evidence", evidence_in(before), evidence_in(after)),
    ):
        if old != new:
            yield written_over(cell_change(column, old, new), known, CRITERIA)


def written_over(cell: CellChange, known: KnownDossier, name: str) -> CellChange:
    """Say with a change whose edit of a field it writes over, if anybody edited it and no import wrote it since."""
    edit = known.later.last_edit_of(name) if known.later else None
    return replace(cell, edited_by=edit.by, edited_at=edit.at.isoformat()) if edit else cell


def last_edit_of(known: KnownDossier | None) -> Edit | None:
    """Give the last edit of a dossier that is remembered."""
    return known.later.edits[-1] if known and known.later and known.later.edits else None
