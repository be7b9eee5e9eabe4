"""Open scan orders for what was approved, keep up with newer approvals, and stop what was withdrawn.

Approvals and withdrawals of a dossier come in any order and more than once: the newest version counts, and of an
approval and a withdrawal of the same version the withdrawal.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, select

from services.ingest.domain.documents import DocumentPages, renamed
from services.ingest.domain.revision import itemised, says_the_same
from services.ingest.domain.state import STOPPABLE, DossierState, advance
from services.ingest.models import ScanOrder
from services.ingest.operations.accepting import accept
from services.ingest.operations.revision_orders import order_revision
from shared.eark.names import path_name
from shared.events.catalog import DossierApproved, DossierWithdrawn
from shared.events.qc import DossierAccepted
from shared.uow import UnitOfWork


async def open_scan_orders(uow: UnitOfWork, approvals: Sequence[DossierApproved]) -> None:
    """Let dossiers be scanned; a newer approval renews a description as long as nothing is frozen for sealing.

    After that it makes a revision, unless the package says the same already.
    """
    ids = {approved.dossier_id for approved in approvals}
    asked = select(ScanOrder).where(col(ScanOrder.dossier_id).in_(ids)).order_by(col(ScanOrder.dossier_id))
    known = {order.dossier_id: order for order in await uow.session.exec(asked.with_for_update())}
    first: dict[UUID, DossierApproved] = {}
    for approved in approvals:
        if approved.dossier_id not in known:
            first.setdefault(approved.dossier_id, approved)
    await open_new(uow, first)
    for approved in approvals:
        if first.get(approved.dossier_id) is not approved:
            await renew(uow, await uow.session.get_one(ScanOrder, approved.dossier_id), approved)


async def open_new(uow: UnitOfWork, approvals: Mapping[UUID, DossierApproved]) -> None:
    """Open the orders of dossiers that nothing was heard of yet, all at once."""
    if approvals:
        rows = [
            {"dossier_id": dossier_id, "documents": documents_told(approved), **description_told(approved)}
            for dossier_id, approved in approvals.items()
        ]
        await uow.session.exec(insert(ScanOrder), params=rows)
        facts = {dossier_id: {"list_id": approved.list_id} for dossier_id, approved in approvals.items()}
        await uow.record_all("scan_order.opened", facts)


async def renew(uow: UnitOfWork, order: ScanOrder, approved: DossierApproved) -> None:
    """Take a newer approval of a dossier that is known."""
    if approved.version <= order.approved_version:
        return
    if order.state in STOPPABLE or order.state == DossierState.WITHDRAWN:
        describe(order, approved)
        uow.record("scan_order.renewed", approved.dossier_id, list_id=approved.list_id, version=approved.version)
    elif order.later_version is None and says_the_same(DossierApproved.model_validate_json(order.approval), approved):
        order.version, order.approval = approved.version, approved.model_dump_json()
    else:
        await order_revision(uow, order, approved)
    if order.state == DossierState.WITHDRAWN and not order.is_withdrawn:
        await go_on(uow, order)


def blank(dossier_id: UUID) -> ScanOrder:
    """Make the order of a dossier that nothing was heard of yet."""
    return ScanOrder(
        dossier_id=dossier_id, version=0, fonds_id=UUID(int=0), fonds_code="", file_code="", folder_name="", title="",
        expected_count=0, approval="",
    )  # fmt: skip


def describe(order: ScanOrder, approved: DossierApproved) -> None:
    """Write a newer description on an order; documents whose pages closing has settled keep those."""
    if DossierState.CLOSED in (order.state, order.withdrawn_from):
        documents = settled_documents(order, approved)
    else:
        documents = documents_told(approved)
    write_description(order, approved, documents)


def write_description(order: ScanOrder, approved: DossierApproved, documents: str) -> None:
    """Write an approval on an order, with its documents as they are."""
    order.documents = documents
    for name, value in description_told(approved).items():
        setattr(order, name, value)


def documents_told(approved: DossierApproved) -> str:
    """Give the documents of an approval as an order keeps them."""
    return json.dumps([document.model_dump() for document in approved.documents])


def description_told(approved: DossierApproved) -> dict[str, Any]:
    """Give the columns of an order that an approval fills, but for the documents."""
    return {
        "version": approved.version,
        "approval": approved.model_dump_json(),
        "fonds_id": approved.fonds.id,
        "fonds_code": approved.fonds.code,
        "file_code": approved.description.file_code,
        "folder_name": path_name(approved.description.file_code),
        "title": approved.description.title,
        "expected_count": approved.description.page_count,
    }


def settled_documents(order: ScanOrder, approved: DossierApproved) -> str:
    """Give the documents of a closed dossier by the titles that they are approved under now."""
    settled = [DocumentPages(**each) for each in json.loads(order.documents)]
    before, after = itemised(DossierApproved.model_validate_json(order.approval)), itemised(approved)
    found = renamed(settled, [each.title for each in before], [each.title for each in after])
    return json.dumps([asdict(each) for each in found], ensure_ascii=False)


async def withdraw_scan_order(uow: UnitOfWork, withdrawn: DossierWithdrawn) -> None:
    """Take no more of a dossier that no list holds; its images stay. What is accepted or sealed goes on, and says so.

    Heard before the approval that it withdraws, it leaves a withdrawn order behind for that to find.
    """
    order = await uow.session.get(ScanOrder, withdrawn.dossier_id, with_for_update=True)
    if order is None:
        order = blank(withdrawn.dossier_id)
        uow.session.add(order)
    if order.withdrawn_version >= withdrawn.version:
        return
    order.withdrawn_version, order.withdrawn_at = withdrawn.version, withdrawn.occurred_at
    order.withdrawal_reason = withdrawn.reason
    if not order.is_withdrawn:
        return
    if order.state in STOPPABLE:
        order.withdrawn_from = order.state
        order.state = advance(DossierState(order.state), DossierState.WITHDRAWN)
    uow.record("scan_order.withdrawn", order.dossier_id, reason=withdrawn.reason, state=order.state)


async def go_on(uow: UnitOfWork, order: ScanOrder) -> None:
    """Let a withdrawn dossier that was approved anew go on where it was stopped."""
    order.state = advance(DossierState.WITHDRAWN, DossierState(order.withdrawn_from or DossierState.OPEN))
    order.withdrawn_from = None
    uow.record("scan_order.opened_again", order.dossier_id, version=order.version, state=order.state)
    if order.acceptance:
        accepted, order.acceptance = DossierAccepted.model_validate_json(order.acceptance), ""
        await accept(uow, accepted)
