"""What the catalog does when another service reports a fact."""

from services.catalog.operations.access import remember_account
from services.catalog.operations.yearly import remember_copy
from shared.auth.disabled import heed_disabled_accounts
from shared.events.identity import AccountGranted
from shared.events.ingest import DossierPreserved
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("catalog")
heed_disabled_accounts(subscriptions)


@subscriptions.on(AccountGranted)
async def know_account(event: AccountGranted, uow: UnitOfWork) -> None:
    """Know who may act for an agency."""
    await remember_account(uow, event)


@subscriptions.on(DossierPreserved)
async def know_copy(event: DossierPreserved, uow: UnitOfWork) -> None:
    """Know that a dossier has its reserve copy."""
    await remember_copy(uow, event)
