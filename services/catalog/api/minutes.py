"""Transfers taken in by minutes, whose scan is attached and kept byte for byte."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.catalog.api.shapes import Here, ToldBeside
from services.catalog.api.transfer_shapes import MinutesIn, TransferOut
from services.catalog.api.transfers import one
from services.catalog.api.versions import Expected, expected_version
from services.catalog.domain.secret_mark import demand_unmarked
from services.catalog.domain.transfer import LARGEST_MINUTES
from services.catalog.domain.transfer_errors import MinutesDocumentMissing
from services.catalog.models.transfers import MinutesDocument, TransferMinutes
from services.catalog.operations import taking_in
from services.catalog.operations.transferring import visible_transfer
from shared.auth.guard import STREAMS, guarded_router
from shared.bodies import body_of
from shared.edge import Calling, Reading, Uow, caller_of
from shared.errors import TooLarge

router: APIRouter = guarded_router()


@router.post("/transfers/{transfer_id}/receipt")
async def receive_transfer(
    transfer_id: UUID, body: MinutesIn, uow: Uow, here: Here, expected: Expected, response: Response
) -> TransferOut:
    """Take a transfer in by minutes; what was received otherwise than registered is told."""
    demand_unmarked(secrets_allowed=here.secrets_allowed, explanation=body.explanation)
    return await one(uow, await taking_in.receive_transfer(uow, transfer_id, body.minutes(), expected), response)


@router.put("/transfers/{transfer_id}/minutes", openapi_extra=STREAMS)
async def attach_minutes(
    transfer_id: UUID,
    request: Request,
    here: Here,
    response: Response,
    name: Annotated[ToldBeside, Query()] = "minutes.pdf",
) -> TransferOut:
    """Attach the scanned minutes, whatever file they are; a scan that was attached before is replaced."""
    expected = expected_version(request)  # asked here, so that a wrong name is told first, as everywhere
    content = bytearray()
    async for chunk in body_of(request, here.slowest_seconds):
        content += chunk
        if len(content) > LARGEST_MINUTES:
            raise TooLarge(f"at most {LARGEST_MINUTES} bytes")
    async with here.database.writing(
        caller_of(request)
    ) as uow:  # not before all of it is here: a slow line must hold up nobody
        row = await taking_in.attach_minutes(uow, transfer_id, name, bytes(content), expected)
        return await one(uow, row, response)


@router.get("/transfers/{transfer_id}/minutes", response_class=Response)
async def read_minutes(transfer_id: UUID, session: Reading, caller: Calling) -> Response:
    """Give the scanned minutes, byte for byte as they were attached."""
    await visible_transfer(session, transfer_id, caller)
    minutes = await session.get(TransferMinutes, transfer_id)
    document = await session.get(MinutesDocument, transfer_id)
    if minutes is None or document is None:
        raise MinutesDocumentMissing
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(minutes.document_name, safe='')}",
        "ETag": f'"{minutes.document_sha256}"',
        "Cache-Control": "private, no-transform",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(document.content, headers=headers, media_type="application/octet-stream")


@router.post("/transfers/{transfer_id}/conclusion")
async def conclude_transfer(transfer_id: UUID, uow: Uow, expected: Expected, response: Response) -> TransferOut:
    """Fix a transfer with its scanned minutes."""
    return await one(uow, await taking_in.conclude_transfer(uow, transfer_id, expected), response)
