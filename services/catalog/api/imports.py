"""Imports of inventory workbooks."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.catalog.context import Context
from services.catalog.errors import ImportRejected, ImportUnknown
from services.catalog.models import WorkbookImport
from services.catalog.operations import importing
from shared.auth.guard import STREAMS, guarded_router
from shared.edge import Calling, Reading
from shared.errors import TooLarge
from shared.service import context_of
from shared.wire import Out

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
LARGEST = 50 << 20
SLOWEST_SECONDS = 30


class ImportOut(Out):
    """What became of an import; errors name sheet, row, column, value and why."""

    id: UUID
    is_dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    errors: list[dict[str, object]]


@router.post("/imports", status_code=201, openapi_extra=STREAMS)
async def import_workbook(
    request: Request, fonds_id: UUID, here: Here, caller: Calling, dry_run: bool = False
) -> ImportOut:
    """Import an XLSX inventory into a fonds: all rows, or none and a list of what is wrong (422)."""
    with tempfile.TemporaryDirectory(prefix="saoluu-import-") as folder:
        workbook = Path(folder) / "workbook.xlsx"
        await save(request, workbook)
        made = await importing.import_workbook(here, caller, fonds_id, workbook, is_dry_run=dry_run)
    told = ImportOut.model_validate(made)
    if made.rejected and not dry_run:
        raise ImportRejected(f"{made.rejected} of {made.rows} rows", **told.model_dump(mode="json"))
    return told


@router.get("/imports/{import_id}")
async def read_import(import_id: UUID, session: Reading) -> ImportOut:
    """Show what became of an import."""
    row = await session.get(WorkbookImport, import_id)
    if row is None:
        raise ImportUnknown
    return ImportOut.model_validate(row)


async def save(request: Request, path: Path) -> None:
    """Write a body to a file while counting it. Raises TooLarge."""
    size = 0
    with path.open("wb") as file:
        async with asyncio.timeout(SLOWEST_SECONDS * 10):
            async for chunk in request.stream():
                size += len(chunk)
                if size > LARGEST:
                    raise TooLarge(f"at most {LARGEST} bytes")
                await asyncio.to_thread(file.write, chunk)
