"""Receipts: the receiver's answer for each package, with its reasons."""

import json
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import Field, StringConstraints

from services.handover.api.packages import visible_package
from services.handover.domain.reasons import reasons
from services.handover.errors import ReceiptUnknown
from services.handover.models import Receipt
from services.handover.operations import entering, receiving
from shared.auth.guard import guarded_router
from shared.edge import Calling, Reading, Uow
from shared.texts import preferred
from shared.wire import In, Listing, Note, Out, Term

router: APIRouter = guarded_router()
Signature = Annotated[str, StringConstraints(max_length=600_000)]


class ReasonIn(In):
    """One reason: its code, and in words what the code does not say."""

    code: Term
    note: Note = ""


class ReceiptIn(In):
    """The receiver's answer: which bytes were verified, and why they were rejected, if they were.

    `signature` is a compact JWS by the agreed key over the same answer in canonical JSON (docs/howto/receiving.md).
    """

    answer: Literal["accepted", "rejected"]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    reasons: Annotated[tuple[ReasonIn, ...], Field(max_length=1000)] = ()
    signature: Signature = ""


class CarriedReceiptIn(ReceiptIn):
    """A receipt out of a file (`saoluu verify --receipts`): it says for itself which package it is for."""

    objid: Term


class ReasonOut(Out):
    """A reason as the receiver gave it."""

    code: str
    note: str


class ReceiptOut(Out):
    """The receiver's answer as it was taken; `entered_by` is who entered it out of a file."""

    package_id: UUID
    answer: Literal["accepted", "rejected"]
    sha256: str
    reasons: list[ReasonOut]
    receiver: str
    entered_by: str
    received_at: datetime
    signature: str


class KnownReasonOut(Out):
    """A reason that a receiver may give: stable code, its words, and whether it needs a note."""

    code: str
    text: str
    needs_note: bool


@router.put("/packages/{package_id}/receipt")
async def put_receipt(package_id: UUID, body: ReceiptIn, uow: Uow) -> ReceiptOut:
    """Answer for a package: accepted, or rejected with reasons."""
    given = [each.model_dump() for each in body.reasons]
    said = receiving.Answer(body.answer, body.sha256, given, body.signature)
    return receipt_out(await receiving.put_receipt(uow, package_id, said))


@router.put("/deliveries/{delivery_id}/receipts/{package_id}")
async def enter_receipt(delivery_id: UUID, package_id: UUID, body: CarriedReceiptIn, uow: Uow) -> ReceiptOut:
    """Enter an answer that the receiver signed into a file; the same answer again is one receipt."""
    given = [each.model_dump() for each in body.reasons]
    said = receiving.Answer(body.answer, body.sha256, given, body.signature)
    return receipt_out(await entering.enter_receipt(uow, delivery_id, package_id, body.objid, said))


@router.get("/packages/{package_id}/receipt")
async def read_receipt(package_id: UUID, session: Reading, caller: Calling) -> ReceiptOut:
    """Show the answer that was taken for a package."""
    await visible_package(session, package_id, caller, is_for_content=False)
    receipt = await session.get(Receipt, package_id)
    if receipt is None:
        raise ReceiptUnknown
    return receipt_out(receipt)


@router.get("/reasons")
async def list_reasons(request: Request) -> Listing[KnownReasonOut]:
    """List the reasons, with their words in the language that is asked for."""
    language = preferred(request.headers.get("accept-language"))
    return Listing(
        items=[
            KnownReasonOut(code=each.code, text=each.words[language], needs_note=each.needs_note)
            for each in reasons().values()
        ]
    )


def receipt_out(row: Receipt) -> ReceiptOut:
    """Show a receipt; those from before there were codes gave their reasons in words."""
    kept = json.loads(row.reasons)
    given = [ReasonOut(**each) if isinstance(each, dict) else ReasonOut(code="other", note=each) for each in kept]
    return ReceiptOut(**row.model_dump(exclude={"reasons"}), reasons=given)
