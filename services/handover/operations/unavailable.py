"""Why dossiers that were named cannot be gathered into a delivery."""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.models import PreservedDossier
from services.handover.operations.quarantining import quarantined
from services.handover.operations.unlisting import withdrawals_of


class Unavailable(StrEnum):
    """not_preserved: nor in this fonds; withdrawn from its list; quarantined: good in no store; delivered already."""

    NOT_PRESERVED = "not_preserved"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"
    IN_DELIVERY = "in_delivery"


async def reasons_of(session: AsyncSession, fonds_code: str, missing: Collection[UUID]) -> dict[str, Unavailable]:
    """Give by dossier why it cannot be gathered; the gravest reason, where there are several."""
    asked = select(PreservedDossier.dossier_id).where(
        PreservedDossier.fonds_code == fonds_code, col(PreservedDossier.dossier_id).in_(missing)
    )
    preserved = set((await session.exec(asked)).all())
    gone, damaged = await withdrawals_of(session, missing), set((await session.exec(quarantined())).all())

    def reason(dossier_id: UUID) -> Unavailable:
        if dossier_id not in preserved:
            return Unavailable.NOT_PRESERVED
        if dossier_id in gone:
            return Unavailable.WITHDRAWN
        return Unavailable.QUARANTINED if dossier_id in damaged else Unavailable.IN_DELIVERY

    return {str(each): reason(each) for each in missing}
