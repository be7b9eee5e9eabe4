"""What ingest does when another service reports a fact."""

from collections.abc import Sequence

from services.ingest.operations.accepting import accept
from services.ingest.operations.approving import open_scan_orders, withdraw_scan_order
from services.ingest.operations.ordering import open_rescan_order, set_aside, withdraw_rescan_order
from services.ingest.operations.remembering import remember_check, remember_verdict
from services.ingest.operations.rounds import scrub_suspected
from shared.auth.disabled import heed_disabled_accounts
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.events.handover import PackageDamaged
from shared.events.qc import (
    DossierAccepted,
    DossierRejected,
    PageChecked,
    RescanOrdered,
    RescanWithdrawn,
    VerdictGiven,
    VerdictUndone,
)
from shared.inbox import Subscriptions
from shared.uow import UnitOfWork

subscriptions = Subscriptions("ingest")
heed_disabled_accounts(subscriptions)


@subscriptions.on_many(DossierApproved)
async def order_scans(events: Sequence[DossierApproved], uow: UnitOfWork) -> None:
    """Let the stations scan them."""
    await open_scan_orders(uow, events)


@subscriptions.on(DossierWithdrawn)
async def stop_scan(event: DossierWithdrawn, uow: UnitOfWork) -> None:
    """Take no more of it."""
    await withdraw_scan_order(uow, event)


@subscriptions.on(RescanOrdered)
async def order_rescan(event: RescanOrdered, uow: UnitOfWork) -> None:
    """Let the station send the page once more."""
    await open_rescan_order(uow, event)


@subscriptions.on(RescanWithdrawn)
async def withdraw_rescan(event: RescanWithdrawn, uow: UnitOfWork) -> None:
    """Take no page for it any more."""
    await withdraw_rescan_order(uow, event)


@subscriptions.on(PageChecked)
async def note_check(event: PageChecked, uow: UnitOfWork) -> None:
    """Tell it in the package of the masters."""
    await remember_check(uow, event)


@subscriptions.on(VerdictGiven)
async def note_verdict(event: VerdictGiven, uow: UnitOfWork) -> None:
    """Tell it in the package of the masters."""
    await remember_verdict(uow, event)


@subscriptions.on(VerdictUndone)
async def note_undoing(event: VerdictUndone, uow: UnitOfWork) -> None:
    """Tell that too: what was said was said."""
    await remember_verdict(uow, event)


@subscriptions.on(DossierAccepted)
async def begin_sealing(event: DossierAccepted, uow: UnitOfWork) -> None:
    """Freeze what is to be sealed and order the sealing."""
    await accept(uow, event)


@subscriptions.on(DossierRejected)
async def lay_aside(event: DossierRejected, uow: UnitOfWork) -> None:
    """Nothing of it can be kept as a copy."""
    await set_aside(uow, event)


@subscriptions.on(PackageDamaged)
async def check_copies(event: PackageDamaged, uow: UnitOfWork) -> None:
    """Have its dossier's copies read at once: mended where one is good, quarantined where none is."""
    await scrub_suspected(uow, event.dossier_id)
