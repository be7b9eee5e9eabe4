"""When a delivery has no package left to wait for."""

from uuid import UUID

from sqlmodel import col, select

from services.handover.domain.state import DeliveryState, PackageState, advance
from services.handover.models import Delivery, Package
from shared.uow import UnitOfWork


async def become_ready(uow: UnitOfWork, delivery_id: UUID) -> None:
    """Make a delivery ready if none of its packages waits for its making any more."""
    await uow.session.flush()
    delivery = await uow.session.get_one(Delivery, delivery_id, with_for_update=True)
    waits = select(Package.id).where(Package.delivery_id == delivery_id, col(Package.state) == PackageState.WAITING)
    if delivery.state == DeliveryState.BUILDING and (await uow.session.exec(waits)).first() is None:
        delivery.state = advance(DeliveryState(delivery.state), DeliveryState.READY)
