"""What handover does when another service reports a fact."""

from services.handover.models import Receiver
from services.handover.operations.knowing import know, know_newer
from services.handover.operations.quarantining import heed
from services.handover.operations.unlisting import heed_approval, heed_withdrawal
from shared.auth.disabled import heed_disabled_accounts
from shared.auth.roles import Role
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.events.identity import AccountGranted
from shared.events.ingest import DossierPreserved, DossierRevised, PackageQuarantined, PackageRestored
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("handover")
heed_disabled_accounts(subscriptions)


@subscriptions.on(DossierPreserved)
async def remember_dossier(event: DossierPreserved, uow: UnitOfWork) -> None:
    """Know a dossier that can be delivered."""
    await know(uow, event)


@subscriptions.on(DossierRevised)
async def remember_revision(event: DossierRevised, uow: UnitOfWork) -> None:
    """Let the next delivery take its newest AIP."""
    await know_newer(uow, event)


@subscriptions.on(DossierWithdrawn)
async def stop_handing_over(event: DossierWithdrawn, uow: UnitOfWork) -> None:
    """Hand nothing of it over any more."""
    await heed_withdrawal(uow, event)


@subscriptions.on(DossierApproved)
async def hand_over_again(event: DossierApproved, uow: UnitOfWork) -> None:
    """Lift an older withdrawal."""
    await heed_approval(uow, event)


@subscriptions.on(PackageQuarantined)
async def keep_back(event: PackageQuarantined, uow: UnitOfWork) -> None:
    """Serve nothing of its dossier."""
    await heed(uow, event.dossier_id, event.objid, event.occurred_at, is_quarantined=True)


@subscriptions.on(PackageRestored)
async def let_go(event: PackageRestored, uow: UnitOfWork) -> None:
    """Serve it again."""
    await heed(uow, event.dossier_id, event.objid, event.occurred_at, is_quarantined=False)


@subscriptions.on(AccountGranted)
async def remember_receiver(event: AccountGranted, uow: UnitOfWork) -> None:
    """Know who may receive packages; the latest word on an account counts, however the words arrive."""
    known = await uow.session.get(Receiver, event.account_id)
    if known is None or known.heard_at < event.occurred_at:
        told = Receiver(
            account_id=event.account_id,
            name=event.account_name,
            may_receive=Role.RECEIVER in event.roles,
            heard_at=event.occurred_at,
        )
        await uow.session.merge(told)
