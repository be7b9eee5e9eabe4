"""Conclude a dossier: accepted as it stands, or set aside, when nothing about it is open any more."""

from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.inspection import DossierState, Verdict, awaits_person, is_kept
from services.qc.domain.reasons import told
from services.qc.errors import (
    DossierConcluded,
    DossierStillScanning,
    DossierWithdrawn,
    NoteMissing,
    NothingAccepted,
    PagesAccepted,
    RescanOpen,
    VerdictsMissing,
)
from services.qc.models import GivenVerdict, InspectedDossier, InspectedPage, PageCheck, RescanOrder
from services.qc.operations.membership import demand_in_no_open_lot, end_rejected_lot
from services.qc.operations.sampling import how_far, is_ready, pages_of
from services.qc.operations.scopes import CONCLUDED
from shared.clock import now
from shared.errors import NotFound
from shared.events.qc import DossierAccepted, DossierRejected, RejectedPage, pages_digest
from shared.ids import DossierId, PageId
from shared.uow import UnitOfWork


async def accept_dossier(
    uow: UnitOfWork, dossier_id: UUID, note: str, *, within: UUID | None = None
) -> InspectedDossier:
    """Accept a dossier as it stands, with its reservations and rejected pages; `within` a lot that is accepted.

    Raises NotFound, DossierConcluded, DossierInLot, DossierStillScanning, RescanOpen, VerdictsMissing, NothingAccepted.
    """
    dossier, pages = await demand_concludable(uow, dossier_id, within)
    kept = [page for page in pages if is_kept(page.judgement, page.verdict)]
    if not kept:
        raise NothingAccepted
    rejected = [
        RejectedPage(page_id=PageId(page.page_id), page_number=page.number, explanation=told(page.reason, page.note))
        for page in pages
        if page.verdict == Verdict.REJECTED
    ]
    await conclude(uow, dossier, DossierState.ACCEPTED, note)
    uow.publish(
        DossierAccepted(
            dossier_id=DossierId(dossier_id),
            accepted_count=len(kept),
            reserved_count=sum(page.verdict == Verdict.ACCEPTED_WITH_RESERVATION for page in kept),
            rejected=tuple(rejected),
            pages_sha256=pages_digest((page.number, page.version, page.sha256) for page in kept),
            note=note,
            told_count=await count_told(uow.session, dossier_id),
        )
    )
    return dossier


async def reject_dossier(
    uow: UnitOfWork, dossier_id: UUID, explanation: str, *, within: UUID | None = None
) -> InspectedDossier:
    """Set a dossier aside of which no page could be accepted; `within` a lot that is accepted.

    Raises NotFound, NoteMissing, DossierConcluded, DossierInLot, DossierStillScanning, RescanOpen, VerdictsMissing,
    PagesAccepted.
    """
    if not explanation:
        raise NoteMissing
    dossier, pages = await demand_concludable(uow, dossier_id, within)
    if any(is_kept(page.judgement, page.verdict) for page in pages):
        raise PagesAccepted
    await conclude(uow, dossier, DossierState.REJECTED, explanation)
    uow.publish(DossierRejected(dossier_id=DossierId(dossier_id), page_count=len(pages), explanation=explanation))
    return dossier


async def demand_open(uow: UnitOfWork, dossier_id: UUID) -> InspectedDossier:
    """Give a dossier that is not concluded yet. Raises NotFound, DossierConcluded."""
    dossier = await uow.session.get(InspectedDossier, dossier_id, with_for_update=True)
    if dossier is None:
        raise NotFound("no dossier has this id")
    if dossier.state in CONCLUDED:
        raise DossierConcluded(f"{dossier.state} by {dossier.concluded_by}")
    return dossier


async def demand_concludable(
    uow: UnitOfWork, dossier_id: UUID, within: UUID | None
) -> tuple[InspectedDossier, list[InspectedPage]]:
    """Give a dossier and its pages if nothing about it is open any more, and no other lot holds it.

    Raises NotFound, DossierConcluded, DossierWithdrawn, DossierInLot, DossierStillScanning, RescanOpen,
    VerdictsMissing.
    """
    dossier = await demand_open(uow, dossier_id)
    if dossier.is_withdrawn and within is None:  # a lot is judged as a whole; ingest seals nothing that is withdrawn
        raise DossierWithdrawn
    await demand_in_no_open_lot(uow, dossier, within)
    pages = await pages_of(uow, dossier_id)
    if not is_ready(dossier, pages):
        raise DossierStillScanning(how_far(dossier, pages))
    is_open = select(RescanOrder.id).where(RescanOrder.dossier_id == dossier_id, col(RescanOrder.is_open))
    if (await uow.session.exec(is_open)).first() is not None:
        raise RescanOpen
    waiting = [page.number for page in pages if awaits_person(page.judgement, page.verdict, page.is_sampled)]
    if waiting:
        raise VerdictsMissing(f"pages {waiting[:20]}", pages=waiting[:500])
    return dossier, pages


async def count_told(session: AsyncSession, dossier_id: UUID) -> int:
    """Count the checks and verdicts of a dossier's pages, each of which was published."""
    checks = (
        select(func.count())
        .select_from(InspectedPage)
        .join(PageCheck, col(PageCheck.page_id) == col(InspectedPage.page_id))
        .where(InspectedPage.dossier_id == dossier_id, col(PageCheck.judgement).is_not(None))
    )
    verdicts = select(func.count()).select_from(GivenVerdict).where(GivenVerdict.dossier_id == dossier_id)
    return (await session.exec(checks)).one() + (await session.exec(verdicts)).one()


async def conclude(uow: UnitOfWork, dossier: InspectedDossier, state: DossierState, note: str) -> None:
    """Move a dossier to its end, and its lot if it was the last of a rejected one."""
    dossier.state, dossier.note = state, note
    dossier.concluded_at, dossier.concluded_by = now(), uow.caller.name
    uow.record(f"dossier.{state}", dossier.dossier_id, note=note)
    await end_rejected_lot(uow, dossier.lot_id)
