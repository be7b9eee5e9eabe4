"""What reporting does when any service reports a fact: keep it, and let it change the projections."""

from services.reporting.operations.projecting import keep, project
from shared.auth.disabled import heed_disabled_accounts
from shared.events.base import Event
from shared.events.listeners import LISTENERS
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("reporting")
heed_disabled_accounts(subscriptions)


async def hear(event: Event, uow: UnitOfWork) -> None:
    """Keep an event and project it."""
    keep(uow, event)
    await project(uow, event)


for heard, listeners in LISTENERS.items():
    if "reporting" in listeners and heard not in subscriptions.handlers:
        subscriptions.on(heard)(hear)
