"""Dossiers on their way from a scan order to two verified copies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from sqlalchemy import case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.ingest.api.reading import ReadingOut, failed_forms, reading_of
from services.ingest.api.revisions import RevisionOut, failed_revisions, revisions_of
from services.ingest.domain.documents import DocumentPages
from services.ingest.domain.fixity import CopyState
from services.ingest.domain.state import DossierState
from services.ingest.models import Copy, Page, ScanOrder, Sealing, plumbing
from services.ingest.operations import closing
from services.ingest.operations.accepting import SEAL
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.jobs import try_again
from shared.paging import Asked
from shared.plumbing import JobColumns
from shared.wire import Count, In, Line, Listing, Note, Ordinal, Out

WAITING: dict[str, Any] = {"state": "waiting", "progress_done": 0, "progress_total": 0, "error": None}
router: APIRouter = guarded_router()


class ScanOrderOut(Out):
    """A dossier that may be scanned, and how far it is.

    `folder_name` is how a station names the dossier's folder. `verified_copies` is the smallest number of verified
    copies over its packages; 0 until it is preserved. `version` is of the description that is or will be sealed, or
    that its newest AIP tells; `later_version` of one that no package tells yet: the dossier's revisions say why.
    `is_withdrawn` says that no list holds it any more, also of what is preserved.
    """

    dossier_id: UUID
    fonds_code: str
    file_code: str
    folder_name: str
    title: str
    state: DossierState
    expected_count: int
    scanned_count: int
    explanation: str
    verified_copies: int
    version: int
    later_version: int | None
    is_withdrawn: bool
    withdrawn_at: datetime | None
    withdrawal_reason: str


class SealingOut(Out):
    """How the sealing of a dossier goes."""

    masters_objid: str
    aip_objid: str
    state: str
    progress_done: int
    progress_total: int
    error: str | None


class DossierOut(ScanOrderOut):
    """A dossier with its reading forms and its sealing, once those were ordered, and with later AIPs of it."""

    closed_at: datetime | None
    reading: ReadingOut | None
    sealing: SealingOut | None
    revisions: list[RevisionOut]


class DocumentIn(In):
    """One document of the dossier and its pages, both ends included."""

    number: Ordinal
    title: Line
    first_page: Ordinal
    last_page: Ordinal


class ClosingIn(In):
    """What the operator says when a dossier is done: pages sent, why they differ from the plan, the documents."""

    scanned_count: Count
    explanation: Note = ""
    documents: tuple[DocumentIn, ...] = ()


@router.get("/scan-orders")
async def list_scan_orders(
    session: Reading, portion: Asked, state: DossierState | None = None
) -> Listing[ScanOrderOut]:
    """List dossiers that may be scanned, in order of their approval."""
    asked = select(ScanOrder).where(ScanOrder.version > 0)
    if state:
        asked = asked.where(ScanOrder.state == state)
    orders, more = await portion.of(session, asked, ScanOrder.dossier_id)
    return Listing(items=await shown(session, orders), next=more)


@router.get("/dossiers/{dossier_id}")
async def read_dossier(dossier_id: UUID, session: Reading) -> DossierOut:
    """Show one dossier and how far it is."""
    order = await session.get(ScanOrder, dossier_id)
    if order is None or not order.version:
        raise NotFound("no scan order has this id")
    line = (await shown(session, [order]))[0]
    return DossierOut(
        **line.model_dump(),
        closed_at=order.closed_at,
        reading=await reading_of(session, dossier_id),
        sealing=await sealing_of(session, dossier_id),
        revisions=await revisions_of(session, dossier_id),
    )


@router.post("/dossiers/{dossier_id}/closing")
async def close_dossier(dossier_id: UUID, body: ClosingIn, uow: Uow) -> ScanOrderOut:
    """Close a dossier: pages expected and scanned are compared, and the documents get their pages."""
    documents = [DocumentPages(each.number, each.title, each.first_page, each.last_page) for each in body.documents]
    order = await closing.close_dossier(uow, dossier_id, body.scanned_count, body.explanation, documents)
    await uow.session.flush()
    return (await shown(uow.session, [order]))[0]


@router.post("/dossiers/{dossier_id}/sealing")
async def seal_again(dossier_id: Annotated[UUID, Path()], uow: Uow) -> SealingOut:
    """Try again what failed: a sealing, what keeps it waiting, a later AIP; it resumes with the same identifiers."""
    sealing = await uow.session.get(Sealing, dossier_id)
    if sealing is None:
        raise NotFound("no sealing was ordered for this dossier")
    for failed in [*await failed_forms(uow.session, dossier_id), *await failed_revisions(uow.session, dossier_id)]:
        await try_again(uow, failed.id)
    job = uow.plumbing.job
    row = (await uow.session.exec(select(job).where(job.kind == SEAL, job.subject_id == dossier_id))).first()
    put_back = await try_again(uow, row.id) if row else None
    return sealing_out(sealing, put_back or row)


async def shown(session: AsyncSession, orders: Sequence[ScanOrder]) -> list[ScanOrderOut]:
    """Show scan orders with their counts, three queries for all of them."""
    ids = [order.dossier_id for order in orders]
    pages = await session.exec(
        select(Page.dossier_id, func.count()).where(col(Page.dossier_id).in_(ids)).group_by(col(Page.dossier_id))
    )
    counted = dict(pages.all())
    copies = await session.exec(
        select(Copy.dossier_id, Copy.objid, func.sum(case((col(Copy.state) == CopyState.WHOLE, 1), else_=0)))
        .where(col(Copy.dossier_id).in_(ids))
        .group_by(col(Copy.dossier_id), col(Copy.objid))
    )
    fewest: dict[UUID, int] = {}
    for dossier_id, _objid, count in copies:
        fewest[dossier_id] = min(count, fewest.get(dossier_id, count))
    return [
        ScanOrderOut(
            **row.model_dump(
                include=set(ScanOrderOut.model_fields) - {"scanned_count", "verified_copies", "is_withdrawn"}
            ),
            is_withdrawn=row.is_withdrawn,
            scanned_count=counted.get(row.dossier_id, 0),
            verified_copies=fewest.get(row.dossier_id, 0) if row.state == DossierState.PRESERVED else 0,
        )
        for row in orders
    ]


async def sealing_of(session: AsyncSession, dossier_id: UUID) -> SealingOut | None:
    """Show how a sealing goes, or None before it was ordered."""
    sealing = await session.get(Sealing, dossier_id)
    if sealing is None:
        return None
    job = plumbing.job
    row = (await session.exec(select(job).where(job.kind == SEAL, job.subject_id == dossier_id))).first()
    return sealing_out(sealing, row)


def sealing_out(sealing: Sealing, job: JobColumns | None) -> SealingOut:
    """Put a sealing and its job together; before that there is none it waits for the reading forms."""
    told = job.model_dump(include={"state", "progress_done", "progress_total", "error"}) if job else WAITING
    return SealingOut(masters_objid=sealing.masters_objid, aip_objid=sealing.aip_objid, **told)
