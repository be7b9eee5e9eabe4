"""What handover does when another service reports a fact."""

from services.handover.models import PreservedDossier
from shared.auth.disabled import heed_disabled_accounts
from shared.events.ingest import DossierPreserved
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("handover")
heed_disabled_accounts(subscriptions)


@subscriptions.on(DossierPreserved)
async def remember_dossier(event: DossierPreserved, uow: UnitOfWork) -> None:
    """Know a dossier that can be delivered."""
    if await uow.session.get(PreservedDossier, event.dossier_id) is None:
        facts = event.model_dump(include=set(PreservedDossier.model_fields))
        uow.session.add(PreservedDossier(**facts, preserved_at=event.occurred_at))
