"""Pages: sent, listed, and sent again by order."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlmodel import and_, col, select

from services.ingest.context import Context
from services.ingest.domain.announcement import LAST_PAGE, Announcement
from services.ingest.domain.state import DossierState
from services.ingest.models import Master, Page, RescanOrder, ScanOrder
from services.ingest.operations.receiving import Place, Taken, place_of_order, receive_page
from shared.auth.guard import STREAMS, guarded_router
from shared.bodies import body_of
from shared.edge import Calling, Reading
from shared.paging import Asked
from shared.service import context_of
from shared.wire import Listing, Numeral, Out

router: APIRouter = guarded_router()
Here = Annotated[Context, Depends(context_of)]
PageNumber = Annotated[Numeral, Path(ge=1, le=LAST_PAGE)]


class PageReceiptOut(Out):
    """What ingest says when it has a page; `receipt` is the same, signed (compact JWS)."""

    page_id: UUID
    dossier_id: UUID
    number: int
    version: int
    sha256: str
    size: int
    stored_at: datetime
    receipt: str


class PageOut(Out):
    """A page and its newest version."""

    page_id: UUID
    number: int
    version: int
    sha256: str
    size: int
    media_type: str
    file_name: str
    station: str
    stored_at: datetime


class RescanOrderOut(Out):
    """An order to scan one page again."""

    id: UUID
    page_id: UUID
    dossier_id: UUID
    page_number: int
    page_version: int
    reason: str
    ordered_at: datetime
    fulfilled_version: int | None


@router.put("/dossiers/{dossier_id}/pages/{number}", openapi_extra=STREAMS, status_code=201)
async def put_page(
    dossier_id: UUID, number: PageNumber, request: Request, response: Response, here: Here, caller: Calling
) -> PageReceiptOut:
    """Take over one page: 201 when it is new, 200 when these very bytes are here already."""
    announced = Announcement.of(request.headers, largest=here.largest_page)
    body = body_of(request, here.slowest_seconds)
    taken = await receive_page(here, caller, Place(dossier_id, number), announced, body)
    return receipt_of(here, taken, response)


@router.put("/rescan-orders/{rescan_order_id}/page", openapi_extra=STREAMS, status_code=201)
async def put_rescan(
    rescan_order_id: UUID, request: Request, response: Response, here: Here, caller: Calling
) -> PageReceiptOut:
    """Take over the new image that a rescan order asks for; the old one stays."""
    announced = Announcement.of(request.headers, largest=here.largest_page)
    async with here.database.reading() as session:
        place = await place_of_order(session, rescan_order_id)
    body = body_of(request, here.slowest_seconds)
    return receipt_of(here, await receive_page(here, caller, place, announced, body), response)


def receipt_of(here: Context, taken: Taken, response: Response) -> PageReceiptOut:
    """Write the receipt of a page that is here."""
    response.status_code = 201 if taken.is_new else 200
    page, master = taken.page, taken.master
    return PageReceiptOut(
        page_id=page.id,
        dossier_id=page.dossier_id,
        number=page.number,
        version=master.version,
        sha256=master.sha256,
        size=master.size,
        stored_at=master.stored_at,
        receipt=here.receipts.sign(page.id, master.version, master.sha256, master.size, master.stored_at),
    )


@router.get("/dossiers/{dossier_id}/pages")
async def list_pages(dossier_id: UUID, session: Reading, portion: Asked) -> Listing[PageOut]:
    """List the pages of a dossier in order, each with its newest version."""
    pages, more = await portion.of(session, select(Page).where(Page.dossier_id == dossier_id), Page.number)
    newest = (
        select(Master)
        .join(Page, and_(col(Master.page_id) == Page.id, col(Master.version) == Page.version))
        .where(col(Page.id).in_([page.id for page in pages]))
    )
    masters = {master.page_id: master for master in await session.exec(newest)}
    items = [
        PageOut(number=page.number, **masters[page.id].model_dump(include=set(PageOut.model_fields) - {"number"}))
        for page in pages
    ]
    return Listing(items=items, next=more)


@router.get("/rescan-orders")
async def list_rescan_orders(
    session: Reading, portion: Asked, dossier_id: UUID | None = None
) -> Listing[RescanOrderOut]:
    """List rescan orders that still wait for their page, but for those of withdrawn dossiers."""
    asked = select(RescanOrder).where(
        col(RescanOrder.fulfilled_version).is_(None), col(RescanOrder.withdrawn_at).is_(None)
    )
    if dossier_id:
        asked = asked.where(RescanOrder.dossier_id == dossier_id)
    stopped = select(ScanOrder.dossier_id).where(ScanOrder.state == DossierState.WITHDRAWN)
    asked = asked.where(col(RescanOrder.dossier_id).not_in(stopped))
    rows, more = await portion.of(session, asked, RescanOrder.id)
    return Listing(items=[RescanOrderOut.model_validate(row) for row in rows], next=more)


@router.get("/receipt-key")
async def read_receipt_key(here: Here) -> dict[str, object]:
    """Give the public key that page receipts are signed with (JWK)."""
    return here.receipts.public_key()
