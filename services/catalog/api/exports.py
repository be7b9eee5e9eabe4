"""Workbooks and finding aids of what is described."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.catalog.api.files import spare_file, whole
from services.catalog.api.shapes import Here
from services.catalog.context import Context
from services.catalog.domain.workbook_row import Level
from services.catalog.files.ead_writer import EAD_3, EAD_2002, Form
from services.catalog.models import Fonds
from services.catalog.operations.exporting import export
from services.catalog.operations.exporting_ead import export_ead
from services.catalog.operations.exporting_holding import export_holding
from shared.auth.guard import guarded_router
from shared.errors import NotFound
from shared.papers.media_types import MEDIA_TYPES

router: APIRouter = guarded_router()


@router.get("/fonds/{fonds_id}/export", response_class=StreamingResponse)
async def export_fonds(fonds_id: UUID, here: Here, level: Level = "dossiers") -> StreamingResponse:
    """Give a fonds, its series, its dossiers or their documents as the XLSX workbook that is imported."""
    fonds = await given_fonds(here, fonds_id)
    file = await asyncio.to_thread(spare_file)
    if level in ("fonds", "series"):
        await export_holding(here.database, fonds, level, file)
    else:
        await export(here.database, fonds_id, level, file)
    headers = {"Content-Disposition": f'attachment; filename="saoluu-{level}.xlsx"'}
    return StreamingResponse(whole(file), media_type=MEDIA_TYPES["xlsx"], headers=headers)


@router.get("/fonds/{fonds_id}/export.ead3.xml", response_class=StreamingResponse)
async def export_ead3(fonds_id: UUID, here: Here) -> StreamingResponse:
    """Give a fonds with its series and dossiers as a finding aid in EAD3, to be imported unchanged."""
    return await finding_aid_of(here, fonds_id, EAD_3, "ead3")


@router.get("/fonds/{fonds_id}/export.ead2002.xml", response_class=StreamingResponse)
async def export_ead2002(fonds_id: UUID, here: Here) -> StreamingResponse:
    """Give a fonds with its series and dossiers as a finding aid in EAD 2002."""
    return await finding_aid_of(here, fonds_id, EAD_2002, "ead2002")


async def finding_aid_of(here: Context, fonds_id: UUID, form: Form, name: str) -> StreamingResponse:
    """Write a finding aid and stream it."""
    fonds = await given_fonds(here, fonds_id)
    file = await asyncio.to_thread(spare_file)
    await export_ead(here.database, fonds, form, file)
    headers = {"Content-Disposition": f'attachment; filename="saoluu-{name}.xml"'}
    return StreamingResponse(whole(file), media_type="application/xml", headers=headers)


async def given_fonds(here: Context, fonds_id: UUID) -> Fonds:
    """Give a fonds, letting go of the database before what may take long. Raises NotFound."""
    async with here.database.reading() as session:
        fonds = await session.get(Fonds, fonds_id)
    if fonds is None:
        raise NotFound("no fonds has this id")
    return fonds
