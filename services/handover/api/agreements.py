"""Agreements with receivers: written down, their document attached, approved by another person, ended."""

from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, StringConstraints
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.handover.api.here import Here
from services.handover.domain.agreement import (
    LARGEST_DOCUMENT,
    LARGEST_PART,
    SMALLEST_PART,
    AgreementState,
    Medium,
    Profile,
)
from services.handover.domain.agreement_errors import AgreementUnknown, DocumentMissing
from services.handover.domain.visible import is_only_receiver
from services.handover.models import Agreement, AgreementDocument
from services.handover.operations import agreeing
from shared.auth.guard import SLOWEST_SECONDS, STREAMS, guarded_router
from shared.bodies import body_of
from shared.edge import Calling, Reading, Uow
from shared.errors import TooLarge
from shared.paging import Asked
from shared.uow import Caller
from shared.wire import Day, Flag, In, Line, Listing, Note, Out, Term

router: APIRouter = guarded_router()
PartSize = Annotated[int, Field(strict=True, ge=SMALLEST_PART, le=LARGEST_PART)]
Key = Annotated[str, StringConstraints(max_length=1000)]


class AgreementIn(In):
    """What was agreed: with whom, for which fonds (or work, or collection), in which form, how, and when.

    `part_size` is the most bytes that a part of a delivery holds; deliveries are made from `starts_on` (`agreed_on`
    where nothing is said) to `ends_on`; `receipt_key` is the receiver's public Ed25519 key in PEM: without it receipts
    need no signature.
    """

    receiver_id: UUID
    receiver_name: Line
    fonds_code: Line
    agreed_on: Day
    reference: Line
    note: Note = ""
    profile: Profile = Profile.TT05_2025
    with_masters: Flag = False
    medium: Medium = Medium.PULL
    part_size: PartSize = LARGEST_PART
    starts_on: Day | None = None
    ends_on: Day | None = None
    receipt_key: Key = ""


class EndingIn(In):
    """Why an agreement ends."""

    reason: Line


class AgreementOut(Out):
    """An agreement with a receiver; `document_sha256` is empty until its document is attached."""

    id: UUID
    receiver_id: UUID
    receiver_name: str
    fonds_code: str
    agreed_on: date
    reference: str
    note: str
    state: AgreementState
    profile: str
    with_masters: bool
    medium: Medium
    part_size: int
    starts_on: date | None
    ends_on: date | None
    receipt_key: str
    document_name: str
    document_size: int
    document_sha256: str
    approved_by: str
    approved_at: datetime | None
    ended_at: datetime | None
    reason: str


@router.post("/agreements", status_code=201)
async def create_agreement(body: AgreementIn, uow: Uow) -> AgreementOut:
    """Write down what was agreed with a receiver; it counts once another person has approved it."""
    told = body.model_dump()
    terms = agreeing.Terms(**{**told, "starts_on": body.starts_on or body.agreed_on})
    return AgreementOut.model_validate(await agreeing.draft(uow, terms))


@router.put("/agreements/{agreement_id}/document", openapi_extra=STREAMS)
async def attach_document(
    agreement_id: UUID, request: Request, here: Here, caller: Calling, name: Annotated[Term, Query()] = "agreement.pdf"
) -> AgreementOut:
    """Attach the document of a draft, whatever it is made of; one that was attached before is replaced."""
    content = bytearray()
    async for chunk in body_of(request, SLOWEST_SECONDS):
        content += chunk
        if len(content) > LARGEST_DOCUMENT:
            raise TooLarge(f"at most {LARGEST_DOCUMENT} bytes")
    async with here.database.writing(caller) as uow:  # not before all of it is here: a slow line must hold up nobody
        return AgreementOut.model_validate(await agreeing.attach(uow, agreement_id, name, bytes(content)))


@router.post("/agreements/{agreement_id}/approval")
async def approve_agreement(agreement_id: UUID, uow: Uow) -> AgreementOut:
    """Approve an agreement that another person wrote down."""
    return AgreementOut.model_validate(await agreeing.approve(uow, agreement_id))


@router.post("/agreements/{agreement_id}/ending")
async def end_agreement(agreement_id: UUID, body: EndingIn, uow: Uow) -> AgreementOut:
    """End an agreement; what is delivered already stays as it is."""
    return AgreementOut.model_validate(await agreeing.end(uow, agreement_id, body.reason))


@router.get("/agreements")
async def list_agreements(session: Reading, caller: Calling, portion: Asked) -> Listing[AgreementOut]:
    """List agreements, newest first; a receiver sees its own that are not drafts."""
    asked = select(Agreement)
    if is_only_receiver(caller):
        asked = asked.where(Agreement.receiver_id == caller.account_id, Agreement.state != AgreementState.DRAFT)
    rows, more = await portion.of(session, asked, Agreement.id, is_newest_first=True)
    return Listing(items=[AgreementOut.model_validate(row) for row in rows], next=more)


@router.get("/agreements/{agreement_id}")
async def read_agreement(agreement_id: UUID, session: Reading, caller: Calling) -> AgreementOut:
    """Show one agreement."""
    return AgreementOut.model_validate(await visible_agreement(session, agreement_id, caller))


@router.get("/agreements/{agreement_id}/document", response_class=Response)
async def read_document(agreement_id: UUID, session: Reading, caller: Calling) -> Response:
    """Give the document of an agreement, byte for byte as it was attached."""
    agreement = await visible_agreement(session, agreement_id, caller)
    document = await session.get(AgreementDocument, agreement_id)
    if document is None:
        raise DocumentMissing
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(agreement.document_name, safe='')}",
        "ETag": f'"{agreement.document_sha256}"',
        "Cache-Control": "private, no-transform",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(document.content, headers=headers, media_type="application/octet-stream")


async def visible_agreement(session: AsyncSession, agreement_id: UUID, caller: Caller) -> Agreement:
    """Give an agreement that the caller may see. Raises AgreementUnknown."""
    found = await session.get(Agreement, agreement_id)
    if found is None:
        raise AgreementUnknown
    is_hidden = found.receiver_id != caller.account_id or found.state == AgreementState.DRAFT
    if is_only_receiver(caller) and is_hidden:
        raise AgreementUnknown
    return found
