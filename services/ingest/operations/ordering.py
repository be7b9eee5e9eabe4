"""Open rescan orders for what an inspector wants again, take them back, and set dossiers aside."""

from services.ingest.domain.state import DossierState, advance
from services.ingest.models import RescanOrder, ScanOrder
from services.ingest.operations.remembering import forget
from shared.events.ingest import RescanClosed
from shared.events.qc import DossierRejected, RescanOrdered, RescanWithdrawn
from shared.uow import UnitOfWork


async def open_rescan_order(uow: UnitOfWork, ordered: RescanOrdered) -> None:
    """Let one page be sent once more."""
    if await uow.session.get(RescanOrder, ordered.rescan_order_id) is not None:
        return
    uow.session.add(
        RescanOrder(
            id=ordered.rescan_order_id,
            page_id=ordered.page_id,
            dossier_id=ordered.dossier_id,
            page_number=ordered.page_number,
            page_version=ordered.page_version,
            reason=ordered.reason,
            ordered_at=ordered.occurred_at,
        )
    )
    uow.record("rescan_order.opened", ordered.rescan_order_id, page_number=ordered.page_number, reason=ordered.reason)


async def withdraw_rescan_order(uow: UnitOfWork, withdrawn: RescanWithdrawn) -> None:
    """Take no page for an order any more, and say so; if its page is here already, say which it was.

    Heard before the order itself, it leaves a withdrawn order behind for that to find.
    """
    order = await uow.session.get(RescanOrder, withdrawn.rescan_order_id, with_for_update=True)
    if order is None:
        facts = withdrawn.model_dump(include={"page_id", "dossier_id", "page_number", "page_version"})
        order = RescanOrder(id=withdrawn.rescan_order_id, reason="", ordered_at=withdrawn.occurred_at, **facts)
        uow.session.add(order)
    if order.withdrawn_at is None:
        order.withdrawn_at = withdrawn.occurred_at
        uow.record("rescan_order.withdrawn", order.id, fulfilled_version=order.fulfilled_version)
    uow.publish(
        RescanClosed(
            rescan_order_id=withdrawn.rescan_order_id,
            page_id=withdrawn.page_id,
            dossier_id=withdrawn.dossier_id,
            fulfilled_version=order.fulfilled_version,
        )
    )


async def set_aside(uow: UnitOfWork, rejected: DossierRejected) -> None:
    """Set a dossier aside of which no page could be accepted; its images stay."""
    order = await uow.session.get_one(ScanOrder, rejected.dossier_id, with_for_update=True)
    if order.state != DossierState.REJECTED:
        order.state = advance(DossierState(order.state), DossierState.REJECTED)
        await forget(uow, rejected.dossier_id)
        uow.record("dossier.set_aside", rejected.dossier_id, explanation=rejected.explanation)
