"""Let go of a delivery's packages, once they need no longer be restorable."""

from datetime import date
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlmodel import col, select

from services.handover.domain.restorable import restorable_until
from services.handover.domain.state import DeliveryState, advance
from services.handover.errors import DeliveryIncomplete, DeliveryUnknown, StillRestorable
from services.handover.layout_models import GeneratedPiece, LayoutPortion, PackageLayout
from services.handover.models import Correction, Delivery, Package, PackageContent
from shared.clock import day_in_vietnam, now
from shared.uow import UnitOfWork


async def release_delivery(uow: UnitOfWork, delivery_id: UUID, today: date | None = None) -> Delivery:
    """Serve the packages of a closed delivery no longer; what is preserved stays, and so do receipts and manifest.

    Raises DeliveryUnknown, StateGoesBackwards, DeliveryIncomplete, StillRestorable.
    """
    delivery = await uow.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise DeliveryUnknown
    state = advance(DeliveryState(delivery.state), DeliveryState.RELEASED)
    unsettled = select(Correction.id).where(
        col(Correction.delivery_id) == delivery_id, col(Correction.settled_at).is_(None)
    )
    if (await uow.session.exec(unsettled.limit(1))).first() is not None:
        raise DeliveryIncomplete
    of_delivery = col(Package.delivery_id) == delivery_id
    latest = (await uow.session.exec(select(func.max(Package.restorable_until)).where(of_delivery))).one()
    until = latest or restorable_until(day_in_vietnam(delivery.closed_at or now()))
    if (today or day_in_vietnam(now())) <= until:
        raise StillRestorable(f"until {until}", restorable_until=until.isoformat())
    packages = select(Package.id).where(of_delivery)
    for table in (PackageLayout, LayoutPortion, GeneratedPiece, PackageContent):
        await uow.session.exec(delete(table).where(col(table.package_id).in_(packages)))
    await uow.session.exec(update(Package).where(of_delivery).values(layout=None))
    delivery.state, delivery.released_at = state, now()
    uow.record("delivery.released", delivery_id, restorable_until=until.isoformat())
    return delivery
