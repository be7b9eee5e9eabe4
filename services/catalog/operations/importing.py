"""Import a workbook of dossiers or documents: every row is read and checked before any is written.

All rows or none; or, where that is asked for, those that are right.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from services.catalog.context import Context
from services.catalog.csv_file import read_csv
from services.catalog.domain.inventory import Comparison, Rules, compare
from services.catalog.domain.itemising import Itemised, itemise
from services.catalog.errors import CodeTaken
from services.catalog.models import Series, WorkbookImport
from services.catalog.operations.bulk import known_dossiers, write_dossiers
from services.catalog.operations.bulk_documents import known_lines, write_lines
from services.catalog.operations.holding import given_fonds
from services.catalog.sheet import ReadSheet
from services.catalog.workbook import read_workbook
from services.catalog.workbook_guard import OLD_OFFICE
from shared.clock import day_in_vietnam, now
from shared.uow import Caller, UnitOfWork

MOST_TOLD = 10_000  # of errors, and of notices
COUNTED = {"level", "rows", "created", "updated", "unchanged", "rejected", "is_dry_run", "sha256"}


@dataclass(frozen=True, slots=True)
class Asked:
    """How an import is asked for: only to see what would come of it; without the rows that are wrong."""

    is_dry_run: bool = False
    valid_rows: bool = False


async def import_workbook(
    context: Context, caller: Caller, fonds_id: UUID, workbook: Path, sha256: str, asked: Asked
) -> WorkbookImport:
    """Import a workbook into a fonds; gives what became of it.

    Raises NotFound, WorkbookUnreadable, WorkbookColumnsWrong, CodeTaken, ListMoved.
    """
    sheet = await asyncio.to_thread(read_file, workbook)
    try:
        async with context.database.writing(caller) as uow:
            await given_fonds(uow, fonds_id)
            found, write = await compared(uow, context, fonds_id, sheet)
            is_done = asked.valid_rows or not found.errors
            if is_done and not asked.is_dry_run:
                await write()
            told = outcome_of(sheet, found, is_done=is_done)
            made = WorkbookImport(fonds_id=fonds_id, is_dry_run=asked.is_dry_run, sha256=sha256, **told)
            uow.session.add(made)
            uow.record("workbook.imported", made.id, fonds_id=fonds_id, **made.model_dump(include=COUNTED))
    except IntegrityError as taken:  # somebody else has added one of these dossiers meanwhile
        raise CodeTaken from taken
    return made


def read_file(path: Path) -> ReadSheet:
    """Read a workbook or a CSV file, whichever it is by its first bytes; blocks.

    Raises WorkbookUnreadable, WorkbookColumnsWrong.
    """
    with path.open("rb") as file:
        begins = file.read(len(OLD_OFFICE))
    return read_workbook(path) if begins.startswith((b"PK", OLD_OFFICE)) else read_csv(path)


async def compared(
    uow: UnitOfWork, context: Context, fonds_id: UUID, sheet: ReadSheet
) -> tuple[Comparison | Itemised, Callable[[], Awaitable[None]]]:
    """Hold the rows of a sheet against what the catalog knows, and keep that as it is until this act ends.

    Gives what came of it, and how it is written.
    """
    codes = sorted({row.file_code for row in sheet.rows if row.file_code})
    known = await known_dossiers(uow, fonds_id, codes)
    known_series = select(Series.code).where(Series.fonds_id == fonds_id, col(Series.archived_at).is_(None))
    series = await uow.session.exec(known_series)
    rules = Rules(
        criteria=frozenset(context.programme.criteria),
        series=frozenset(series),
        secrets_allowed=context.secrets_allowed,
        today=day_in_vietnam(now()),
    )
    if sheet.level == "documents":
        items = await asyncio.to_thread(itemise, sheet.rows, known, await known_lines(uow, known), rules)
        return items, partial(write_lines, uow, items)
    found = await asyncio.to_thread(compare, sheet.rows, known, rules)
    return found, partial(write_dossiers, uow, fonds_id, found)


def outcome_of(sheet: ReadSheet, found: Comparison | Itemised, *, is_done: bool) -> dict[str, Any]:
    """Say what an import did, or would do; with a wrong row that is nothing, unless the others are asked for."""
    return {
        "sheet": sheet.name,
        "level": sheet.level,
        "rows": len(sheet.rows),
        "created": found.created_count if is_done else 0,
        "updated": found.updated_count if is_done else 0,
        "unchanged": found.unchanged if is_done else 0,
        "rejected": found.rejected,
        "noticed": len(found.notices),
        "errors": [asdict(error) for error in found.errors[:MOST_TOLD]],
        "notices": [asdict(notice) for notice in found.notices[:MOST_TOLD]],
    }
