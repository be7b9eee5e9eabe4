"""Close a dossier: what was expected, what was scanned, and which pages make which document."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.domain.counts import demand_explained, demand_same_count
from services.ingest.domain.documents import DocumentPages, demand_room, fitted
from services.ingest.domain.state import DossierState, advance
from services.ingest.errors import DossierNotApproved, ScanWithdrawn
from services.ingest.models import Page, ScanOrder
from shared.clock import now
from shared.events.ingest import DossierScanned
from shared.ids import DossierId
from shared.uow import UnitOfWork


async def close_dossier(
    uow: UnitOfWork, dossier_id: UUID, counted: int, explanation: str, documents: Sequence[DocumentPages]
) -> ScanOrder:
    """Close a dossier to further pages.

    `counted` is how many pages the station has sent; `documents` may be empty: then the catalog's, if they fit, or
    one document for the whole dossier. Closing again with the same count is the same answer.
    Raises DossierNotApproved, ScanWithdrawn, CountsDiffer, NothingScanned, ExplanationMissing, DocumentsMisfit,
    DocumentIdsTooLong.
    """
    order = await uow.session.get(ScanOrder, dossier_id, with_for_update=True)
    if order is None:
        raise DossierNotApproved(f"dossier {dossier_id}")
    scanned, last_page = await count_pages(uow.session, dossier_id)
    demand_same_count(counted, scanned)
    if order.state == DossierState.WITHDRAWN:
        raise ScanWithdrawn(order.withdrawal_reason)
    if order.state != DossierState.OPEN:
        return order
    demand_explained(order.expected_count, scanned, last_page, explanation)
    order.documents = told(documents, order, last_page)
    order.state = advance(DossierState(order.state), DossierState.CLOSED)
    order.scanned_count, order.explanation, order.closed_at = scanned, explanation, now()
    uow.record("dossier.closed", dossier_id, expected=order.expected_count, scanned=scanned, explanation=explanation)
    uow.publish(
        DossierScanned(
            dossier_id=DossierId(dossier_id),
            expected_count=order.expected_count,
            scanned_count=scanned,
            explanation=explanation,
        )
    )
    return order


async def count_pages(session: AsyncSession, dossier_id: UUID) -> tuple[int, int]:
    """Count the pages that are here; gives their number and the highest page number."""
    asked = select(func.count(), func.coalesce(func.max(Page.number), 0)).where(Page.dossier_id == dossier_id)
    count, last = (await session.exec(asked)).one()
    return count, last


def told(documents: Sequence[DocumentPages], order: ScanOrder, last_page: int) -> str:
    """Settle the documents of a dossier: the operator's, else the catalog's where they fit, else one."""
    if not documents:
        documents = planned(order, last_page)
    settled = fitted(documents, last_page, order.title)
    demand_room(order.file_code, len(settled))
    return json.dumps([asdict(document) for document in settled], ensure_ascii=False)


def planned(order: ScanOrder, last_page: int) -> tuple[DocumentPages, ...]:
    """Give the documents as the catalog planned them, if every page of the dossier falls into one."""
    plan = json.loads(order.documents)
    if not plan or any(each["first_page"] is None or each["last_page"] is None for each in plan):
        return ()
    documents = tuple(
        DocumentPages(each["number"], each["title"], each["first_page"], each["last_page"]) for each in plan
    )
    return documents if documents[-1].last_page == last_page else ()
