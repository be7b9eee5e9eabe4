"""An inventory of dossiers held against what is known already: what is wrong, what is new, what changes, what stays."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.catalog.domain.cell import shown
from services.catalog.domain.description import MOST_PAGES, Description, wrongs_of
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.evidence import marks_in
from services.catalog.domain.file_code import folded_code
from services.catalog.domain.known_dossier import KnownDossier, Rules, Told, change_of, is_same, last_edit_of
from services.catalog.domain.row_change import RowChange
from services.catalog.domain.shut_code import is_shut
from services.catalog.domain.sparing import changed_since, spare
from services.catalog.domain.workbook_row import CellError, CellNotice, ReadRow

LONGEST_EVIDENCE = 4000
NEUTRAL: dict[str, Any] = {"file_code": "?", "title": "?", "page_count": MOST_PAGES}  # stands in for unreadable cells


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
    """File codes by what they are folded to: `seen` in the rows so far, and one that the fonds has.

    Seen codes of one key are lines of a text: nearly always there is one, of a hundred thousand.
    """

    seen: dict[str, str] = field(default_factory=dict)
    alike: Mapping[str, str] = field(default_factory=dict)

    def wrongs_of(self, row: ReadRow, *, is_known: bool) -> Iterator[CellError]:
        """Say whether a code was told before, or is new and too much like another; it is remembered."""
        code = row.file_code
        if not code:
            return
        key = folded_code(code)
        before = self.seen.get(key, "").splitlines()
        other = self.alike.get(key) or next(iter(before), "")
        if code in before:
            yield row.wrong("file_code", "repeated")
        elif other and not is_known:
            yield replace(row.wrong("file_code", "collides"), other=other)
        self.seen[key] = "\n".join([*before, code]) if before else code


def compare(rows: Sequence[ReadRow], known: Mapping[str, KnownDossier], rules: Rules, codes: Codes) -> Comparison:
    """Hold every row against the circular, the rules, the other rows and what is known of its dossier.

    `codes` are those of the rows before these and of the fonds; the rows' own are added.
    """
    made = Comparison()
    for row in rows:
        dossier = known.get(row.file_code or "")
        told, checked = judge(row, dossier, rules)
        checked = checked.with_errors(codes.wrongs_of(row, is_known=dossier is not None))
        change = change_of(checked, dossier, told, rules)
        if not rules.is_as_previewed(change):
            checked = checked.with_errors([changed_since(row, "file_code", last_edit_of(dossier))])
            change = change_of(checked, dossier, told, rules)
        made.notices += notices_of([checked], rules)
        made.changes.append(change)
        if checked.errors:
            made.errors += repeatable(checked, rules)
        elif dossier is None:
            made.created.append(told)
        elif is_same(dossier, told):
            made.unchanged += 1
        else:
            made.updated.append((dossier, told))
    return made


def judge(row: ReadRow, known: KnownDossier | None, rules: Rules) -> tuple[Told, ReadRow]:
    """Give what a row tells, completed by what is known, and the row with everything that is wrong with it.

    A column that the workbook does not have leaves what is known as it is.
    """
    values = dict(row.values)
    version = values.pop("version", None)
    criteria, evidence = values.pop("criteria", None), str(values.pop("evidence", ""))
    marks = marks_in(criteria, evidence) if isinstance(criteria, tuple) else None
    spared = spare(row, known.later if known else None, values, marks)
    base = known.description if known else Description(**NEUTRAL)
    told = Told(replace(base, **spared.values), spared.marks)
    if known is None and isinstance(version, int):
        spared.notices.append(exported_elsewhere(row))
    if spared.notices:
        row = replace(row, notices=(*row.notices, *spared.notices))
    is_other = known is not None and not is_same(known, told)
    errors = [*wrong_code(row, rules), *spared.errors, *(wrong_version(row, version, known) if is_other else ())]
    errors += [row.wrong(each.field, each.why) for each in wrongs_of(told.description, rules.today)]
    if known is not None and is_other:
        errors += wrong_lifting(row, known, told, rules)
    if told.description.secrecy == Secrecy.SECRET and not rules.secrets_allowed:
        is_news = known is not None and known.description.secrecy != Secrecy.SECRET
        errors.append(row.wrong("secrecy", "found" if is_news else "refused", ""))
    errors += wrong_criteria(row, rules.criteria)
    series = told.description.series_code
    if series is not None and series not in rules.series:
        errors.append(row.wrong("series_code", "unknown"))
    if known and known.document_pages > told.description.page_count:
        errors.append(row.wrong("page_count", "less_than_documents"))
    if known and known.why_shut and is_other:
        errors.append(row.wrong("file_code", known.why_shut))
    return told, unless_withheld(row.with_errors(errors), known)


def wrong_lifting(row: ReadRow, known: KnownDossier, told: Told, rules: Rules) -> Iterator[CellError]:
    """Say what of a row, which would change something, would lift a finding of secrecy about its dossier."""
    before, allowed = known.description, rules.secrets_allowed
    for each in known.findings.wrongs_of(before, told.description, secrets_allowed=allowed):
        yield row.wrong(each.field, each.why)


def wrong_code(row: ReadRow, rules: Rules) -> Iterator[CellError]:
    """Say whether nothing may be kept of a row because of its code."""
    if is_shut(row, rules.shut):
        yield row.wrong("file_code", "shut", "")


def unless_withheld(row: ReadRow, known: KnownDossier | None) -> ReadRow:
    """Refuse a row of which only the code was kept when it came in, even if its code is free by now."""
    is_whole = known is not None or row.errors or "title" in row.values
    return row if is_whole else row.with_errors([row.wrong("file_code", "shut", "")])


def wrong_version(row: ReadRow, version: object, known: KnownDossier | None) -> Iterator[CellError]:
    """Say whether a row, which would change something, was exported from a version that its dossier has not had."""
    if known and isinstance(version, int) and not 1 <= version <= known.version:
        yield row.wrong("version", "beyond")


def exported_elsewhere(row: ReadRow) -> CellNotice:
    """Make the notice of a row that was exported, though no dossier has its code: perhaps that was changed since."""
    column = row.columns.of_field["version"]
    return CellNotice(row.row, column, shown(row.cells.get(column)), "", "version_of_none")


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


def repeatable(row: ReadRow, rules: Rules) -> list[CellError]:
    """Give the errors of a row as they may be kept and shown.

    Nothing of a row about a secret is repeated, not even its title, nor of a row that may be about one
    (law 117/2025/QH15, article 5: no state secrets on networked computers).
    """
    if rules.may_repeat(row):
        return list(row.errors)
    if row.values.get("secrecy") == Secrecy.SECRET:
        told = [error for error in row.errors if error.column == row.columns.of_field.get("secrecy")]
        return [replace(each, value="", other="") for each in told] or [row.wrong("secrecy", "refused", "")]
    return [replace(error, value="", other="") for error in row.errors]


def notices_of(rows: Sequence[ReadRow], rules: Rules) -> Iterator[CellNotice]:
    """Give what was read in another way than it stood, nothing of a row that may be about a secret repeated."""
    for row in rows:
        for notice in row.notices:
            yield notice if rules.may_repeat(row) else replace(notice, value="", read="")
