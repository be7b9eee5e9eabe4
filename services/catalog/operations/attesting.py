"""Say which paper approved a list, and keep its scanned file."""

from dataclasses import asdict
from hashlib import sha256
from uuid import UUID

from services.catalog.domain.decision import Decision
from services.catalog.domain.state import DECIDED
from services.catalog.errors import ListDocumentEmpty, ListNotApproved
from services.catalog.models import ListDocument, SelectionList
from services.catalog.operations.holding import held_list
from shared.uow import UnitOfWork


async def tell_decision(uow: UnitOfWork, list_id: UUID, decision: Decision) -> SelectionList:
    """Say or correct which paper approved a list; what was said before stays in the audit.

    Raises NotFound, ListNotApproved.
    """
    selection = await decided_list(uow, list_id)
    put_decision(uow, selection, decision)
    return selection


async def attach_document(uow: UnitOfWork, list_id: UUID, name: str, content: bytes) -> SelectionList:
    """Attach the scanned paper; one that was attached before is kept under its digest.

    Raises NotFound, ListNotApproved, ListDocumentEmpty.
    """
    selection = await decided_list(uow, list_id)
    if not content:
        raise ListDocumentEmpty
    digest, before = sha256(content).hexdigest(), selection.document_sha256
    await uow.session.merge(ListDocument(list_id=list_id, sha256=digest, content=content))
    selection.document_name, selection.document_size, selection.document_sha256 = name, len(content), digest
    uow.record("list.document_attached", list_id, name=name, sha256=digest, before=before)
    return selection


async def decided_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Give a list that was approved, held. Raises NotFound, ListNotApproved."""
    selection = await held_list(uow, list_id)
    if selection.state not in DECIDED:
        raise ListNotApproved(selection.state)
    return selection


def put_decision(uow: UnitOfWork, selection: SelectionList, decision: Decision) -> None:
    """Write a decision on a list; the same again changes nothing."""
    if selection.decision_signed_on is None:
        before = None
    else:
        before = Decision(selection.decision_number, selection.decision_signed_on, selection.decision_signer)
    if before == decision:
        return
    selection.decision_number, selection.decision_signed_on = decision.number, decision.signed_on
    selection.decision_signer = decision.signer
    uow.record("list.decision_told", selection.id, **asdict(decision), before=before and asdict(before))
