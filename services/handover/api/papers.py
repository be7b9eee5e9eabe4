"""The papers of a delivery: statistical list, dossier list and minutes, made when they are asked for."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.handover.api.deliveries import visible_delivery
from services.handover.api.here import Here
from services.handover.context import Context
from services.handover.domain.minutes import minutes_of
from services.handover.domain.papers import Handover, dossier_list, statistical_list
from services.handover.operations.telling import handover_of
from services.handover.papers.document import document_of
from shared.auth.guard import guarded_router
from shared.edge import Calling
from shared.papers.media_types import MEDIA_TYPES
from shared.papers.workbook import workbook_of

router: APIRouter = guarded_router()

MINUTES = Path(__file__).parents[1] / "papers" / "minutes.typ"
LISTS = {"statistical-list": statistical_list, "dossier-list": dossier_list}


@router.get("/deliveries/{delivery_id}/papers/statistical-list.xlsx", response_class=Response)
@router.get("/deliveries/{delivery_id}/papers/statistical-list.pdf", response_class=Response)
@router.get("/deliveries/{delivery_id}/papers/dossier-list.xlsx", response_class=Response)
@router.get("/deliveries/{delivery_id}/papers/dossier-list.pdf", response_class=Response)
@router.get("/deliveries/{delivery_id}/papers/minutes.docx", response_class=Response)
@router.get("/deliveries/{delivery_id}/papers/minutes.pdf", response_class=Response)
async def read_paper(delivery_id: UUID, request: Request, caller: Calling, here: Here) -> Response:
    """Give a paper of a delivery that is ready, open or closed; the same delivery gives the same bytes."""
    async with here.database.reading() as session:  # and let go of before the paper is made, which takes its time
        told = await handover_of(session, await visible_delivery(session, delivery_id, caller))
    name = str(request.scope["route"].path).rpartition("/")[2]
    title, _, form = name.partition(".")
    made = await MAKERS[form](here, title, told)
    headers = {
        "Content-Disposition": f'attachment; filename="{told.number:04d}-{name}"',
        "Cache-Control": "private, no-transform",
    }
    return Response(made, headers=headers, media_type=MEDIA_TYPES[form])


async def as_workbook(_here: Context, title: str, told: Handover) -> bytes:
    """Make the workbook of a list."""
    return await asyncio.to_thread(lambda: workbook_of(LISTS[title](told), told.at))


async def as_document(here: Context, _title: str, told: Handover) -> bytes:
    """Make the minutes for a word processor."""
    return await asyncio.to_thread(lambda: document_of(minutes_of(told, here.office)))


async def as_print(here: Context, title: str, told: Handover) -> bytes:
    """Typeset a paper."""
    if title in LISTS:
        return await here.press.print_list(await asyncio.to_thread(LISTS[title], told), told.at)
    minutes = minutes_of(told, here.office)
    return await here.press.print(MINUTES, {**asdict(minutes), "at": ""}, minutes.at)


MAKERS: dict[str, Callable[[Context, str, Handover], Awaitable[bytes]]] = {
    "xlsx": as_workbook,
    "docx": as_document,
    "pdf": as_print,
}
