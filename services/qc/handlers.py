"""What qc does when another service reports a fact."""

from collections.abc import Sequence

from services.qc.operations.hearing import (
    note_closing,
    note_descriptions,
    note_letting_go,
    note_master,
    note_withdrawal,
)
from shared.auth.disabled import heed_disabled_accounts
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.events.ingest import DossierScanned, MasterStored, RescanClosed
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("qc")
heed_disabled_accounts(subscriptions)


@subscriptions.on_many(DossierApproved)
async def remember_dossiers(events: Sequence[DossierApproved], uow: UnitOfWork) -> None:
    """Know dossiers by name when their pages come."""
    await note_descriptions(uow, events)


@subscriptions.on(DossierWithdrawn)
async def forgo_dossier(event: DossierWithdrawn, uow: UnitOfWork) -> None:
    """Nobody needs to conclude it."""
    await note_withdrawal(uow, event)


@subscriptions.on(MasterStored)
async def order_look(event: MasterStored, uow: UnitOfWork) -> None:
    """Have the page looked at."""
    await note_master(uow, event)


@subscriptions.on(DossierScanned)
async def remember_closing(event: DossierScanned, uow: UnitOfWork) -> None:
    """Know how many pages there must be."""
    await note_closing(uow, event)


@subscriptions.on(RescanClosed)
async def close_rescan(event: RescanClosed, uow: UnitOfWork) -> None:
    """Know that no page will come for a withdrawn order."""
    await note_letting_go(uow, event)
