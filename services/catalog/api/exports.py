"""Workbooks of what is described."""

import asyncio
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.catalog.api.files import XLSX, spare_file, whole
from services.catalog.api.shapes import Here
from services.catalog.models import Fonds
from services.catalog.operations.exporting import export
from shared.auth.guard import guarded_router
from shared.edge import Reading
from shared.errors import NotFound

router: APIRouter = guarded_router()


@router.get("/fonds/{fonds_id}/export", response_class=StreamingResponse)
async def export_fonds(
    fonds_id: UUID, session: Reading, here: Here, level: Literal["dossiers", "documents"] = "dossiers"
) -> StreamingResponse:
    """Give the dossiers or documents of a fonds as the XLSX workbook that is imported."""
    if await session.get(Fonds, fonds_id) is None:
        raise NotFound("no fonds has this id")
    file = await asyncio.to_thread(spare_file)
    await export(here.database, fonds_id, level, file)
    headers = {"Content-Disposition": f'attachment; filename="saoluu-{level}.xlsx"'}
    return StreamingResponse(whole(file), media_type=XLSX, headers=headers)
