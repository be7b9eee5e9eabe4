"""What reporting does when any service reports a fact: keep it, and let it change the projections."""

from collections.abc import Sequence

from services.reporting.operations.projecting import keep, note_plans, project
from shared.auth.disabled import heed_disabled_accounts
from shared.events.base import Event
from shared.events.catalog import DossierApproved
from shared.events.listeners import LISTENERS
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("reporting")
heed_disabled_accounts(subscriptions)


async def hear(event: Event, uow: UnitOfWork) -> None:
    """Keep an event and project it."""
    await keep(uow, [event])
    await project(uow, event)


@subscriptions.on_many(DossierApproved)
async def hear_plans(events: Sequence[DossierApproved], uow: UnitOfWork) -> None:
    """Keep approvals and expect their pages, all at once."""
    await keep(uow, events)
    await note_plans(uow, events)


for heard, listeners in LISTENERS.items():
    if "reporting" in listeners and heard not in subscriptions.handlers:
        subscriptions.on(heard)(hear)
