"""Corrections: what rejected packages ask for."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select

from services.handover.models import Correction
from services.handover.operations import explaining
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.paging import Asked
from shared.wire import In, Line, Listing, Out, Truth

router: APIRouter = guarded_router()


class ExplanationIn(In):
    """Why no package will replace the rejected one."""

    explanation: Line


class CorrectionOut(Out):
    """A rejected package, the package that replaces it once there is one, and when that was accepted or explained."""

    id: UUID
    package_id: UUID
    delivery_id: UUID
    dossier_id: UUID
    objid: str
    opened_at: datetime
    successor_id: UUID | None
    explanation: str
    settled_at: datetime | None


@router.get("/corrections")
async def list_corrections(session: Reading, portion: Asked, is_settled: Truth | None = None) -> Listing[CorrectionOut]:
    """List corrections, newest first: all, or those that are settled or not."""
    asked = select(Correction)
    if is_settled is not None:
        settled = col(Correction.settled_at)
        asked = asked.where(settled.is_not(None) if is_settled else settled.is_(None))
    rows, more = await portion.of(session, asked, Correction.id, is_newest_first=True)
    return Listing(items=[CorrectionOut.model_validate(row) for row in rows], next=more)


@router.post("/corrections/{correction_id}/explanation")
async def explain_correction(correction_id: UUID, body: ExplanationIn, uow: Uow) -> CorrectionOut:
    """Settle a correction in words: the rejected package is not replaced."""
    return CorrectionOut.model_validate(await explaining.explain(uow, correction_id, body.explanation))
