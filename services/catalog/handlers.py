"""What the catalog does when another service reports a fact."""

from services.catalog.operations.access import remember_account
from shared.auth.disabled import heed_disabled_accounts
from shared.events.identity import AccountGranted
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("catalog")
heed_disabled_accounts(subscriptions)


@subscriptions.on(AccountGranted)
async def know_account(event: AccountGranted, uow: UnitOfWork) -> None:
    """Know who may act for an agency."""
    await remember_account(uow, event)
