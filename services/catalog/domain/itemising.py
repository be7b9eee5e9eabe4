"""Rows that tell documents, held against the dossiers they belong to: what is wrong, new, changed or the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.catalog.domain.document import DocumentLine, any_classified, is_classified, wrong_documents
from services.catalog.domain.eligibility import Secrecy
from services.catalog.domain.inventory import notices_of, repeatable, wrong_version
from services.catalog.domain.known_dossier import KnownDossier, Rules, last_edit_of
from services.catalog.domain.row_change import Outcome, RowChange, cells_changed
from services.catalog.domain.shut_code import is_shut
from services.catalog.domain.sparing import changed_since, document_values, line_told, spare_documents
from services.catalog.domain.workbook_row import CellError, CellNotice, ReadRow

Lines = Mapping[int, DocumentLine]


@dataclass(frozen=True, slots=True)
class Change:
    """A dossier whose documents change: all of them as they are and as they would be, in order."""

    dossier: KnownDossier
    before: Sequence[DocumentLine]
    after: Sequence[DocumentLine]


@dataclass(slots=True)
class Itemised:
    """What an import of documents would do, dossiers of which a row is wrong left out with all their rows."""

    errors: list[CellError] = field(default_factory=list)
    notices: list[CellNotice] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    created_count: int = 0
    updated_count: int = 0
    unchanged: int = 0
    rejected: int = 0
    changes: list[RowChange] = field(default_factory=list)

    def count(self, rows: int, created: int, updated: int) -> None:
        """Count the rows of a dossier."""
        self.created_count += created
        self.updated_count += updated
        self.unchanged += rows - created - updated


def itemise(
    rows: Sequence[ReadRow], known: Mapping[str, KnownDossier], lines: Mapping[str, Lines], rules: Rules
) -> Itemised:
    """Hold rows against the circular and each other, dossier by dossier; `lines` are the documents known by number.

    A document that no row tells stays as it is, and so does a field that the workbook has no column for.
    """
    made = Itemised()
    of_dossier: dict[str, list[ReadRow]] = {}
    for row in rows:
        sure = row if is_open(known.get(row.file_code or "")) else doubtful(row)
        of_dossier.setdefault(row.file_code or "", []).append(sure)
    made.notices = list(notices_of([row for told in of_dossier.values() for row in told], rules))
    for file_code, told in of_dossier.items():
        dossier, before = known.get(file_code), lines.get(file_code, {})
        telling, clashing = spare_documents(told, dossier.later if dossier else None, before)
        after = merged(telling, before)
        wrong = wrongs_of(told, dossier, before, after, rules)
        for number, error in clashing.items():
            wrong[number].append(error)
        changes = [change_of(row, dossier, before, after, rules) for row in told] if dossier else []
        for row, change in zip(told, changes, strict=False):
            if not rules.is_as_previewed(change):
                wrong[row.row].append(changed_since(row, "number", last_edit_of(dossier)))
        errors = errors_of(told, wrong, rules)
        if errors or dossier is None:
            made.errors += errors
            made.rejected += len(told)
            made.changes += [rejected(row) for row in told]
            continue
        if after != before:
            made.changed.append(Change(dossier, in_order(before), in_order(after)))
        outcomes = len(after.keys() - before.keys()), sum(before[each] != after[each] for each in before)
        made.count(len(told), *outcomes)
        made.changes += changes
    made.changes.sort(key=lambda change: change.row)
    made.errors.sort(key=lambda error: error.row)
    made.notices.sort(key=lambda notice: notice.row)
    return made


def errors_of(rows: Sequence[ReadRow], wrong: Mapping[int, Sequence[CellError]], rules: Rules) -> list[CellError]:
    """Give the errors of a dossier's rows as they may be shown; where one is wrong the others say so too."""
    checked = [row.with_errors(wrong.get(row.row, ())) for row in rows]
    if any(row.errors for row in checked):
        checked = [row if row.errors else row.with_errors([row.wrong("number", "not_alone")]) for row in checked]
    return [error for row in checked for error in repeatable(row, rules)]


def rejected(row: ReadRow) -> RowChange:
    """Say that a row is left out, with all others of its dossier."""
    return RowChange(row.row, Outcome.REJECTED, row.file_code or "", number_in(row))


def change_of(row: ReadRow, dossier: KnownDossier, before: Lines, after: Lines, rules: Rules) -> RowChange:
    """Say what becomes of a row; nothing of a secret is repeated where none may be kept."""
    number = number_in(row) or 0
    old, new = before.get(number), after.get(number)
    is_secret = dossier.description.secrecy == Secrecy.SECRET or any_classified(each for each in (old, new) if each)
    cells = tuple(cell for _name, cell in cells_changed(row.columns.of_field, old, new)) if old and new else ()
    outcome = Outcome.UPDATED if cells else Outcome.CREATED if new and old is None else Outcome.UNCHANGED
    made = RowChange(row.row, outcome, row.file_code or "", number, dossier.version, cells, is_secret)
    return made.bare() if is_secret and not rules.secrets_allowed else made


def number_in(row: ReadRow) -> int | None:
    """Give the number of the document that a row tells, if it can be read."""
    number = row.values.get("number")
    return number if isinstance(number, int) else None


def doubtful(row: ReadRow) -> ReadRow:
    """Give a row of a dossier that is secret, or that nobody described and may be: nothing of it may be repeated."""
    return replace(row, values={**row.values, "secrecy": None})


def would_overwrite(row: ReadRow, before: Lines) -> bool:
    """Say whether a row changes documents that are there, which it may not without having seen them."""
    there = before.get(number_in(row) or 0)
    return bool(before) and (there is None or line_told(there, document_values(row)) != there)


def is_open(dossier: KnownDossier | None) -> bool:
    """Say whether a dossier was described, and is not known to be secret."""
    return dossier is not None and dossier.description.secrecy != Secrecy.SECRET


def in_order(lines: Lines) -> list[DocumentLine]:
    """Give documents by their numbers."""
    return [lines[number] for number in sorted(lines)]


def merged(rows: Sequence[ReadRow], before: Lines) -> dict[int, DocumentLine]:
    """Give the documents of a dossier as they would be."""
    after = dict(before)
    for row in rows:
        values = document_values(row)
        number = values.get("number")
        if isinstance(number, int):
            after[number] = line_told(after.get(number), values)
    return after


def wrongs_of(
    rows: Sequence[ReadRow], dossier: KnownDossier | None, before: Lines, after: Lines, rules: Rules
) -> dict[int, list[CellError]]:
    """Give everything wrong with the rows of a dossier, by row."""
    found = {row.row: list(wrongs_of_row(row, dossier, before, rules)) for row in rows}
    by_number: dict[object, ReadRow] = {}
    for row in rows:
        number = row.values.get("number")
        if number in by_number:
            found[row.row].append(row.wrong("number", "repeated"))
        by_number.setdefault(number, row)
    if dossier is None:
        return found
    if dossier.why_shut and after != before:
        found[rows[0].row].append(rows[0].wrong("file_code", dossier.why_shut))
    documents, is_told = in_order(after), False
    for place, wrong in wrong_documents(documents, dossier.description.page_count, rules.today):
        row = by_number.get(documents[place - 1].number, rows[0])
        if wrong.why == "out_of_order":  # those after it are out of order for the same reason
            if is_told:
                continue
            is_told = True
        field_name = "first_page" if wrong.field == "pages" else wrong.field
        found[row.row].append(row.wrong(field_name, wrong.why))
    return found


def wrongs_of_row(row: ReadRow, dossier: KnownDossier | None, before: Lines, rules: Rules) -> Iterator[CellError]:
    """Give what is wrong with a row whatever the others say."""
    if would_overwrite(row, before):
        yield from wrong_version(row, row.values.get("version"), dossier)
    if is_shut(row, rules.shut):
        yield row.wrong("file_code", "shut", "")
    elif row.file_code and dossier is None:
        yield row.wrong("file_code", "not_described")
    elif row.file_code and not is_open(dossier) and not rules.secrets_allowed:
        yield row.wrong("file_code", "refused", "")
    if is_classified(row.values.get("access_level")) and not rules.secrets_allowed:
        yield row.wrong("access_level", "refused", "")
