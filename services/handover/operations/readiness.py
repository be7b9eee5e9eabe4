"""What follows when a package is laid out, and when the last one is built: then a delivery is frozen, and ready."""

from uuid import UUID

from sqlmodel import col, select

from services.handover.domain.state import UNOPENED, PackageState
from services.handover.models import Delivery, Package
from shared.jobs import order_again
from shared.uow import UnitOfWork

PROVE, FREEZE = "prove_package", "freeze_delivery"


async def become_ready(uow: UnitOfWork, delivery_id: UUID) -> None:
    """Order the manifest of a delivery if none of its packages waits for its making any more.

    A manifest of before, of which a package was withdrawn since, counts no longer.
    """
    await uow.session.flush()
    delivery = await uow.session.get_one(Delivery, delivery_id, with_for_update=True)
    waits = select(Package.id).where(Package.delivery_id == delivery_id, col(Package.state) == PackageState.WAITING)
    if delivery.state in UNOPENED and (await uow.session.exec(waits)).first() is None:
        delivery.manifest_sha256 = None
        await order_again(uow, FREEZE, delivery_id)
