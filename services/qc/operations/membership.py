"""Which lot a dossier is in, and what that forbids and ends."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.qc.domain.inspection import DossierState
from services.qc.domain.lot import OPEN, LotState, advance
from services.qc.errors import DossierInLot
from services.qc.models import InspectedDossier, Lot, LotDossier
from shared.uow import UnitOfWork


async def demand_in_no_open_lot(uow: UnitOfWork, dossier: InspectedDossier, within: UUID | None = None) -> None:
    """Raise DossierInLot unless a dossier may be concluded by itself, or with the lot that it is in."""
    if dossier.lot_id is None or dossier.lot_id == within:
        return
    lot = await uow.session.get_one(Lot, dossier.lot_id)
    if lot.state in OPEN:
        raise DossierInLot(f"lot {lot.name!r} is {lot.state}", lot_id=str(lot.id))


async def end_rejected_lot(uow: UnitOfWork, lot_id: UUID | None) -> None:
    """Conclude a rejected lot when the last of its dossiers has ended or gone on to another lot."""
    if lot_id is None:
        return
    await uow.session.flush()
    lot = await uow.session.get_one(Lot, lot_id, with_for_update=True, populate_existing=True)
    left = select(InspectedDossier.dossier_id).where(
        InspectedDossier.lot_id == lot_id, InspectedDossier.state == DossierState.SCANNED
    )
    if lot.state == LotState.REJECTED and (await uow.session.exec(left.limit(1))).first() is None:
        lot.state = advance(lot.state, LotState.CONCLUDED)
        uow.record("lot.concluded", lot_id)


async def dossiers_of(session: AsyncSession, lot_id: UUID) -> Sequence[UUID]:
    """Give the dossiers of a lot, also those that have gone on to a later one."""
    asked = select(LotDossier.dossier_id).where(LotDossier.lot_id == lot_id).order_by(col(LotDossier.dossier_id))
    return (await session.exec(asked)).all()


async def were_rejected(session: AsyncSession, dossiers: Collection[UUID]) -> set[UUID]:
    """Give those of some dossiers that were in a rejected lot before."""
    asked = (
        select(LotDossier.dossier_id)
        .join(Lot, col(Lot.id) == col(LotDossier.lot_id))
        .where(col(LotDossier.dossier_id).in_(dossiers), col(Lot.state).in_((LotState.REJECTED, LotState.CONCLUDED)))
    )
    return set((await session.exec(asked)).all())
