"""What is decided on a list: appraised, approved or returned, with remarks and the paper behind it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlmodel import col, select

from services.catalog.api.list_shapes import AppraisalIn, ApprovalIn, DecisionChangeIn, ListOut, ReturnIn, one
from services.catalog.api.lists import given_list
from services.catalog.api.shapes import Here, ToldBeside
from services.catalog.api.versions import ExpectedTag
from services.catalog.domain.decision import LARGEST_DOCUMENT
from services.catalog.errors import ListDocumentMissing
from services.catalog.models.lists import ListDocument, ListRemark
from services.catalog.operations import attesting, deciding
from shared.auth.guard import STREAMS, guarded_router
from shared.bodies import all_of
from shared.edge import Calling, Reading, Tables, Uow
from shared.paging import Asked
from shared.plumbing import AuditColumns
from shared.wire import Listing, Out, Term

router: APIRouter = guarded_router()


class RemarkOut(Out):
    """What was remarked on a list, or on one dossier of it, in which round and at which stage, by whom and when."""

    id: UUID
    round: int
    stage: str
    dossier_id: UUID | None
    remark: str
    by: str
    at: datetime


class DecisionActOut(Out):
    """What was said of the paper that approved a list: `told` and what stood there `before`, empty at first."""

    id: UUID
    act: str
    at: datetime
    by: str
    reason: str
    told: dict[str, str]
    before: dict[str, str]


@dataclass(frozen=True, slots=True)
class Attaching:
    """What is told with a scanned paper: the list as it was seen, the file's name, why it takes another's place."""

    expected: ExpectedTag
    name: Annotated[ToldBeside, Query()] = "decision.pdf"
    reason: Annotated[ToldBeside, Query()] = ""


@router.post("/lists/{list_id}/appraisal")
async def appraise_list(
    list_id: UUID, body: AppraisalIn, uow: Uow, expected: ExpectedTag, response: Response
) -> ListOut:
    """Give an opinion on a submitted list of other persons, with remarks on its dossiers."""
    remarks = [(each.dossier_id, each.remark) for each in body.remarks]
    return await one(uow, await deciding.appraise_list(uow, list_id, body.opinion, remarks, expected), response)


@router.post("/lists/{list_id}/approval")
async def approve_list(
    list_id: UUID, uow: Uow, here: Here, expected: ExpectedTag, response: Response, body: ApprovalIn | None = None
) -> ListOut:
    """Approve a list of other persons: it gets its number, and its dossiers may be scanned."""
    decision = body.decision.decision() if body and body.decision else None
    is_required = here.is_appraisal_required
    approved = await deciding.approve_list(uow, list_id, decision, expected, is_appraisal_required=is_required)
    return await one(uow, approved, response)


@router.post("/lists/{list_id}/return")
async def return_list(list_id: UUID, body: ReturnIn, uow: Uow, expected: ExpectedTag, response: Response) -> ListOut:
    """Return a list to its makers, with the reason and remarks on its dossiers."""
    remarks = [(each.dossier_id, each.remark) for each in body.remarks]
    return await one(uow, await deciding.return_list(uow, list_id, body.reason, remarks, expected), response)


@router.get("/lists/{list_id}/remarks")
async def list_remarks(list_id: UUID, session: Reading, portion: Asked) -> Listing[RemarkOut]:
    """List everything that was ever remarked on a list and its dossiers, oldest first."""
    await given_list(session, list_id)
    rows, more = await portion.of(session, select(ListRemark).where(ListRemark.list_id == list_id), ListRemark.id)
    return Listing(items=[RemarkOut.model_validate(row) for row in rows], next=more)


@router.put("/lists/{list_id}/decision")
async def tell_decision(
    list_id: UUID, body: DecisionChangeIn, uow: Uow, expected: ExpectedTag, response: Response
) -> ListOut:
    """Say which paper approved a list, or correct it with the reason; what was said before stays in its history."""
    told = await attesting.tell_decision(uow, list_id, body.decision(), body.reason, expected)
    return await one(uow, told, response)


@router.get("/lists/{list_id}/decision/history")
async def list_decision_history(
    list_id: UUID, session: Reading, tables: Tables, portion: Asked
) -> Listing[DecisionActOut]:
    """List what was ever said of the paper that approved a list, newest first: by whom, when, why, what before."""
    await given_list(session, list_id)
    audit = tables.audit
    acts = select(audit).where(audit.subject_id == list_id, col(audit.act).in_([attesting.TOLD, attesting.ATTACHED]))
    rows, more = await portion.of(session, acts, audit.id, is_newest_first=True)
    return Listing(items=[decision_act(row) for row in rows], next=more)


@router.put("/lists/{list_id}/decision/document", openapi_extra=STREAMS)
async def attach_decision(
    list_id: UUID,
    request: Request,
    here: Here,
    caller: Calling,
    response: Response,
    told: Annotated[Attaching, Depends()],
) -> ListOut:
    """Attach the scanned paper that approved a list; another in its place needs a reason, and both are kept."""
    content = await all_of(request, here.slowest_seconds, LARGEST_DOCUMENT)
    async with here.database.writing(caller) as uow:  # not before all of it is here: a slow line must hold up nobody
        attached = await attesting.attach_document(uow, list_id, told.name, content, told.reason, told.expected)
        return await one(uow, attached, response)


@router.get("/lists/{list_id}/decision/document", response_class=Response)
async def read_decision(list_id: UUID, session: Reading, sha256: Term | None = None) -> Response:
    """Give the scanned paper that approved a list, byte for byte as it was attached, or an older one by its digest."""
    selection = await given_list(session, list_id)
    document = await session.get(ListDocument, (list_id, sha256 or selection.document_sha256))
    if document is None:
        raise ListDocumentMissing
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(selection.document_name, safe='')}",
        "ETag": f'"{document.sha256}"',
        "Cache-Control": "private, no-transform",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(document.content, headers=headers, media_type="application/octet-stream")


def decision_act(row: AuditColumns) -> DecisionActOut:
    """Show an act on the paper that approved a list."""
    facts = json.loads(row.facts)
    reason, before = facts.pop("reason", ""), facts.pop("before", None) or {}
    return DecisionActOut(
        id=row.id,
        act=row.act,
        at=row.at,
        by=row.actor,
        reason=reason,
        told=facts,
        before=before if isinstance(before, dict) else {"sha256": before},
    )
