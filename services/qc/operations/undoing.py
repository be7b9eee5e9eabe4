"""Take a verdict back: a new record beside the old one, and the page waits again as it did before."""

from dataclasses import dataclass
from uuid import UUID

from services.qc.domain.holds import HOLD
from services.qc.domain.inspection import Verdict
from services.qc.errors import RescanFulfilled, VerdictSuperseded
from services.qc.models import GivenVerdict, InspectedPage, RescanOrder
from services.qc.operations.desk import Desk
from shared.errors import NotFound
from shared.events.qc import RescanWithdrawn
from shared.ids import DossierId, PageId, RescanOrderId
from shared.uow import UnitOfWork

UNDONE = "undone"  # what the record of an undoing says in the place of a verdict


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That an earlier verdict is taken back, under a key of the client's choice."""

    key: UUID
    undoes: UUID

    @property
    def content(self) -> tuple[str, ...]:
        """Give what is said, without the key."""
        return (str(self.undoes),)

    def is_told_by(self, row: GivenVerdict) -> bool:
        """Say whether a row tells the same."""
        return row.undoes == self.undoes


def take_back(uow: UnitOfWork, desk: Desk, act: TakenBack) -> GivenVerdict:
    """Undo the verdict that stands for a page; the page is back on the caller's desk.

    Raises NotFound, DossierConcluded, RescanFulfilled, VerdictSuperseded.
    """
    given = desk.given.get(act.undoes)
    if given is None:
        raise NotFound("no verdict has this key")
    page = desk.page(given.page_id)
    order = desk.orders.get(given.id)
    if order is not None and order.fulfilled_version is not None:
        raise RescanFulfilled(version=order.fulfilled_version)
    if page.verdict_id != given.id:
        raise VerdictSuperseded
    if given.verdict == Verdict.RESCAN and order is not None:
        withdraw(uow, desk, page, order)
    page.verdict, page.reason, page.note, page.verdict_id = None, "", "", None
    page.held_by, page.held_until = desk.account, desk.moment + HOLD
    uow.record("verdict.undone", page.page_id, version=page.version, verdict=given.verdict, undoes=given.id)
    return GivenVerdict(
        id=act.key,
        page_id=page.page_id,
        dossier_id=page.dossier_id,
        lot_id=page.lot_id,
        version=page.version,
        sha256=page.sha256,
        verdict=UNDONE,
        undoes=given.id,
        account_id=desk.account,
        inspector=uow.caller.name,
    )


def withdraw(uow: UnitOfWork, desk: Desk, page: InspectedPage, order: RescanOrder) -> None:
    """Tell the station side that no new image is wanted; the order is open until ingest has let go of it."""
    order.withdrawn_at = desk.moment
    uow.publish(
        RescanWithdrawn(
            rescan_order_id=RescanOrderId(order.id),
            page_id=PageId(page.page_id),
            dossier_id=DossierId(page.dossier_id),
            page_number=page.number,
            page_version=order.page_version,
        )
    )
