"""Say which paper approved a list, and keep its scanned file."""

from dataclasses import asdict
from hashlib import sha256
from uuid import UUID

from services.catalog.domain.decision import Decision
from services.catalog.domain.description import Wrong
from services.catalog.domain.state import ListState
from services.catalog.errors import ListDocumentEmpty, ListNotApproved
from services.catalog.models.lists import ListDocument, SelectionList
from services.catalog.operations.describing import wrong_fields
from services.catalog.operations.holding import demand_seen, held_list
from shared.uow import UnitOfWork

TOLD, ATTACHED = "list.decision_told", "list.document_attached"


async def tell_decision(
    uow: UnitOfWork, list_id: UUID, decision: Decision, reason: str, expected: str
) -> SelectionList:
    """Say which paper approved a list, or correct it with the reason; what was said before stays in its history.

    The same again changes nothing. Raises NotFound, ListOvertaken, ListNotApproved, FieldWrong.
    """
    selection = await approved_list(uow, list_id)
    if decision_on(selection) == decision:
        return selection
    demand_seen(selection, expected)
    put_decision(uow, selection, decision, reason)
    return selection


async def attach_document(
    uow: UnitOfWork, list_id: UUID, name: str, content: bytes, reason: str, expected: str
) -> SelectionList:
    """Attach the scanned paper, or another in its place with the reason; each is kept under its digest.

    The same again changes nothing. Raises NotFound, ListOvertaken, ListNotApproved, ListDocumentEmpty, FieldWrong.
    """
    selection = await approved_list(uow, list_id)
    if not content:
        raise ListDocumentEmpty
    digest, before = sha256(content).hexdigest(), selection.document_sha256
    if (selection.document_name, before) == (name, digest):
        return selection
    demand_seen(selection, expected)
    demand_reason(reason, is_correcting=before not in ("", digest))
    await uow.session.merge(ListDocument(list_id=list_id, sha256=digest, content=content))
    selection.document_name, selection.document_size, selection.document_sha256 = name, len(content), digest
    uow.record(ATTACHED, list_id, name=name, sha256=digest, before=before, reason=reason)
    return selection


async def approved_list(uow: UnitOfWork, list_id: UUID) -> SelectionList:
    """Give a list that is approved and not replaced, held. Raises NotFound, ListNotApproved."""
    selection = await held_list(uow, list_id)
    if selection.state != ListState.APPROVED:
        raise ListNotApproved(selection.state)
    return selection


def demand_reason(reason: str, *, is_correcting: bool) -> None:
    """Raise FieldWrong when something is corrected and nobody says why."""
    if is_correcting and not reason:
        raise wrong_fields([Wrong("reason", "missing")])


def decision_on(selection: SelectionList) -> Decision | None:
    """Give the decision that stands on a list, None as long as none was told."""
    if selection.decision_signed_on is None:
        return None
    return Decision(selection.decision_number, selection.decision_signed_on, selection.decision_signer)


def put_decision(uow: UnitOfWork, selection: SelectionList, decision: Decision, reason: str = "") -> None:
    """Write a decision on a list; the same again changes nothing. Raises FieldWrong."""
    before = decision_on(selection)
    if before == decision:
        return
    demand_reason(reason, is_correcting=before is not None)
    selection.decision_number, selection.decision_signed_on = decision.number, decision.signed_on
    selection.decision_signer = decision.signer
    uow.record(TOLD, selection.id, **asdict(decision), before=before and asdict(before), reason=reason)
