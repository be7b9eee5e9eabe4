"""Rescan orders: which pages are wanted again, since when, why, and what their old image looks like."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlmodel import col, select

from services.qc.api.pages import Here, checked_version, picture
from services.qc.models import InspectedPage, RescanOrder
from shared.auth.guard import guarded_router
from shared.clock import now
from shared.edge import Reading
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class RescanOrderOut(Out):
    """An open order for a new image; a withdrawn one is open until the station side has let go of it."""

    id: UUID
    page_id: UUID
    dossier_id: UUID
    page_number: int
    page_version: int
    reason: str
    ordered_by: str
    ordered_at: datetime
    age_seconds: int
    withdrawn_at: datetime | None
    old_image: str


@router.get("/rescan-orders")
async def list_rescan_orders(
    session: Reading, portion: Asked, dossier_id: UUID | None = None
) -> Listing[RescanOrderOut]:
    """List the rescan orders that are open, the oldest first."""
    asked = select(RescanOrder).where(col(RescanOrder.is_open))
    if dossier_id:
        asked = asked.where(RescanOrder.dossier_id == dossier_id)
    rows, more = await portion.of(session, asked, RescanOrder.id)
    of_pages = select(InspectedPage.page_id, InspectedPage.number).where(
        col(InspectedPage.page_id).in_([row.page_id for row in rows])
    )
    numbers = dict((await session.exec(of_pages)).all())
    moment = now()
    items = [
        RescanOrderOut(
            **row.model_dump(include=set(RescanOrderOut.model_fields)),
            page_number=numbers[row.page_id],
            age_seconds=max(0, round((moment - row.ordered_at).total_seconds())),
            old_image=f"/qc/rescan-orders/{row.id}/old-image",
        )
        for row in rows
    ]
    return Listing(items=items, next=more)


@router.get("/rescan-orders/{rescan_order_id}/old-image", response_class=StreamingResponse)
async def read_old_image(rescan_order_id: UUID, session: Reading, here: Here) -> StreamingResponse:
    """Show the image that a rescan order wants anew (JPEG, at most 2000 px); the station may see this one."""
    order = await session.get(RescanOrder, rescan_order_id)
    if order is None:
        raise NotFound("no rescan order has this id")
    return await picture(here, await checked_version(session, order.page_id, order.page_version), "reading", lasts=True)
