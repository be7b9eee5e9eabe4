"""Give up an open delivery: asked for by one person, agreed to by another."""

from uuid import UUID

from fastapi import APIRouter

from services.handover.api.deliveries import DeliveryOut, GivingUpIn, shown
from services.handover.operations import giving_up
from shared.auth.guard import guarded_router
from shared.edge import Uow

router: APIRouter = guarded_router()


@router.post("/deliveries/{delivery_id}/giving-up")
async def ask_to_give_up(delivery_id: UUID, body: GivingUpIn, uow: Uow) -> DeliveryOut:
    """Ask to give up an open delivery whose receiver can answer no more."""
    asked = await giving_up.ask_to_give_up(uow, delivery_id, body.reason)
    await uow.session.flush()
    return (await shown(uow.session, [asked]))[0]


@router.post("/deliveries/{delivery_id}/giving-up/approval")
async def give_up_delivery(delivery_id: UUID, uow: Uow) -> DeliveryOut:
    """Give it up: its unanswered packages are explained with the reason, their dossiers are free for another one."""
    given_up = await giving_up.give_up(uow, delivery_id)
    await uow.session.flush()
    return (await shown(uow.session, [given_up]))[0]
