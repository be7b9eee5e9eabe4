"""Empty workbooks to fill in."""

import asyncio

from fastapi import APIRouter, Response

from services.catalog.domain.columns import LEVELS
from services.catalog.domain.workbook_row import Level
from services.catalog.files.template import template
from shared.auth.guard import guarded_router
from shared.papers.media_types import MEDIA_TYPES

router: APIRouter = guarded_router()


@router.get("/templates/{level}", response_class=Response)
async def read_template(level: Level) -> Response:
    """Give the empty XLSX workbook of a level: fonds, series, dossiers or documents."""
    columns = next(each for each in LEVELS if each.level == level)
    body = await asyncio.to_thread(template, columns)
    disposition = f'attachment; filename="saoluu-{level}.xlsx"'
    return Response(body, media_type=MEDIA_TYPES["xlsx"], headers={"Content-Disposition": disposition})
