"""The inventory of a selection list (mục lục hồ sơ), made when it is asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.catalog.api.shapes import Here
from services.catalog.context import Context
from services.catalog.domain.inventory_paper import Chosen, inventory_list, inventory_of
from services.catalog.operations.printing import chosen_by
from services.catalog.papers.document import document_of
from services.catalog.papers.printing import TEMPLATE, printable
from shared.auth.guard import guarded_router
from shared.papers.media_types import MEDIA_TYPES
from shared.papers.workbook import workbook_of

router: APIRouter = guarded_router()


@router.get("/lists/{list_id}/papers/inventory.xlsx", response_class=Response)
@router.get("/lists/{list_id}/papers/inventory.docx", response_class=Response)
@router.get("/lists/{list_id}/papers/inventory.pdf", response_class=Response)
async def read_inventory(list_id: UUID, request: Request, here: Here) -> Response:
    """Give the inventory of a list as it stands; a list that does not change gives the same bytes."""
    async with here.database.reading() as session:  # and let go of before the paper is made, which takes its time
        chosen = await chosen_by(session, list_id)
    form = str(request.scope["route"].path).rpartition(".")[2]
    headers = {
        "Content-Disposition": f'attachment; filename="muc-luc-ho-so-{chosen.year}.{form}"',
        "Cache-Control": "private, no-transform",
    }
    return Response(await MAKERS[form](here, chosen), headers=headers, media_type=MEDIA_TYPES[form])


async def as_workbook(_here: Context, chosen: Chosen) -> bytes:
    """Make the workbook."""
    return await asyncio.to_thread(lambda: workbook_of(inventory_list(chosen), chosen.at))


async def as_document(here: Context, chosen: Chosen) -> bytes:
    """Make the document for a word processor."""
    return await asyncio.to_thread(lambda: document_of(inventory_of(chosen, here.office), chosen.at))


async def as_print(here: Context, chosen: Chosen) -> bytes:
    """Typeset it."""
    paper = await asyncio.to_thread(lambda: printable(inventory_of(chosen, here.office)))
    return await here.press.print(TEMPLATE, paper, chosen.at)


MAKERS: dict[str, Callable[[Context, Chosen], Awaitable[bytes]]] = {
    "xlsx": as_workbook,
    "docx": as_document,
    "pdf": as_print,
}
