"""Imports of workbooks."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter, Request

from services.catalog.api.shapes import Here
from services.catalog.errors import ImportRejected, ImportUnknown
from services.catalog.models import WorkbookImport
from services.catalog.operations import importing
from services.catalog.wording import message_of
from shared.auth.guard import STREAMS, guarded_router
from shared.bodies import body_of
from shared.edge import Calling, Reading
from shared.errors import TooLarge
from shared.texts import preferred
from shared.wire import Out, Truth

router: APIRouter = guarded_router()


class CellErrorOut(Out):
    """A wrong cell: the sheet's name, the row as Excel counts it, the column's field name, what stood there, why."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    message: str


class CellNoticeOut(Out):
    """A cell that was written in another way than asked, and what it was `read` as."""

    sheet: str
    row: int
    column: str
    value: str
    read: str
    code: str
    message: str


class ImportOut(Out):
    """What became of an import; with `rejected` rows nothing was imported unless `valid_rows` was asked for.

    The first 10,000 errors and notices are listed; `noticed` counts the cells that were read in another way.
    """

    id: UUID
    fonds_id: UUID
    level: str
    is_dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    noticed: int
    errors: list[CellErrorOut]
    notices: list[CellNoticeOut]


@router.post("/imports", status_code=201, openapi_extra=STREAMS)
async def import_workbook(
    request: Request, fonds_id: UUID, here: Here, caller: Calling, dry_run: Truth = False, valid_rows: Truth = False
) -> ImportOut:
    """Import an XLSX workbook of dossiers or documents of a fonds: all rows, or none and what is wrong (422).

    With `valid_rows` those that are right are imported all the same; documents of a dossier go together.
    """
    with tempfile.TemporaryDirectory(prefix="saoluu-import-") as folder:
        workbook = Path(folder) / "workbook.xlsx"
        digest = await save(body_of(request, here.slowest_seconds), workbook, here.largest_workbook)
        asked = importing.Asked(dry_run, valid_rows)
        made = await importing.import_workbook(here, caller, fonds_id, workbook, digest, asked)
    told = await asyncio.to_thread(import_out, made, request)
    if made.rejected and not dry_run and not valid_rows:
        raise ImportRejected(f"{made.rejected} of {made.rows} rows", **told.model_dump(mode="json"))
    return told


@router.get("/imports/{import_id}")
async def read_import(import_id: UUID, session: Reading, request: Request) -> ImportOut:
    """Show what became of an import."""
    row = await session.get(WorkbookImport, import_id)
    if row is None:
        raise ImportUnknown
    return await asyncio.to_thread(import_out, row, request)


def import_out(row: WorkbookImport, request: Request) -> ImportOut:
    """Show an import, its errors and notices in the reader's language."""
    language = preferred(request.headers.get("accept-language"))

    def told(cells: list[dict[str, object]]) -> list[dict[str, object]]:
        return [
            {**cell, "sheet": row.sheet, "message": message_of(str(cell["column"]), str(cell["code"]), language)}
            for cell in cells
        ]

    shown = row.model_dump(exclude={"errors", "notices"})
    return ImportOut.model_validate({**shown, "errors": told(row.errors), "notices": told(row.notices)})


async def save(body: AsyncIterator[bytes], path: Path, largest: int) -> str:
    """Write a body to a file while counting its bytes, and give its SHA-256 (lower-case hex). Raises TooLarge."""
    size, digest = 0, sha256()
    file = await asyncio.to_thread(path.open, "wb")
    try:
        async for chunk in body:
            size += len(chunk)
            if size > largest:
                raise TooLarge(f"at most {largest} bytes")
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
    finally:
        await asyncio.to_thread(file.close)
    return digest.hexdigest()
