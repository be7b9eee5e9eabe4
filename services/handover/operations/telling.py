"""Tell what the papers of a delivery say: read from what was frozen, so that it is the same whenever it is asked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, null, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.domain.papers import DeliveredDossier, Handover
from services.handover.domain.state import DeliveryState, PackageState
from services.handover.errors import DeliveryCancelled, DeliveryNotReady
from services.handover.models import Agreement, Delivery, Package, PreservedDossier

PORTION = 500


async def handover_of(session: AsyncSession, delivery: Delivery) -> Handover:
    """Tell of a delivery whose packages are all built. Raises DeliveryNotReady, DeliveryCancelled."""
    if delivery.state == DeliveryState.BUILDING:
        raise DeliveryNotReady
    if delivery.state == DeliveryState.CANCELLED:
        raise DeliveryCancelled
    agreement = await session.get_one(Agreement, delivery.agreement_id)
    return Handover(
        number=delivery.number,
        fonds_code=delivery.fonds_code,
        receiver=agreement.receiver_name,
        reference=agreement.reference,
        agreed_on=agreement.agreed_on,
        note=agreement.note,
        at=delivery.created_at,
        dossiers=await dossiers_of(session, delivery.id),
    )


async def dossiers_of(session: AsyncSession, delivery_id: UUID) -> tuple[DeliveredDossier, ...]:
    """Give the dossiers of a delivery by part, without those whose packages were withdrawn."""
    found: list[DeliveredDossier] = []
    while portion := await portion_of(session, delivery_id, found[-1].number if found else 0):
        found += portion
    return tuple(found)


async def portion_of(session: AsyncSession, delivery_id: UUID, after: int) -> list[DeliveredDossier]:
    """Give the next dossiers, few enough that others get their turn in between."""
    asked = (
        select(  # no whole rows: the layout of a package has a line for every page
            *(
                col(Package.number),
                col(Package.part),
                col(Package.objid),
                col(PreservedDossier.file_code),
                col(PreservedDossier.title),
            ),
            *(col(Package.document_count), col(Package.page_count), null()),  # no event tells of A4 equivalents
            *(func.coalesce(Package.size, 0), func.coalesce(Package.sha256, "")),
            *(col(PreservedDossier.fonds_code), col(Package.fonds_title)),
        )
        .join(PreservedDossier, col(PreservedDossier.dossier_id) == col(Package.dossier_id))
        .where(col(Package.delivery_id) == delivery_id, col(Package.state) != PackageState.WITHDRAWN)
        .where(col(Package.number) > after, col(Package.sibling_of).is_(None))
        .order_by(col(Package.number))
        .limit(PORTION)
    )
    rows: Sequence[Any] = (await (await session.connection()).execute(asked)).all()
    return [DeliveredDossier(*row) for row in rows]
