"""Import an inventory workbook: every row is read and checked first, then all of them are written, or none."""

import asyncio
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from openpyxl import load_workbook
from sqlalchemy import delete
from sqlmodel import col, select

from services.catalog.context import Context
from services.catalog.domain.state import CHANGEABLE
from services.catalog.domain.workbook_row import FIELDS, NEEDED, CellError, ReadRow, read_row
from services.catalog.errors import WorkbookUnreadable
from services.catalog.models import CriterionMark, Dossier, SelectionList, WorkbookImport
from services.catalog.operations.describing import change, columns_of, given_fonds
from shared.uow import Caller, UnitOfWork

FIRST_ROW = 3
MOST_ROWS = 200_000
MOST_UNPACKED = 1 << 30
MOST_ENTRIES = 2000
IN_ONE_QUERY = 500


async def import_workbook(
    context: Context, caller: Caller, fonds_id: UUID, workbook: Path, *, is_dry_run: bool
) -> WorkbookImport:
    """Import a workbook into a fonds; gives what became of it, and writes nothing unless every row is right.

    Raises NotFound, WorkbookUnreadable.
    """
    known = frozenset(context.programme.criteria)
    rows, errors = await asyncio.to_thread(read_workbook, workbook, known, context.secrets_allowed)
    async with context.database.writing(caller) as uow:
        await given_fonds(uow, fonds_id)
        present = await present_dossiers(uow, fonds_id, [row.description.file_code for row in rows])
        errors += await frozen_rows(uow, rows, present)
        made = WorkbookImport(
            fonds_id=fonds_id,
            is_dry_run=is_dry_run,
            rows=len({row.row for row in rows} | {error.row for error in errors}),
            created=sum(row.description.file_code not in present for row in rows),
            updated=0,
            unchanged=0,
            rejected=len({error.row for error in errors}),
            errors=[{"sheet": 1, **asdict(error)} for error in errors[:10_000]],
        )
        if errors:
            made.created = 0
        else:
            await write(uow, fonds_id, rows, present, made, is_dry_run=is_dry_run)
        uow.session.add(made)
        uow.record("workbook.imported", made.id, rows=made.rows, rejected=made.rejected, dry_run=is_dry_run)
    return made


def read_workbook(
    path: Path,
    known: frozenset[str],
    secrets_allowed: bool,
) -> tuple[list[ReadRow], list[CellError]]:
    """Read the first sheet; blocks. Raises WorkbookUnreadable."""
    demand_harmless(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            return read_rows(sheet.iter_rows(values_only=True), known, secrets_allowed)
        finally:
            book.close()
    except WorkbookUnreadable:
        raise
    except Exception as broken:  # the library raises anything on a damaged file
        raise WorkbookUnreadable(f"{type(broken).__name__}") from broken


def demand_harmless(path: Path) -> None:
    """Raise WorkbookUnreadable for what is no ZIP, or would unpack to more than any inventory."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as broken:
        raise WorkbookUnreadable("not a workbook") from broken
    if len(infos) > MOST_ENTRIES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise WorkbookUnreadable("unpacks to too much")


def read_rows(
    rows: Iterator[tuple[object, ...]],
    known: frozenset[str],
    secrets_allowed: bool,
) -> tuple[list[ReadRow], list[CellError]]:
    """Read headings and rows. Raises WorkbookUnreadable when the headings are not those of the template."""
    next(rows, None)
    columns = headings_of(next(rows, ()))
    found: list[ReadRow] = []
    errors: list[CellError] = []
    codes: dict[str, int] = {}
    for number, cells in enumerate(rows, start=FIRST_ROW):
        if all(cell is None or str(cell).strip() == "" for cell in cells):
            continue
        if len(found) + len(errors) >= MOST_ROWS:
            raise WorkbookUnreadable(f"more than {MOST_ROWS} rows")
        named = {name: cells[index] for index, name in columns.items() if index < len(cells)}
        row, wrong = read_row(number, named, known, secrets_allowed=secrets_allowed)
        errors += wrong
        if row is not None:
            first = codes.setdefault(row.description.file_code, number)
            if first != number:
                errors.append(CellError(number, "fileCode", row.description.file_code, "repeated"))
            found.append(row)
    return found, errors


def headings_of(cells: Sequence[object]) -> dict[int, str]:
    """Give the columns by their field names. Raises WorkbookUnreadable for unknown, repeated or missing ones."""
    names = {index: str(cell).strip() for index, cell in enumerate(cells) if cell is not None and str(cell).strip()}
    unknown = sorted(set(names.values()) - FIELDS.keys())
    if unknown:
        raise WorkbookUnreadable(f"unknown columns: {', '.join(unknown)[:300]}")
    if len(set(names.values())) != len(names):
        raise WorkbookUnreadable("a column stands there twice")
    missing = [name for name in NEEDED if name not in names.values()]
    if missing:
        raise WorkbookUnreadable(f"missing columns: {', '.join(missing)}")
    return names


async def present_dossiers(uow: UnitOfWork, fonds_id: UUID, codes: Sequence[str]) -> dict[str, Dossier]:
    """Give the dossiers of a fonds that a workbook names, by code."""
    found: dict[str, Dossier] = {}
    for begin in range(0, len(codes), IN_ONE_QUERY):
        portion = codes[begin : begin + IN_ONE_QUERY]
        asked = select(Dossier).where(Dossier.fonds_id == fonds_id, col(Dossier.file_code).in_(portion))
        found |= {row.file_code: row for row in await uow.session.exec(asked.with_for_update())}
    return found


async def frozen_rows(uow: UnitOfWork, rows: Sequence[ReadRow], present: dict[str, Dossier]) -> list[CellError]:
    """Give an error for each row that would change a dossier on a submitted or approved list."""
    lists = {row.list_id for row in present.values() if row.list_id}
    asked = select(SelectionList.id).where(
        col(SelectionList.id).in_(lists), col(SelectionList.state).not_in(CHANGEABLE)
    )
    frozen = set(await uow.session.exec(asked)) if lists else set()
    return [
        CellError(row.row, "fileCode", row.description.file_code, "frozen")
        for row in rows
        if (known := present.get(row.description.file_code)) is not None
        and known.list_id in frozen
        and any(getattr(known, name) != value for name, value in columns_of(row.description).items())
    ]


async def write(
    uow: UnitOfWork,
    fonds_id: UUID,
    rows: Sequence[ReadRow],
    present: dict[str, Dossier],
    made: WorkbookImport,
    *,
    is_dry_run: bool,
) -> None:
    """Write rows that are all right, and count what they changed."""
    marks = await present_marks(uow, [dossier.id for dossier in present.values()])
    fresh: list[Dossier | CriterionMark] = []
    for row in rows:
        known = present.get(row.description.file_code)
        wanted = dict.fromkeys(row.criteria, row.evidence)
        if known is None:
            if not is_dry_run:
                dossier = Dossier(fonds_id=fonds_id, **columns_of(row.description))
                fresh += [dossier, *marks_of(dossier.id, wanted)]
            continue
        same_marks = marks.get(known.id, {}) == wanted
        same_text = all(getattr(known, name) == value for name, value in columns_of(row.description).items())
        made.unchanged += same_marks and same_text
        made.updated += not (same_marks and same_text)
        if not is_dry_run and not same_text:
            change(known, row.description)
        if not is_dry_run and not same_marks:
            await uow.session.exec(delete(CriterionMark).where(col(CriterionMark.dossier_id) == known.id))
            fresh += marks_of(known.id, wanted)
    dossiers = [each for each in fresh if isinstance(each, Dossier)]
    uow.session.add_all(dossiers)
    await uow.session.flush()
    uow.session.add_all(each for each in fresh if not isinstance(each, Dossier))


def marks_of(dossier_id: UUID, wanted: dict[str, str]) -> list[CriterionMark]:
    """Make the marks of a dossier."""
    return [CriterionMark(dossier_id=dossier_id, criterion=code, evidence=why) for code, why in wanted.items()]


async def present_marks(uow: UnitOfWork, dossier_ids: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Give the criteria of dossiers with their evidence."""
    found: dict[UUID, dict[str, str]] = {}
    for begin in range(0, len(dossier_ids), IN_ONE_QUERY):
        portion = dossier_ids[begin : begin + IN_ONE_QUERY]
        asked = select(CriterionMark).where(col(CriterionMark.dossier_id).in_(portion))
        for mark in await uow.session.exec(asked):
            found.setdefault(mark.dossier_id, {})[mark.criterion] = mark.evidence
    return found
