"""Give up an open delivery whose receiver can answer no more: one person asks for it and says why, another agrees.

A receiver that lost the key of its receipts, or whose agreement has ended, would hold its dossiers for ever. What it
answered stays answered; what it did not is explained, and those dossiers are free for another delivery.
"""

from uuid import UUID

from services.handover.domain.giving_up_errors import GivingUpUnasked, OwnGivingUp
from services.handover.domain.state import DeliveryState, PackageState, advance
from services.handover.errors import DeliveryNotOpen
from services.handover.models import Delivery
from services.handover.operations.agreeing import author
from services.handover.operations.explaining import tell
from services.handover.operations.withdrawing import free, locked
from shared.clock import now
from shared.uow import UnitOfWork


async def ask_to_give_up(uow: UnitOfWork, delivery_id: UUID, reason: str) -> Delivery:
    """Ask to give up an open delivery; asked again, the newest reason counts. Raises DeliveryUnknown, DeliveryNotOpen.

    Until another person agrees, the receiver may answer as before.
    """
    delivery, _ = await locked(uow, delivery_id)
    if delivery.state != DeliveryState.OPEN:
        raise DeliveryNotOpen(delivery.state)
    delivery.giving_up_reason, delivery.giving_up_by = reason, author(uow)
    uow.record("delivery.giving_up_asked", delivery_id, reason=reason)
    return delivery


async def give_up(uow: UnitOfWork, delivery_id: UUID) -> Delivery:
    """Agree that a delivery is given up: its unanswered packages are explained with the reason, and it is closed.

    Raises DeliveryUnknown, DeliveryNotOpen, GivingUpUnasked, OwnGivingUp.
    """
    delivery, packages = await locked(uow, delivery_id)
    if delivery.state != DeliveryState.OPEN:
        raise DeliveryNotOpen(delivery.state)
    if delivery.giving_up_by is None:
        raise GivingUpUnasked
    if delivery.giving_up_by == author(uow):
        raise OwnGivingUp
    left = [each for each in packages if each.state == PackageState.OFFERED]
    for package in left:
        await free(uow, package, delivery.giving_up_reason, PackageState.GIVEN_UP)
        tell(uow, package, delivery.giving_up_reason)
    delivery.state = advance(DeliveryState(delivery.state), DeliveryState.CLOSED)
    delivery.closed_at = delivery.given_up_at = now()
    delivery.given_up_by = uow.caller.name
    uow.record("delivery.given_up", delivery_id, reason=delivery.giving_up_reason, packages=len(left))
    return delivery
