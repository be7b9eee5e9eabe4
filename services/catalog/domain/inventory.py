"""An inventory of dossiers held against what is known already: what is wrong, what is new, what changes, what stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.catalog.domain.description import MOST_PAGES, Description, wrongs_of
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.evidence import evidence_in, marks_in
from services.catalog.domain.file_code import folded_code
from services.catalog.domain.row_change import CellChange, Outcome, RowChange, cell_change, cells_changed
from services.catalog.domain.workbook_row import CellError, CellNotice, ReadRow

LONGEST_EVIDENCE = 4000
NEUTRAL: dict[str, Any] = {"file_code": "?", "title": "?", "page_count": MOST_PAGES}  # stands in for unreadable cells


@dataclass(frozen=True, slots=True)
class KnownDossier:
    """A dossier that is there already, with its criteria and evidence."""

    id: UUID
    version: int
    description: Description
    marks: Mapping[str, str]
    is_frozen: bool
    document_pages: int = 0
    is_archived: bool = False

    @property
    def why_shut(self) -> str:
        """Say why it cannot be changed, as a part of a stable code; empty where it can."""
        return "archived" if self.is_archived else "frozen" if self.is_frozen else ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an inventory is held against beside the circular."""

    criteria: frozenset[str]
    series: frozenset[str]
    secrets_allowed: bool
    today: date


@dataclass(frozen=True, slots=True)
class Told:
    """A dossier as a row tells it; `marks` is None when the workbook says nothing of criteria."""

    description: Description
    marks: dict[str, str] | None


@dataclass(slots=True)
class Comparison:
    """What an import would do; rows with errors are on none of the lists."""

    errors: list[CellError] = field(default_factory=list)
    notices: list[CellNotice] = field(default_factory=list)
    created: list[Told] = field(default_factory=list)
    updated: list[tuple[KnownDossier, Told]] = field(default_factory=list)
    unchanged: int = 0
    changes: list[RowChange] = field(default_factory=list)

    @property
    def created_count(self) -> int:
        """Count the new dossiers."""
        return len(self.created)

    @property
    def updated_count(self) -> int:
        """Count the dossiers that change."""
        return len(self.updated)

    @property
    def rejected(self) -> int:
        """Count the rows that are wrong."""
        return len({error.row for error in self.errors})


@dataclass(frozen=True, slots=True)
class Codes:
    """File codes by what they are folded to: `seen` in the rows so far, and one that the fonds has."""

    seen: dict[str, list[str]] = field(default_factory=dict)
    alike: Mapping[str, str] = field(default_factory=dict)

    def wrongs_of(self, row: ReadRow, *, is_known: bool) -> Iterator[CellError]:
        """Say whether a code was told before, or is new and too much like another; it is remembered."""
        code = row.file_code
        if not code:
            return
        key = folded_code(code)
        before = self.seen.setdefault(key, [])
        other = self.alike.get(key) or next(iter(before), "")
        if code in before:
            yield row.wrong("file_code", "repeated")
        elif other and not is_known:
            yield replace(row.wrong("file_code", "collides"), other=other)
        before.append(code)


def compare(rows: Sequence[ReadRow], known: Mapping[str, KnownDossier], rules: Rules, codes: Codes) -> Comparison:
    """Hold every row against the circular, the rules, the other rows and what is known of its dossier.

    `codes` are those of the rows before these and of the fonds; the rows' own are added.
    """
    made = Comparison(notices=list(notices_of(rows, rules)))
    for row in rows:
        dossier = known.get(row.file_code or "")
        told, checked = judge(row, dossier, rules)
        checked = checked.with_errors(codes.wrongs_of(row, is_known=dossier is not None))
        if checked.errors:
            made.errors += repeatable(checked, rules)
        elif dossier is None:
            made.created.append(told)
        elif is_same(dossier, told):
            made.unchanged += 1
        else:
            made.updated.append((dossier, told))
        made.changes.append(change_of(checked, dossier, told, rules))
    return made


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
    """Give what a row changes of a dossier."""
    yield from cells_changed(row.columns.of_field, known.description, told.description)
    if told.marks is None:
        return
    before, after = dict(sorted(known.marks.items())), dict(sorted(told.marks.items()))
    for column, old, new in (
        ("criteria", "; ".join(before), "; ".join(after)),
        ("evidence", evidence_in(before), evidence_in(after)),
    ):
        if old != new:
            yield cell_change(column, old, new)


def judge(row: ReadRow, known: KnownDossier | None, rules: Rules) -> tuple[Told, ReadRow]:
    """Give what a row tells, completed by what is known, and the row with everything that is wrong with it.

    A column that the workbook does not have leaves what is known as it is.
    """
    values = dict(row.values)
    criteria, evidence = values.pop("criteria", None), str(values.pop("evidence", ""))
    marks = marks_in(criteria, evidence) if isinstance(criteria, tuple) else None
    base = known.description if known else Description(**NEUTRAL)
    told = Told(replace(base, **values), marks)  # type: ignore[arg-type] # read by each field's own reader
    errors = [row.wrong(each.field, each.why) for each in wrongs_of(told.description, rules.today)]
    if told.description.secrecy == Secrecy.SECRET and not rules.secrets_allowed:
        errors.append(row.wrong("secrecy", "refused", ""))
    errors += wrong_criteria(row, rules.criteria)
    if told.description.series_code not in (None, *rules.series):
        errors.append(row.wrong("series_code", "unknown"))
    if known and known.document_pages > told.description.page_count:
        errors.append(row.wrong("page_count", "less_than_documents"))
    if known and known.why_shut and not is_same(known, told):
        errors.append(row.wrong("file_code", known.why_shut))
    return told, row.with_errors(errors)


def wrong_criteria(row: ReadRow, known: frozenset[str]) -> Iterator[CellError]:
    """Hold the criteria against the programme; a criterion needs its evidence, and evidence its criterion."""
    criteria, evidence = row.values.get("criteria", ()), str(row.values.get("evidence", ""))
    told = criteria if isinstance(criteria, tuple) else ()
    if set(told) - known:
        yield row.wrong("criteria", "unknown")
    elif len(set(told)) != len(told):
        yield row.wrong("criteria", "repeated")
    if told and not all(marks_in(told, evidence).values()):
        yield row.wrong("evidence", "missing_for_criteria")
    if evidence and not told:
        yield row.wrong("evidence", "without_criteria")
    if any(len(text) > LONGEST_EVIDENCE for text in (marks_in(told, evidence) or {"": evidence}).values()):
        yield row.wrong("evidence", "too_long")


def is_same(known: KnownDossier, told: Told) -> bool:
    """Say whether a row tells nothing new."""
    return known.description == told.description and (told.marks is None or dict(known.marks) == told.marks)


def repeatable(row: ReadRow, rules: Rules) -> list[CellError]:
    """Give the errors of a row as they may be kept and shown.

    Nothing of a row about a secret is repeated, not even its title, nor of a row that may be about one
    (law 117/2025/QH15, article 5: no state secrets on networked computers).
    """
    if rules.secrets_allowed or row.is_surely_open:
        return list(row.errors)
    if row.values.get("secrecy") == Secrecy.SECRET:
        return [row.wrong("secrecy", "refused", "")]
    return [replace(error, value="", other="") for error in row.errors]


def notices_of(rows: Sequence[ReadRow], rules: Rules) -> Iterator[CellNotice]:
    """Give what was read in another way than it stood, nothing of a row that may be about a secret repeated."""
    for row in rows:
        for notice in row.notices:
            is_tellable = rules.secrets_allowed or row.is_surely_open
            yield notice if is_tellable else replace(notice, value="", read="")
