"""Everything that a queue of verdicts touches, read once and locked in one order: dossiers, then pages."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from services.qc.domain.holds import is_held_by, is_held_by_another
from services.qc.errors import DossierConcluded, PageHeld
from services.qc.models import GivenVerdict, InspectedDossier, InspectedPage, RefusedVerdict, RescanOrder, ScopeLock
from services.qc.operations.locking import account_of, locked_by, locks_of_others
from services.qc.operations.scopes import CONCLUDED
from shared.clock import now
from shared.errors import NotFound
from shared.uow import UnitOfWork


@dataclass
class Desk:
    """Rows by their ids; `given` and `refused` also hold what became of this very queue so far."""

    account: UUID
    moment: datetime
    pages: dict[UUID, InspectedPage]
    dossiers: dict[UUID, InspectedDossier]
    given: dict[UUID, GivenVerdict]
    locks: dict[UUID, ScopeLock]
    orders: dict[UUID, RescanOrder] = field(default_factory=dict)
    refused: dict[UUID, RefusedVerdict] = field(default_factory=dict)

    def page(self, page_id: UUID) -> InspectedPage:
        """Give a page of a dossier that is not concluded. Raises NotFound, DossierConcluded."""
        page = self.pages.get(page_id)
        dossier = self.dossiers.get(page.dossier_id) if page else None
        if page is None or dossier is None:
            raise NotFound("no page has this id")
        if dossier.state in CONCLUDED:
            raise DossierConcluded(f"{dossier.state} by {dossier.concluded_by}")
        return page

    def demand_free(self, page: InspectedPage) -> None:
        """Raise PageHeld or ScopeLocked if the page is another inspector's now.

        A hold of one's own weighs more than a lock that came after it; one that ran out is no obstacle by itself.
        """
        if is_held_by_another(page.held_by, page.held_until, self.account, self.moment):
            raise PageHeld(until=page.held_until.isoformat() if page.held_until else None)
        if is_held_by(page.held_by, page.held_until, self.account, self.moment):
            return
        for scope in (page.dossier_id, page.lot_id):
            if scope in self.locks:
                raise locked_by(self.locks[scope])


async def lay_out(uow: UnitOfWork, keys: Collection[UUID], pages: Collection[UUID], undone: Collection[UUID]) -> Desk:
    """Read and lock what verdicts under these keys, of these pages, undoing those others, will touch."""
    session, account, moment = uow.session, account_of(uow.caller), now()
    known = select(GivenVerdict.page_id).where(col(GivenVerdict.id).in_(undone))
    wanted = {*pages, *await session.exec(known)}
    of_pages = select(InspectedPage.dossier_id).where(col(InspectedPage.page_id).in_(wanted)).distinct()
    dossier_ids = (await session.exec(of_pages)).all()
    dossiers = await session.exec(
        select(InspectedDossier)
        .where(col(InspectedDossier.dossier_id).in_(dossier_ids))
        .order_by(col(InspectedDossier.dossier_id))
        .with_for_update()
    )
    by_id = {dossier.dossier_id: dossier for dossier in dossiers}
    locked = await session.exec(
        select(InspectedPage)
        .where(col(InspectedPage.page_id).in_(wanted))
        .order_by(col(InspectedPage.page_id))
        .with_for_update()
    )
    rows = {page.page_id: page for page in locked}
    given = await session.exec(select(GivenVerdict).where(col(GivenVerdict.id).in_({*keys, *undone})))
    refused = await session.exec(select(RefusedVerdict).where(col(RefusedVerdict.key).in_(keys)))
    orders = await session.exec(select(RescanOrder).where(col(RescanOrder.verdict_id).in_(undone)))
    scopes = {scope for page in rows.values() for scope in (page.dossier_id, page.lot_id) if scope is not None}
    return Desk(
        account=account,
        moment=moment,
        pages=rows,
        dossiers=by_id,
        given={row.id: row for row in given},
        locks={lock.scope_id: lock for lock in await locks_of_others(session, scopes, account, moment)},
        orders={order.verdict_id: order for order in orders if order.verdict_id is not None},
        refused={row.key: row for row in refused},
    )
