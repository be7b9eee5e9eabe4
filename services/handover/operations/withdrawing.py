"""Give up what was not opened yet: a whole delivery, or one package of it; its dossiers are free for another.

Rows are locked in one order everywhere: the delivery, then its packages, then dossiers.
"""

from uuid import UUID

from sqlmodel import col, select

from services.handover.domain.state import UNOFFERED, UNOPENED, DeliveryState, PackageState, advance
from services.handover.errors import (
    DeliveryUnknown,
    NothingWouldRemain,
    PackageUnknown,
    StateGoesBackwards,
    StillRestorable,
)
from services.handover.models import Delivery, Package, PreservedDossier
from services.handover.operations.correcting import give_up_successor
from services.handover.operations.delivering_again import standing_for
from services.handover.operations.readiness import become_ready
from shared.clock import day_in_vietnam, now
from shared.uow import UnitOfWork


async def cancel_delivery(uow: UnitOfWork, delivery_id: UUID, reason: str) -> Delivery:
    """Cancel a delivery that was not opened. Raises DeliveryUnknown, StateGoesBackwards."""
    delivery, packages = await locked(uow, delivery_id)
    delivery.state = advance(DeliveryState(delivery.state), DeliveryState.CANCELLED)
    delivery.cancelled_at, delivery.reason = now(), reason
    for package in packages:
        if package.state in UNOFFERED:
            await free(uow, package, reason)
    uow.record("delivery.cancelled", delivery_id, reason=reason)
    return delivery


async def withdraw_package(uow: UnitOfWork, package_id: UUID, reason: str) -> Package:
    """Leave one package out of a delivery that was not opened, with what is beside it: the others wait no longer.

    Raises PackageUnknown, StillRestorable, StateGoesBackwards, NothingWouldRemain.
    """
    package = await uow.session.get(Package, package_id)
    if package is None:
        raise PackageUnknown
    delivery, packages = await locked(uow, package.delivery_id)
    if package.restorable_until and day_in_vietnam(now()) <= package.restorable_until:
        raise StillRestorable(f"until {package.restorable_until}", restorable_until=f"{package.restorable_until}")
    if delivery.state not in UNOPENED or package.state not in UNOFFERED:
        raise StateGoesBackwards(f"{package.state} → {PackageState.WITHDRAWN}")
    with_it = [other for other in packages if package_id in (other.id, other.sibling_of) and other.state in UNOFFERED]
    if all(other in with_it or other.state == PackageState.WITHDRAWN for other in packages):
        raise NothingWouldRemain
    for each in with_it:
        await free(uow, each, reason)
    uow.record("package.withdrawn", package_id, delivery=delivery.id, dossier=package.dossier_id, reason=reason)
    await become_ready(uow, delivery.id)
    return package


async def locked(uow: UnitOfWork, delivery_id: UUID) -> tuple[Delivery, list[Package]]:
    """Give a delivery and its packages as they are now, locked. Raises DeliveryUnknown."""
    delivery = await uow.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if delivery is None:
        raise DeliveryUnknown
    asked = select(Package).where(Package.delivery_id == delivery_id).order_by(col(Package.number)).with_for_update()
    packages = list((await uow.session.exec(asked.execution_options(populate_existing=True))).all())
    return delivery, packages


async def locked_package(uow: UnitOfWork, package_id: UUID) -> tuple[Delivery, Package]:
    """Give one package as it is now and its delivery, both locked. Raises PackageUnknown."""
    of_delivery = await uow.session.exec(select(Package.delivery_id).where(Package.id == package_id))
    delivery_id = of_delivery.first()
    if delivery_id is None:
        raise PackageUnknown
    delivery = await uow.session.get_one(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    return delivery, await uow.session.get_one(Package, package_id, with_for_update=True, populate_existing=True)


async def free(uow: UnitOfWork, package: Package, reason: str, left_as: PackageState = PackageState.WITHDRAWN) -> None:
    """Withdraw a package, or give it up; its dossier waits again for a delivery, unless only its masters are withdrawn.

    One that was accepted before, or explained, is in that package again, unless a correction of it is open.
    """
    package.state, package.reason = left_as, reason
    await give_up_successor(uow, package.id)
    if package.sibling_of:
        return
    dossier = await uow.session.get_one(PreservedDossier, package.dossier_id, with_for_update=True)
    dossier.package_id = await standing_for(uow, package.dossier_id)
