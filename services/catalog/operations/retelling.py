"""Tell again what lists have approved and withdrawn, from their entries: for services that may have missed it."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from services.catalog.domain.state import DECIDED
from services.catalog.models.lists import ListEntry, SelectionList
from services.catalog.operations.entering import approval_of, entries_of
from services.catalog.operations.freezing import listed_dossiers
from services.catalog.operations.telling import withdrawal
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.uow import UnitOfWork


async def retold(uow: UnitOfWork) -> tuple[list[DossierApproved], list[DossierWithdrawn]]:
    """Give the newest approval of every dossier that was ever approved, and the newest withdrawal where there is one.

    Of an edition that says the same as the one before, the older approval stands.
    """
    approvals: dict[UUID, DossierApproved] = {}
    withdrawals: dict[UUID, DossierWithdrawn] = {}
    asked = select(SelectionList).where(col(SelectionList.state).in_(DECIDED)).order_by(col(SelectionList.id))
    entered: dict[UUID, dict[UUID, ListEntry]] = {}
    for selection in (await uow.session.exec(asked)).all():
        entries = entered[selection.id] = await entries_of(uow.session, selection.id)
        for approval in await approvals_of(uow, selection, entries):
            known = approvals.get(approval.dossier_id)
            if known is None or known.version < approval.version:
                approvals[approval.dossier_id] = approval
        before = entered.pop(selection.replaces_id, {}) if selection.replaces_id else {}
        for dossier_id in before.keys() - entries.keys():
            withdrawals[dossier_id] = withdrawal(before[dossier_id], selection)
    return list(approvals.values()), list(withdrawals.values())


async def approvals_of(
    uow: UnitOfWork, selection: SelectionList, entries: dict[UUID, ListEntry]
) -> Sequence[DossierApproved]:
    """Give what a list approved; one from before lists had entries says it by its dossiers."""
    if selection.number is None:
        return [each.approval for each in await listed_dossiers(uow, selection)]
    return [approval_of(entry, selection.sha256 or "") for entry in entries.values()]
