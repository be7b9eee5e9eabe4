"""The copies of preserved dossiers: how they are, when they were last read, and reading them at once."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import col, select

from services.ingest.domain.fixity import CopyState, Outcome
from services.ingest.models import Copy, FixityCheck, ScanOrder
from services.ingest.operations.rounds import SCRUB, order
from shared.auth.guard import guarded_router
from shared.edge import Reading, Uow
from shared.errors import NotFound
from shared.paging import Asked
from shared.plumbing import JobState
from shared.wire import Listing, Out

router: APIRouter = guarded_router()


class CopyOut(Out):
    """A copy of a package: `verified_at` is when it was last found right, `checked_at` when it was last looked at."""

    objid: str
    store: str
    state: CopyState
    file_count: int
    byte_count: int
    verified_at: datetime
    checked_at: datetime


class CopiesOut(Out):
    """The copies of a dossier, those of its masters and of its AIP."""

    dossier_id: UUID
    fonds_code: str
    file_code: str
    copies: list[CopyOut]


class FixityCheckOut(Out):
    """A line of the fixity log; `findings` is JSON: how many objects were wrong in which way, and the first of them."""

    id: UUID
    objid: str
    store: str
    checked_at: datetime
    object_count: int
    byte_count: int
    outcome: Outcome
    findings: str


class ScrubOut(Out):
    """How the reading of a dossier's copies goes that was asked for."""

    dossier_id: UUID
    state: JobState
    error: str | None


@router.get("/copies")
async def list_copies(session: Reading, portion: Asked, state: CopyState | None = None) -> Listing[CopiesOut]:
    """List the copies of dossiers; with a state, of those dossiers only that have a copy in it."""
    having = select(Copy.dossier_id)
    if state:
        having = having.where(Copy.state == state)
    asked = select(ScanOrder).where(col(ScanOrder.dossier_id).in_(having))
    orders, more = await portion.of(session, asked, ScanOrder.dossier_id)
    ids = [each.dossier_id for each in orders]
    found = select(Copy).where(col(Copy.dossier_id).in_(ids)).order_by(col(Copy.objid), col(Copy.store))
    copies: dict[UUID, list[CopyOut]] = {each: [] for each in ids}
    for row in await session.exec(found):
        copies[row.dossier_id].append(CopyOut.model_validate(row))
    items = [
        CopiesOut(**each.model_dump(include={"dossier_id", "fonds_code", "file_code"}), copies=copies[each.dossier_id])
        for each in orders
    ]
    return Listing(items=items, next=more)


@router.get("/dossiers/{dossier_id}/fixity-checks")
async def list_fixity_checks(dossier_id: UUID, session: Reading, portion: Asked) -> Listing[FixityCheckOut]:
    """List the checks of a dossier's copies, newest first."""
    asked = select(FixityCheck).where(FixityCheck.dossier_id == dossier_id)
    rows, more = await portion.of(session, asked, FixityCheck.id, is_newest_first=True)
    return Listing(items=[FixityCheckOut.model_validate(row) for row in rows], next=more)


@router.post("/dossiers/{dossier_id}/scrubbing", status_code=202)
async def scrub_now(dossier_id: UUID, uow: Uow) -> ScrubOut:
    """Have all copies of a dossier read now, mended where one is good, and let out of quarantine where all are."""
    copy = (await uow.session.exec(select(Copy.objid).where(Copy.dossier_id == dossier_id).limit(1))).first()
    if copy is None:
        raise NotFound("no copies of this dossier are kept")
    job = await order(uow, SCRUB, dossier_id)
    uow.record("dossier.scrub_ordered", dossier_id)
    return ScrubOut(dossier_id=dossier_id, state=JobState(job.state), error=job.error)
