"""Why dossiers that were named cannot be gathered into a delivery."""

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.models import PreservedDossier
from services.handover.operations.quarantining import damaged
from services.handover.operations.unlisting import withdrawals_of


class Unavailable(StrEnum):
    """not_preserved: nor in this fonds; withdrawn from its list; quarantined: good in no store; delivered already."""

    NOT_PRESERVED = "not_preserved"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"
    IN_DELIVERY = "in_delivery"


async def reasons_of(session: AsyncSession, fonds_code: str, missing: Collection[UUID]) -> dict[str, Unavailable]:
    """Give by dossier why it cannot be gathered; the gravest reason, where there are several."""
    asked = select(PreservedDossier).where(
        PreservedDossier.fonds_code == fonds_code, col(PreservedDossier.dossier_id).in_(missing)
    )
    known = (await session.exec(asked)).all()
    preserved, gone = {each.dossier_id for each in known}, await withdrawals_of(session, missing)
    unsound = {each.dossier_id for each in await damaged(session, known)}

    def reason(dossier_id: UUID) -> Unavailable:
        if dossier_id not in preserved:
            return Unavailable.NOT_PRESERVED
        if dossier_id in gone:
            return Unavailable.WITHDRAWN
        return Unavailable.QUARANTINED if dossier_id in unsound else Unavailable.IN_DELIVERY

    return {str(each): reason(each) for each in missing}
