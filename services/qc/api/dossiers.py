"""Dossiers as an inspector sees them: how far the checks are, what waits for a person, and the conclusion."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.inspection import DossierState
from services.qc.models import InspectedDossier, InspectedPage, RescanOrder
from services.qc.operations import inspecting
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.wire import In, Line, Listing, Note, Out

router: APIRouter = guarded_router()


class DossierOut(Out):
    """A dossier in qc. `page_count` pages are here, `checked_count` of them judged by the machine.

    `compared_count` of these were compared with the others; before all are, it cannot be concluded.
    """

    dossier_id: UUID
    fonds_code: str
    file_code: str
    title: str
    state: DossierState
    scanned_count: int | None
    explanation: str
    concluded_at: datetime | None
    concluded_by: str
    note: str
    is_withdrawn: bool
    page_count: int = 0
    checked_count: int = 0
    compared_count: int = 0
    passed_count: int = 0
    failed_count: int = 0
    open_rescans: int = 0


class AcceptanceIn(In):
    """What the inspector says when a dossier is accepted."""

    note: Note = ""


class RejectionIn(In):
    """Why no page of a dossier could be accepted."""

    explanation: Line


@router.get("/dossiers")
async def list_dossiers(session: Reading, portion: Asked, state: DossierState | None = None) -> Listing[DossierOut]:
    """List dossiers with their counts."""
    asked = select(InspectedDossier)
    if state:
        asked = asked.where(InspectedDossier.state == state)
    rows, more = await portion.of(session, asked, InspectedDossier.dossier_id)
    return Listing(items=await counted(session, rows), next=more)


@router.get("/dossiers/{dossier_id}")
async def read_dossier(dossier_id: UUID, session: Reading) -> DossierOut:
    """Show one dossier with its counts."""
    row = await session.get(InspectedDossier, dossier_id)
    if row is None:
        raise NotFound("no dossier has this id")
    return (await counted(session, [row]))[0]


@router.post("/dossiers/{dossier_id}/acceptance")
async def accept_dossier(dossier_id: UUID, body: AcceptanceIn, uow: Uow) -> DossierOut:
    """Accept a dossier as it stands, with its reservations and rejected pages."""
    row = await inspecting.accept_dossier(uow, dossier_id, body.note)
    return (await counted(uow.session, [row]))[0]


@router.post("/dossiers/{dossier_id}/rejection")
async def reject_dossier(dossier_id: UUID, body: RejectionIn, uow: Uow) -> DossierOut:
    """Set a dossier aside of which no page could be accepted."""
    row = await inspecting.reject_dossier(uow, dossier_id, body.explanation)
    return (await counted(uow.session, [row]))[0]


async def counted(session: AsyncSession, rows: Sequence[InspectedDossier]) -> list[DossierOut]:
    """Show dossiers with the counts of their pages, two queries for all of them."""
    ids = [row.dossier_id for row in rows]
    judgement, is_compared = col(InspectedPage.judgement), col(InspectedPage.is_compared)
    pages = await session.exec(
        select(InspectedPage.dossier_id, judgement, is_compared, func.count())
        .where(col(InspectedPage.dossier_id).in_(ids))
        .group_by(col(InspectedPage.dossier_id), judgement, is_compared)
    )
    counts: dict[UUID, Counter[str]] = {}
    for dossier_id, judged, compared, count in pages:
        of_dossier = counts.setdefault(dossier_id, Counter())
        of_dossier["page_count"] += count
        of_dossier["checked_count"] += count if judged else 0
        of_dossier["compared_count"] += count if compared else 0
        of_dossier["passed_count"] += count if judged == "pass" else 0
        of_dossier["failed_count"] += count if judged == "fail" else 0
    rescans = await session.exec(
        select(RescanOrder.dossier_id, func.count())
        .where(col(RescanOrder.dossier_id).in_(ids), col(RescanOrder.is_open))
        .group_by(col(RescanOrder.dossier_id))
    )
    open_rescans = dict(rescans.all())
    return [
        DossierOut.model_validate(row).model_copy(
            update={**counts.get(row.dossier_id, {}), "open_rescans": open_rescans.get(row.dossier_id, 0)}
        )
        for row in rows
    ]
