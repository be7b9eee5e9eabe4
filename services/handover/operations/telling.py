"""Tell what the papers of a delivery say: read from what was frozen, so that it is the same whenever it is asked.

Only the title of a dossier that was withdrawn since is held back: it may be what must not be known.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.domain.papers import HELD_BACK, DeliveredDossier, DeliveredMasters, Handover
from services.handover.domain.state import DeliveryState, PackageState
from services.handover.errors import DeliveryCancelled, DeliveryNotReady
from services.handover.models import Agreement, Delivery, Package, PreservedDossier
from services.handover.operations.unlisting import unlisted

PORTION = 500
MASTERS = 4  # columns about the package of the masters


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
    beside = aliased(Package)
    goes_along = (col(beside.sibling_of) == Package.id) & (col(beside.state) != PackageState.WITHDRAWN)
    asked = (
        select(  # no whole rows: the layout of a package has a line for every page
            *(
                col(Package.number),
                col(Package.part),
                col(Package.objid),
                col(Package.file_code),
                case((col(Package.dossier_id).in_(unlisted()), HELD_BACK), else_=col(Package.title)),
            ),
            *(col(Package.document_count), col(Package.page_count), col(Package.a4_equivalents)),
            *(func.coalesce(Package.size, 0), func.coalesce(Package.sha256, "")),
            *(col(PreservedDossier.fonds_code), col(Package.fonds_title)),
            *(col(beside.number), col(beside.objid)),
            *(func.coalesce(beside.size, 0), func.coalesce(beside.sha256, "")),
        )
        .join(PreservedDossier, col(PreservedDossier.dossier_id) == col(Package.dossier_id))
        .outerjoin(beside, goes_along)
        .where(col(Package.delivery_id) == delivery_id, col(Package.state) != PackageState.WITHDRAWN)
        .where(col(Package.number) > after, col(Package.sibling_of).is_(None))
        .order_by(col(Package.number))
        .limit(PORTION)
    )
    rows: Sequence[Any] = (await (await session.connection()).execute(asked)).all()
    return [dossier_of(row) for row in rows]


def dossier_of(row: Sequence[Any]) -> DeliveredDossier:
    """Read a dossier, with the package of its masters where one goes along."""
    told, beside = row[:-MASTERS], row[-MASTERS:]
    dossier = DeliveredDossier(*told)
    return dossier if beside[0] is None else replace(dossier, masters=DeliveredMasters(*beside))
